import { isNode, LineCounter, parseAllDocuments, parseDocument, type Document } from 'yaml';

/**
 * Files of several platforms that mean the same, aligned key by key: `content/alignments/NAME.yaml`.
 * Each row names where in the files a thing is said, so that a page can show the values themselves;
 * what a row says of the values is checked against them.
 */
export const PLATFORM_NAMES = ['compose', 'swarm', 'kubernetes'] as const;
export type PlatformName = (typeof PLATFORM_NAMES)[number];
export type Words = Readonly<Record<'ko' | 'en', string>>;

/** How the first values of a row compare; `meaning` is for readers to judge. */
export const WAYS = ['value', 'duration', 'memory', 'meaning'] as const;
export type Way = (typeof WAYS)[number];

/** One thing that is said in each platform's files, or why it is not. */
export interface AlignedRow {
  readonly id: string;
  readonly what: Words;
  readonly note?: Words;
  readonly same: Way;
  readonly cells: Readonly<Record<PlatformName, AlignedCell>>;
}

/** Paths and their values, or why a platform has no such key. */
export type AlignedCell =
  | { readonly values: readonly { readonly path: string; readonly value: unknown }[] }
  | { readonly none: Words };

export interface Alignment {
  /** Where the files lie, from the root of the project. */
  readonly folder: string;
  readonly files: Readonly<Record<PlatformName, readonly string[]>>;
  readonly rows: readonly AlignedRow[];
}

type Plain = Readonly<Record<string, unknown>>;

/**
 * Reads an alignment and looks its paths up.
 *
 * @param read the text of a file below the root of the project
 * @throws on what is missing or does not compare as the row says, as `FILE:LINE what remedy`
 */
export function readAlignment(
  file: string,
  text: string,
  read: (path: string) => string,
): Alignment {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const faults = document.errors.map(({ pos, message }) => faultAt(lines, pos[0], message, ''));
  if (faults.length > 0) throw new Error(faults.map((fault) => `${file}:${fault}`).join('\n'));
  const { folder, files, rows } = document.toJS() as {
    folder: string;
    files: Record<PlatformName, string[]>;
    rows: Plain[];
  };
  const objects = Object.fromEntries(
    PLATFORM_NAMES.map((name) => [name, objectsIn(name, folder, files[name], read)]),
  ) as Record<PlatformName, Plain>;
  const aligned = rows.map((row, i): AlignedRow | undefined => {
    const outcome = readRow(row, objects);
    if (typeof outcome !== 'string') return outcome;
    const node = document.getIn(['rows', i], true);
    faults.push(faultAt(lines, (isNode(node) && node.range?.[0]) || 0, outcome, 'Mend the row.'));
    return undefined;
  });
  if (faults.length > 0) throw new Error(faults.map((fault) => `${file}:${fault}`).join('\n'));
  return { folder, files, rows: aligned.filter((row) => row !== undefined) };
}

const faultAt = (lines: LineCounter, offset: number, what: string, remedy: string): string =>
  `${lines.linePos(offset).line} ${what} ${remedy}`.trim();

/** Compose and Swarm have one file; of Kubernetes each object by its kind and name. */
function objectsIn(
  name: PlatformName,
  folder: string,
  files: readonly string[],
  read: (path: string) => string,
): Plain {
  const documents = files.flatMap((file) => [...parseAllDocuments(read(`${folder}/${file}`))]);
  const values = documents.map((one) => (one as Document).toJS() as Plain);
  if (name !== 'kubernetes') return values[0] ?? {};
  return Object.fromEntries(
    values.map((value) => [
      `${String(value.kind)}/${String((value.metadata as Plain).name)}`,
      value,
    ]),
  );
}

