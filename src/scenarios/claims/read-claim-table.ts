import {
  LANGUAGES,
  type Check,
  type ClaimCell,
  type ClaimColumn,
  type ClaimRow,
  type ClaimTable,
  type Sentence,
  type Step,
} from './claim-table.ts';
import type { ClaimFault } from './judge.ts';
import { readAssertion } from './read-assertion.ts';
import { readFiles, readId, readLocalized, readPreset, readSteps } from './read-check.ts';
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
    files: readFiles(reader, fields, `the cell ${id}`),
    steps: readSteps(reader, fields, id),
  };
  const says = reader
    .items(fields.take('says'), `"says" of the cell ${id}`, fields.node)
    .flatMap((sentence) => readSentence(reader, sentence, check.steps, id) ?? []);
  fields.end();
  return { id, column, check, says, line: fields.line };
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
