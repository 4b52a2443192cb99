import { isMap, isScalar } from 'yaml';
import { findPreset, PRESET_NAMES } from '../../engine/presets.ts';
import type { Localized, Step } from './claim-table.ts';
import type { Fields, YamlReader } from './yaml-fields.ts';

/** A text in both languages; the empty one, and a fault, where one is missing. */
export function readLocalized(
  reader: YamlReader,
  of: Fields,
  key: string,
  name: string,
): Localized {
  const fields = reader.fields(of.take(key), `"${key}" of ${name}`, of.node);
  const text = { ko: fields?.text('ko') ?? '', en: fields?.text('en') ?? '' };
  fields?.end();
  return text;
}

/** An id in kebab-case. `name` says whose it is, as in all of these. */
export function readId(reader: YamlReader, fields: Fields, name: string): string {
  const id = fields.text('id');
  if (id === '' || /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id)) return id;
  reader.fault(fields.node, `The id "${id}" of ${name} is not in kebab-case.`, 'Rename it.');
  return id;
}

/** The name of a preset that there is. */
export function readPreset(reader: YamlReader, fields: Fields): string {
  const preset = fields.text('preset');
  if (preset !== '' && !findPreset(preset)) {
    const what = `There is no preset "${preset}".`;
    reader.fault(fields.take('preset'), what, `Use one of ${PRESET_NAMES.join(', ')}.`);
  }
  return preset;
}

/** File paths with their contents; none when the key is left out. */
export function readFiles(
  reader: YamlReader,
  fields: Fields,
  name: string,
): Record<string, string> {
  const node = fields.take('files');
  if (node === undefined) return {};
  const files = reader.fields(node, `"files" of ${name}`);
  return Object.fromEntries((files?.keys ?? []).map((path) => [path, files?.text(path) ?? '']));
}

/** A step is a command, or a command below the name of what it prints. */
export function readSteps(
  reader: YamlReader,
  fields: Fields,
  id: string,
  key = 'script',
): readonly Step[] {
  const names = new Set<string>();
  const script = reader.items(fields.take(key), `"${key}" of ${id}`, fields.node);
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
