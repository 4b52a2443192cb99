import type { KubeObject } from '../../apimachinery/object.ts';
import type { Describer } from './around.ts';
import { describeEvents } from './events.ts';
import { head, Text } from './text.ts';

/** Kinds without a description of their own: their fields by name (`genericDescriber`). */
export const generic: Describer<KubeObject> = {
  text(object, { events, nowMs }) {
    const text = new Text();
    head(text, object);
    describeFields(text, 0, object as unknown as Fields, '');
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

type Fields = Readonly<Record<string, unknown>>;

const SKIPPED: ReadonlySet<string> = new Set(
  ['managedFields', 'name', 'namespace', 'labels', 'annotations'].map(
    (name) => `.metadata.${name}`,
  ),
);

function describeFields(text: Text, level: number, fields: Fields, above: string): void {
  for (const name of Object.keys(fields).sort()) {
    const path = `${above}.${name}`;
    const value = fields[name];
    if (value === undefined || SKIPPED.has(path)) continue;
    const label = fieldLabel(name);
    if (Array.isArray(value)) {
      text.line(level, `${label}:`);
      for (const item of value as readonly unknown[]) {
        if (isFields(item)) describeFields(text, level + 1, item, path);
        else text.line(level + 1, goValue(item));
      }
    } else if (isFields(value)) {
      text.line(level, `${label}:`);
      describeFields(text, level + 1, value, path);
    } else text.line(level, `${label}:\t${goValue(value)}`);
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function goValue(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goValue).join(' ')}]`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const ACRONYMS: ReadonlySet<string> = new Set(['API', 'URL', 'UID', 'GUID']);

/** `resourceVersion` is `Resource Version`, `uid` is `UID` (`smartLabelFor`). */
export function fieldLabel(name: string): string {
  if (!/^[\p{L}-]*$/u.test(name)) return name;
  return joinedAcronyms(splitWords(name))
    .map((part) => {
      if (ACRONYMS.has(part.toUpperCase())) return part.toUpperCase();
      return part.toLowerCase() === part ? part.charAt(0).toUpperCase() + part.slice(1) : part;
    })
    .join(' ');
}

/** Runs of small or of capital letters; the last capital goes with the small ones after it. */
const splitWords = (name: string): string[] =>
  name.match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|-+|\p{L}/gu) ?? [];

/** `CID` and `Rs` are one word. */
function joinedAcronyms(parts: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const [part = '', next = ''] = parts.slice(i, i + 2);
    if (/^\p{Lu}{2,}$/u.test(part) && /^\p{Lu}/u.test(next)) {
      joined.push(part + next);
      i += 1;
    } else joined.push(part);
  }
  return joined;
}
