import { isMap, isScalar } from 'yaml';
import { findPreset, PRESET_NAMES } from '../../engine/presets.ts';
import {
  LANGUAGES,
  type Check,
  type ClaimCell,
  type ClaimColumn,
  type ClaimRow,
  type ClaimTable,
  type Localized,
  type Sentence,
  type Step,
} from './claim-table.ts';
import type { ClaimFault } from './judge.ts';
import { readAssertion } from './read-assertion.ts';
import { YamlReader, type Fields } from './yaml-fields.ts';

type ReadTable =
  | { readonly ok: true; readonly table: ClaimTable }
  | { readonly ok: false; readonly faults: readonly ClaimFault[] };

/** Reads a table. Every fault of its form is found; whether it is true is judged by its checks. */
export function readClaimTable(id: string, text: string): ReadTable {
  const reader = new YamlReader(text);
  if (reader.faults.length > 0) return { ok: false, faults: reader.faults };
  const root = reader.fields(reader.root, 'The table');
  if (!root) return { ok: false, faults: reader.faults };
  const title = readLocalized(reader, root, 'title', 'The table');
  const columns = readColumns(reader, root);
  const rows = reader
    .items(root.take('rows'), '"rows"', root.node)
    .flatMap((node) => readRow(reader, node, columns) ?? []);
  root.end();
  tellTwins(reader, root, 'column', columns);
  tellTwins(reader, root, 'row', rows);
  if (reader.faults.length > 0) return { ok: false, faults: reader.faults };
  return { ok: true, table: { id, title, columns, rows } };
}

function readLocalized(reader: YamlReader, of: Fields, key: string, name: string): Localized {
  const fields = reader.fields(of.take(key), `"${key}" of ${name}`, of.node);
  const text = { ko: fields?.text('ko') ?? '', en: fields?.text('en') ?? '' };
  fields?.end();
  return text;
}

function readId(reader: YamlReader, fields: Fields, name: string): string {
  const id = fields.text('id');
  if (id === '' || /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) return id;
  reader.fault(fields.node, `The id "${id}" of ${name} is not in kebab-case.`, 'Rename it.');
  return id;
}

function readColumns(reader: YamlReader, root: Fields): readonly ClaimColumn[] {
  return reader.items(root.take('columns'), '"columns"', root.node).flatMap((node) => {
    const fields = reader.fields(node, 'A column');
    if (!fields) return [];
    const id = readId(reader, fields, 'a column');
    const title = readLocalized(reader, fields, 'title', `the column "${id}"`);
    fields.end();
    return [{ id, title }];
  });
}

function tellTwins(
  reader: YamlReader,
  root: Fields,
  kind: string,
  all: readonly ClaimColumn[],
): void {
  const twin = all.find(({ id }, i) => all.findIndex((other) => other.id === id) < i);
  if (!twin) return;
  reader.fault(root.node, `The ${kind} "${twin.id}" is there twice.`, 'Rename one of them.');
}

function readRow(
  reader: YamlReader,
  node: unknown,
  columns: readonly ClaimColumn[],
): ClaimRow | undefined {
  const fields = reader.fields(node, 'A row');
  if (!fields) return undefined;
  const id = readId(reader, fields, 'a row');
  const title = readLocalized(reader, fields, 'title', `the row "${id}"`);
  const cellsOf = reader.fields(fields.take('cells'), `"cells" of the row "${id}"`, fields.node);
  fields.end();
  const cells = columns.flatMap((column) => {
    const cell = cellsOf?.take(column.id);
    if (cell) return readCell(reader, cell, `${id}.${column.id}`, column.id) ?? [];
    const what = `The row "${id}" has no cell "${column.id}".`;
    reader.fault(fields.node, what, 'Write what holds there, and its check.');
    return [];
  });
  cellsOf?.end();
  return { id, title, cells };
}

function readCell(
  reader: YamlReader,
  node: unknown,
  id: string,
  column: string,
): ClaimCell | undefined {
  const fields = reader.fields(node, `The cell ${id}`);
  if (!fields) return undefined;
  const check: Check = {
    preset: readPreset(reader, fields),
    files: readFiles(reader, fields, id),
    steps: readSteps(reader, fields, id),
  };
  const says = reader
    .items(fields.take('says'), `"says" of the cell ${id}`, fields.node)
    .flatMap((sentence) => readSentence(reader, sentence, check.steps, id) ?? []);
  fields.end();
  return { id, column, check, says, line: fields.line };
}

function readPreset(reader: YamlReader, fields: Fields): string {
  const preset = fields.text('preset');
  if (preset !== '' && !findPreset(preset)) {
    const what = `There is no preset "${preset}".`;
    reader.fault(fields.take('preset'), what, `Use one of ${PRESET_NAMES.join(', ')}.`);
  }
  return preset;
}

function readFiles(reader: YamlReader, fields: Fields, id: string): Record<string, string> {
  const node = fields.take('files');
  if (node === undefined) return {};
  const files = reader.fields(node, `"files" of the cell ${id}`);
  return Object.fromEntries((files?.keys ?? []).map((path) => [path, files?.text(path) ?? '']));
}

/** A step is a command, or a command below the name of what it prints. */
function readSteps(reader: YamlReader, fields: Fields, id: string): readonly Step[] {
  const names = new Set<string>();
  const script = reader.items(fields.take('script'), `"script" of ${id}`, fields.node);
  return script.flatMap((node): Step[] => {
    if (isScalar(node) && typeof node.value === 'string') return [{ command: node.value.trim() }];
    const step = isMap(node) ? reader.fields(node, 'A step') : undefined;
    const name = step?.keys[0];
    if (!step || name === undefined || step.keys.length !== 1) {
      const what = `A step of ${id} is neither a command nor "name: command".`;
      reader.fault(node, what, 'Write one; quote a command that has ": " in it.');
      return [];
    }
    if (names.has(name)) reader.fault(node, `Two steps of ${id} are "${name}".`, 'Rename one.');
    names.add(name);
    return [{ name, command: step.text(name).trim() }];
  });
}

function readSentence(
  reader: YamlReader,
  node: unknown,
  steps: readonly Step[],
  id: string,
): Sentence | undefined {
  const name = `A sentence of ${id}`;
  const fields = reader.fields(node, name);
  if (!fields) return undefined;
  const [ko, en] = LANGUAGES.map((language) => fields.text(language).trim());
  const proof = reader
    .items(fields.take('proof'), `"proof" in ${id}`, fields.node)
    .flatMap((one) => readAssertion(reader, one, steps, id) ?? []);
  fields.end();
  return { text: { ko: ko ?? '', en: en ?? '' }, proof, line: fields.line };
}
