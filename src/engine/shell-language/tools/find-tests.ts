import { stat, type Stat } from '../../machine/files.ts';
import { matches, readPattern } from '../pattern.ts';
import type { Step } from '../state.ts';
import type { Tool } from './tool.ts';

/** What `find` asks of an entry with a value: by name, by kind, by size, by age, by rights. */
export interface Found {
  readonly name: string;
  readonly path: string;
  readonly entry: Stat;
  readonly depth: number;
}

export type Test = (found: Found) => Step<boolean>;

export class FindFault extends Error {
  override name = 'FindFault';
}

/** The words that take a value. */
export const TAKES_VALUE = [
  '-name',
  '-iname',
  '-path',
  '-wholename',
  '-type',
  '-maxdepth',
  '-mindepth',
  '-size',
  '-perm',
  '-mtime',
  '-mmin',
  '-newer',
  '-user',
  '-group',
  '-regex',
];

const simple = (test: (found: Found) => boolean): Test =>
  function* (found) {
    yield* [];
    return test(found);
  };

const compare = (sign: string, left: number, right: number): boolean =>
  sign === '+' ? left > right : sign === '-' ? left < right : left === right;

const UNITS: Readonly<Record<string, number>> = {
  c: 1,
  w: 2,
  b: 512,
  k: 1024,
  M: 1_048_576,
  G: 1_073_741_824,
};

function byName(value: string, ignoreCase: boolean): Test {
  const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
  const pattern = readPattern(fold(value));
  return simple(({ name }) => {
    const trimmed = name.replace(/(.)\/+$/, '$1');
    return matches(pattern, fold(trimmed.split('/').at(-1) || '/'));
  });
}

function byType(value: string): Test {
  const types = { f: 'file', d: 'dir', l: 'symlink' } as const;
  for (const letter of value.split(',')) {
    if (!'fdlbcps'.includes(letter) || letter === '')
      throw new FindFault(`Unknown argument to -type: ${letter}`);
  }
  return simple(({ entry }) =>
    value.split(',').some((letter) => types[letter as 'f'] === entry.type),
  );
}

function bySize(value: string): Test {
  const match = /^([-+]?)(\d+)([bcwkMG]?)$/.exec(value);
  if (!match) throw new FindFault(`Invalid argument \`${value}' to -size`);
  const unit = UNITS[match[3] || 'b']!;
  return simple(({ entry }) =>
    compare(match[1]!, Math.ceil(entry.sizeBytes / unit), Number(match[2])),
  );
}

function byAge(word: '-mmin' | '-mtime', value: string, nowMs: number): Test {
  const unit = word === '-mmin' ? 60_000 : 86_400_000;
  const match = /^([-+]?)(\d+)$/.exec(value);
  if (!match) throw new FindFault(`invalid argument \`${value}' to \`${word}'`);
  return simple(({ entry }) =>
    compare(match[1]!, Math.floor((nowMs - entry.modifiedMs) / unit), Number(match[2])),
  );
}

function byRights(value: string): Test {
  const bits = parseInt(value.replace(/^[-/]/, ''), 8);
  if (value.startsWith('-')) return simple(({ entry }) => (entry.mode & bits) === bits);
  if (value.startsWith('/')) return simple(({ entry }) => bits === 0 || (entry.mode & bits) !== 0);
  return simple(({ entry }) => (entry.mode & 0o7777) === bits);
}

/** The test that the word makes of its value; throws a {@link FindFault}. */
export function valuedTest(tool: Tool, nowMs: number, word: string, value: string): Test {
  switch (word) {
    case '-name':
    case '-iname':
      return byName(value, word === '-iname');
    case '-path':
    case '-wholename': {
      const pattern = readPattern(value);
      return simple(({ name }) => matches(pattern, name));
    }
    case '-type':
      return byType(value);
    case '-size':
      return bySize(value);
    case '-mmin':
    case '-mtime':
      return byAge(word, value, nowMs);
    case '-newer':
      return function* ({ entry }) {
        const other = yield* stat(tool.place, tool.path(value));
        return entry.modifiedMs > (other?.modifiedMs ?? Infinity);
      };
    case '-perm':
      return byRights(value);
    default:
      throw new FindFault(`unknown predicate \`${word}'`);
  }
}
