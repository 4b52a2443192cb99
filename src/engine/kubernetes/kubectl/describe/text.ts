import { civilTime, parseRfc3339 } from '../../../sim/clock.ts';
import { humanDuration } from '../../apimachinery/duration.ts';
import { controllerOf, type KubeObject, type Labels } from '../../apimachinery/object.ts';
import { alignTabs } from '../tab-writer.ts';

/**
 * The text of a description: lines with tabs, lined up from one flush to the next
 * (`PrefixWriter` and `tabbedString`, staging/src/k8s.io/kubectl/pkg/describe/describe.go, v1.36).
 */
export class Text {
  #lined = '';
  #open = '';

  /** A line, or several, moved in by two blanks a level. */
  line(level: number, text: string): void {
    this.part(`${'  '.repeat(level)}${text}\n`);
  }

  /** A piece of a line. */
  part(text: string): void {
    this.#open += text.replaceAll('\u001B', '^[').replaceAll('\r', '\\r');
  }

  /** What is not lined up yet. */
  get raw(): string {
    return this.#open;
  }

  flush(): void {
    if (this.#open === '') return;
    const ended = this.#open.endsWith('\n');
    this.#lined += alignTabs((ended ? this.#open.slice(0, -1) : this.#open).split('\n'));
    this.#open = '';
  }

  toString(): string {
    this.flush();
    return this.#lined;
  }
}

/** Sorts by a text. */
export function by<T>(keyOf: (item: T) => string): (a: T, b: T) => number {
  return (a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  };
}

export const orNone = (text: string): string => text || '<none>';
export const orUnset = (value: string | number | undefined): string =>
  value === undefined ? '<unset>' : String(value);

export const trueFalse = (value: boolean): string => (value ? 'True' : 'False');

/** A list as `%v` writes it. */
export const goList = (values: readonly string[] = []): string => `[${values.join(' ')}]`;

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const NEVER = 'Mon, 01 Jan 0001 00:00:00 +0000';

/** A moment in the form of RFC 1123; one that never was is Go's first. */
export function fullTime(timestamp: string | null | undefined): string {
  const timeMs = parseRfc3339(timestamp ?? '');
  if (timeMs === undefined) return NEVER;
  const { weekday, day, month, year, hour, minute, second } = civilTime(timeMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${two(day)} ${MONTHS[month - 1] ?? ''} ${year}`;
  return `${DAYS[weekday] ?? ''}, ${date} ${two(hour)}:${two(minute)}:${two(second)} +0000`;
}

/** How long ago a moment was. */
export function since(timestamp: string | undefined, nowMs: number): string {
  const timeMs = parseRfc3339(timestamp ?? '');
  return timeMs === undefined ? '<unknown>' : humanDuration(nowMs - timeMs);
}

/** Values one a line below each other, the first beside the title. */
export function column(text: Text, title: string, values: readonly string[], indent = ''): void {
  text.line(0, `${indent}${title}:\t${values[0] ?? '<none>'}`);
  for (const value of values.slice(1)) text.line(0, `${indent}\t${value}`);
}

/** `key=value` by key. */
export function labelColumn(text: Text, title: string, labels: Labels = {}, indent = ''): void {
  const lines = Object.keys(labels)
    .sort()
    .map((key) => `${key}=${labels[key] ?? ''}`);
  column(text, title, lines, indent);
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
const MAX_ANNOTATION = 140;

/** Long ones, and those of several lines, stand below their key. */
export function annotationColumn(text: Text, title: string, annotations: Labels = {}): void {
  const keys = Object.keys(annotations)
    .filter((key) => key !== LAST_APPLIED)
    .sort();
  const lines = keys.flatMap((key) => {
    const value = (annotations[key] ?? '').replace(/\n$/, '');
    if (value.length + key.length + 2 <= MAX_ANNOTATION && !value.includes('\n')) {
      return [`${key}: ${value}`];
    }
    const parts = value.split('\n').map((part) => `  ${shorten(part, MAX_ANNOTATION - 2)}`);
    return [`${key}:`, ...parts];
  });
  column(text, title, lines);
}

const shorten = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}...` : text;

/** Name, namespace, labels and annotations, as most descriptions begin. */
export function head(text: Text, { metadata }: KubeObject, namespaced = true): void {
  text.line(0, `Name:\t${metadata.name}`);
  if (namespaced) text.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
  labelColumn(text, 'Labels', metadata.labels);
  annotationColumn(text, 'Annotations', metadata.annotations);
}

export function controlledBy(text: Text, object: KubeObject): void {
  const owner = controllerOf(object);
  if (owner) text.line(0, `Controlled By:\t${owner.kind}/${owner.name}`);
}