/** A row with its values, or what is wrong with it. */
function readRow(row: Plain, objects: Readonly<Record<PlatformName, Plain>>): AlignedRow | string {
  const id = String(row.id);
  const none = (row.none ?? {}) as Partial<Record<PlatformName, Words>>;
  const cells: Partial<Record<PlatformName, AlignedCell>> = {};
  if (!WAYS.includes(row.same as Way)) return `${id}: "same" is none of ${WAYS.join(', ')}.`;
  for (const words of [row.what, row.note ?? row.what, ...Object.values(none)]) {
    if (!isWords(words)) return `${id}: words are not there in both languages.`;
  }
  for (const name of PLATFORM_NAMES) {
    const paths = row[name] as readonly string[] | undefined;
    const why = none[name];
    if ((paths === undefined) === (why === undefined)) {
      return `${id}: ${name} needs paths, or a reason under "none".`;
    }
    const values = (paths ?? []).map((path) => ({ path, value: valueAt(objects[name], path) }));
    const lost = values.find(({ value }) => value === undefined);
    if (lost) return `${id}: there is nothing at ${lost.path} for ${name}.`;
    cells[name] = why ? { none: why } : { values };
  }
  const aligned = { id, what: row.what as Words, same: row.same as Way };
  const note = row.note === undefined ? {} : { note: row.note as Words };
  const done = { ...aligned, ...note, cells: cells as AlignedRow['cells'] };
  const differs = difference(done);
  return differs === undefined ? done : `${id}: ${differs}`;
}

const isWords = (value: unknown): boolean => {
  const { ko, en } = (value ?? {}) as Plain;
  return typeof ko === 'string' && typeof en === 'string' && ko !== '' && en !== '';
};

/**
 * The value at `services.api.ports[0]`, or `Deployment/api spec.template.spec.containers[name=api]`.
 * A key with a dot in it is found where its parts are not.
 */
export function valueAt(from: unknown, path: string): unknown {
  const [object = '', inner] = path.includes(' ') ? path.split(' ', 2) : ['', path];
  let value = object === '' ? from : (from as Plain)[object];
  let left = inner ?? '';
  while (left !== '' && value !== undefined) {
    const step = /^\[(?:(\d+)|(\w+)=([^\]]+))\]\.?/.exec(left);
    if (step) {
      const list = Array.isArray(value) ? (value as unknown[]) : [];
      const [whole, index, key = '', wanted] = step;
      value =
        index === undefined
          ? list.find((one) => (one as Plain)[key] === wanted)
          : list[Number(index)];
      left = left.slice(whole.length);
      continue;
    }
    const known = (value ?? {}) as Plain;
    const key = Object.hasOwn(known, left) ? left : (/^[^.[]+/.exec(left)?.[0] ?? left);
    value = Object.hasOwn(known, key) ? known[key] : undefined;
    left = left.slice(key.length).replace(/^\./, '');
    // What stands there without a value of its own, such as a volume, is there all the same.
    if (value === null && left === '') return {};
  }
  return value;
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
const BYTES: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };

/** Seconds of `10s` and of `10`; bytes of `128M` (Docker's) and `128Mi`. */
function measured(way: Way, value: unknown): unknown {
  const text = String(value);
  if (way === 'duration') {
    const [, number = text, unit = 's'] = /^(\d+)([smh])$/.exec(text) ?? [];
    return Number(number) * (UNITS[unit] ?? 1);
  }
  if (way === 'memory') {
    const [, number = text, unit = ''] = /^(\d+)([KMG])i?$/.exec(text) ?? [];
    return Number(number) * (BYTES[unit] ?? 1);
  }
  return JSON.stringify(value);
}

/** What is not the same among the first values of a row that says they are. */
function difference({ same, cells }: AlignedRow): string | undefined {
  if (same === 'meaning') return undefined;
  const firsts = PLATFORM_NAMES.flatMap((name) => {
    const cell = cells[name];
    return 'values' in cell ? [{ name, value: cell.values[0]?.value }] : [];
  });
  const [first] = firsts;
  const other = firsts.find(({ value }) => measured(same, value) !== measured(same, first?.value));
  if (!first || !other) return undefined;
  const shown = [first, other].map(({ name, value }) => `${JSON.stringify(value)} for ${name}`);
  return `${shown.join(' is not ')}.`;
}
