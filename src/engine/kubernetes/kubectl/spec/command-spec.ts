import { SHARED_FLAGS } from './shared-flags.ts';

/**
 * What kubectl knows of a command before anything runs: its words and its flags, as `--help` shows
 * them (staging/src/k8s.io/kubectl/pkg/cmd, v1.36). In texts a line that begins with `> ` goes on
 * where the line above ends.
 */
export interface CommandSpec {
  /** In one line, for the list of the commands beside it. */
  readonly short: string;
  /** In its own help, when that says more. */
  readonly long?: string;
  readonly examples?: string;
  /** Behind the command's path in its usage line; behind `!` the line without `kubectl`. */
  readonly use?: string;
  /** Other names, beside its own. */
  readonly aliases?: readonly string[];
  readonly suggestFor?: readonly string[];
  /** A flag a line; `*name` stands for one that several commands have. */
  readonly flags?: string;
  /** Flags that help does not show; behind `!` what is said when one is used. */
  readonly hidden?: string;
  /** Flags that must be given. */
  readonly required?: readonly string[];
  readonly commands?: Readonly<Record<string, CommandSpec>>;
}

export type FlagType =
  | 'bool'
  | 'string'
  | 'stringSlice'
  | 'stringArray'
  | 'int'
  | 'int32'
  | 'int64'
  | 'duration'
  | 'level'
  | 'logDuration'
  | 'vmodule'
  /** Pairs that commas part. */
  | 'selectors'
  | 'stringToString';

export interface FlagSpec {
  readonly name: string;
  readonly letter: string;
  readonly type: FlagType;
  /** As help shows it, without quotes. */
  readonly otherwise: string;
  readonly usage: string;
  readonly hidden: boolean;
  /** What is said when it is used. */
  readonly deprecated?: string;
}

/** Its value when it is given without one, for flags that are not switches (`NoOptDefVal`). */
const ALONE: Readonly<Record<string, string>> = {
  'dry-run': 'unchanged',
  validate: 'strict',
  cascade: 'background',
};

/** What a flag stands for without a value behind `=`; undefined when it needs one. */
export const aloneValue = ({ name, type }: FlagSpec): string | undefined =>
  type === 'bool' ? 'true' : Object.hasOwn(ALONE, name) ? ALONE[name] : undefined;

/** Lines joined that were broken to fit; `| ` begins a line within a flag's text. */
export const unfold = (text: string): string => text.replaceAll('\n> ', ' ');

const FLAG = /^(?:-(\w), )?--([\w-]+) (\w+)=([^\n]*?): ([\s\S]*)$/;

function readLine(line: string, hidden: boolean): FlagSpec {
  const [, letter = '', name = '', type = 'string', otherwise = '', words = ''] =
    FLAG.exec(line) ?? [];
  const gone = words.startsWith('!');
  return {
    name,
    letter,
    type: type as FlagType,
    otherwise,
    usage: gone ? '' : words.replaceAll('\n| ', '\n'),
    hidden,
    ...(gone && { deprecated: words.slice(1) }),
  };
}

const linesOf = (block: string): string[] =>
  unfold(block.trim())
    .split(/\n(?!\| )/)
    .filter((line) => line !== '');

/** Flags that several commands have, by name. */
export const sharedFlags = (block: string): ReadonlyMap<string, FlagSpec> =>
  new Map(
    linesOf(block).map((line) => {
      const flag = readLine(line, false);
      return [flag.name, flag] as const;
    }),
  );

const SHARED = sharedFlags(SHARED_FLAGS);

export function readFlags(block: string, hidden = false, shared = SHARED): FlagSpec[] {
  return linesOf(block).flatMap((line) =>
    line.startsWith('*')
      ? line.split(' ').flatMap((word) => shared.get(word.slice(1)) ?? [])
      : [readLine(line, hidden)],
  );
}
