import { parseDuration } from '../../go/duration.ts';
import { readCsv } from '../../go/csv.ts';
import { parseBoolean, parseInteger } from '../../go/numbers.ts';
import { goQuote, goQuoteRune } from '../../go/quote.ts';
import { isRefused, refuse } from '../../go/refused.ts';
import { aloneValue, type FlagSpec } from './spec/command-spec.ts';

/** The values of flags: those given, and what each is when it was not. */
export class Flags {
  readonly #given: ReadonlyMap<string, readonly string[]>;
  readonly #specs: ReadonlyMap<string, FlagSpec>;

  constructor(
    given: ReadonlyMap<string, readonly string[]> = new Map(),
    specs: ReadonlyMap<string, FlagSpec> = new Map(),
  ) {
    this.#given = given;
    this.#specs = specs;
  }

  /** Everything that was given, in order of the names. */
  get given(): readonly (readonly [name: string, value: string])[] {
    return [...this.#given].flatMap(([name, values]) =>
      values.map((value) => [name, value] as const),
    );
  }

  /** Given at all, whatever its value. */
  changed(name: string): boolean {
    return this.#given.has(name);
  }

  /** The value given last; undefined when the flag was not given. */
  get(name: string): string | undefined {
    return this.#given.get(name)?.at(-1);
  }

  /** As {@link get}, for a flag that may be a list of the command's own by the same name. */
  one(name: string): string | undefined {
    const type = this.#specs.get(name)?.type;
    return type === 'stringSlice' || type === 'stringArray' ? undefined : this.get(name);
  }

  /** A switch that is on, by the command line or by itself; any other flag that was given. */
  has(name: string): boolean {
    const spec = this.#specs.get(name);
    if (spec && spec.type !== 'bool') return this.changed(name);
    const value = this.get(name) ?? spec?.otherwise ?? 'false';
    return parseBoolean(value) === true;
  }

  text(name: string): string {
    return this.get(name) ?? this.#specs.get(name)?.otherwise ?? '';
  }

  number(name: string): number {
    const value = parseInteger(this.text(name), { base: 0 });
    return isRefused(value) ? 0 : value;
  }

  /** A length of time in milliseconds. */
  durationMs(name: string): number {
    const value = parseDuration(this.text(name));
    return isRefused(value) ? 0 : Math.round(value / 1e6);
  }

  /** Pairs of names and values, the last of a name winning. */
  pairs(name: string): Readonly<Record<string, string>> {
    const words = (this.#given.get(name) ?? []).flatMap((value) =>
      value.split(',').filter((word) => word !== ''),
    );
    return Object.fromEntries(
      words.map((word) => {
        const at = word.indexOf('=');
        return [word.slice(0, at), word.slice(at + 1)];
      }),
    );
  }

  /** The values of a list: every use adds to it, commas divide where the flag says so. */
  all(name: string): readonly string[] {
    const values = this.#given.get(name) ?? [];
    if (this.#specs.get(name)?.type !== 'stringSlice') return values;
    return values.flatMap((value) => {
      const fields = value === '' ? [] : readCsv(value);
      return isRefused(fields) ? [] : fields;
    });
  }
}

/** Words understood; or why not. */
export type FlagsRead =
  | {
      readonly kind: 'read';
      readonly flags: Flags;
      readonly args: readonly string[];
      /** How many arguments stand before `--`; -1 when there is none. */
      readonly dash: number;
      /** What deprecated flags say, a line each. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'wrong'; readonly message: string };

export const HELP: FlagSpec = {
  name: 'help',
  letter: 'h',
  type: 'bool',
  otherwise: 'false',
  usage: '',
  hidden: true,
};

/** `--dry_run` is `--dry-run` (component-base/cli/flag/flags.go). */
export const normalName = (name: string): string => name.replaceAll('_', '-');

/** spf13/pflag v1.0.10 `flag.go`: `-it`, `-ofoo`, `-o=foo`, `--name x`, `--name=x`, `--`. */
export function readWords(words: readonly string[], specs: readonly FlagSpec[]): FlagsRead {
  return new Reading(specs).read(words);
}

class Reading {
  readonly #byName = new Map<string, FlagSpec>();
  readonly #byLetter = new Map<string, FlagSpec>();
  readonly #given = new Map<string, string[]>();
  readonly #notes: string[] = [];

  constructor(specs: readonly FlagSpec[]) {
    for (const spec of [...specs, HELP]) {
      if (this.#byName.has(spec.name)) continue;
      this.#byName.set(spec.name, spec);
      if (spec.letter !== '' && !this.#byLetter.has(spec.letter)) {
        this.#byLetter.set(spec.letter, spec);
      }
    }
  }

  read(words: readonly string[]): FlagsRead {
    const args: string[] = [];
    let dash = -1;
    for (let at = 0; at < words.length;) {
      const word = words[at]!;
      at += 1;
      if (!word.startsWith('-') || word === '-') {
        args.push(word);
        continue;
      }
      if (word === '--') {
        dash = args.length;
        args.push(...words.slice(at));
        break;
      }
      const next = words[at];
      const taken = word.startsWith('--') ? this.#long(word, next) : this.#short(word, next);
      if (typeof taken === 'string') return { kind: 'wrong', message: taken };
      at += taken;
    }
    const flags = new Flags(this.#given, this.#byName);
    return { kind: 'read', flags, args, dash, notes: this.#notes };
  }

  /** How many of the words behind it were used; or what is wrong. */
  #long(word: string, next: string | undefined): number | string {
    const equals = word.indexOf('=', 2);
    const name = equals === -1 ? word.slice(2) : word.slice(2, equals);
    if (name === '' || name.startsWith('-')) return `bad flag syntax: ${word}`;
    const spec = this.#byName.get(normalName(name));
    if (!spec) return `unknown flag: --${name}`;
    if (equals !== -1) return this.#set(spec, word.slice(equals + 1)) ?? 0;
    const alone = aloneValue(spec);
    if (alone !== undefined) return this.#set(spec, alone) ?? 0;
    return next === undefined ? `flag needs an argument: --${name}` : (this.#set(spec, next) ?? 1);
  }

  #short(word: string, next: string | undefined): number | string {
    let rest = [...word.slice(1)];
    while (rest.length > 0) {
      const [letter = '', ...more] = rest;
      const shown = `${goQuoteRune(letter)} in -${rest.join('')}`;
      const spec = this.#byLetter.get(letter);
      if (!spec) return `unknown shorthand flag: ${shown}`;
      const alone = aloneValue(spec);
      let value = alone ?? '';
      let used = 0;
      rest = alone === undefined ? [] : more;
      if (more.length > 1 && more[0] === '=') {
        value = more.slice(1).join('');
        rest = [];
      } else if (alone === undefined) {
        if (more.length === 0 && next === undefined) return `flag needs an argument: ${shown}`;
        value = more.length > 0 ? more.join('') : next!;
        used = more.length > 0 ? 0 : 1;
      }
      const wrong = this.#set(spec, value);
      if (wrong !== undefined) return wrong;
      if (rest.length === 0) return used;
    }
    return 0;
  }

  #set(spec: FlagSpec, value: string): string | undefined {
    const why = valueProblem(spec, value);
    if (why !== undefined) {
      const letter = spec.letter === '' ? '' : `-${spec.letter}, `;
      return `invalid argument ${goQuote(value)} for "${letter}--${spec.name}" flag: ${why}`;
    }
    this.#given.set(spec.name, [...(this.#given.get(spec.name) ?? []), value]);
    if (spec.deprecated !== undefined) {
      this.#notes.push(`Flag --${spec.name} has been deprecated, ${spec.deprecated}`);
    }
    return undefined;
  }
}

const INT32_LIMIT = 2_147_483_648;

/** Why a flag does not take a value, in the words of Go's `strconv` and `time`. */
function valueProblem({ type }: FlagSpec, value: string): string | undefined {
  const read = readValue(type, value);
  if (isRefused(read)) return read.refused;
  if (type === 'int32' && (Number(read) >= INT32_LIMIT || Number(read) < -INT32_LIMIT)) {
    return `strconv.ParseInt: parsing ${goQuote(value)}: value out of range`;
  }
  return undefined;
}

function readValue(type: FlagSpec['type'], value: string): unknown {
  switch (type) {
    case 'bool':
      return parseBoolean(value);
    case 'int':
    case 'int32':
    case 'int64':
      return parseInteger(value, { base: 0 });
    case 'level':
      return parseInteger(value);
    case 'duration':
      return parseDuration(value);
    case 'logDuration':
      return isRefused(parseDuration(value)) ? refuse('parse error') : value;
    case 'vmodule': {
      const wrong = value.split(',').some((one) => one !== '' && !/^[^=]+=\d+$/.test(one));
      return wrong ? refuse('syntax error: expect comma-separated list of filename=N') : value;
    }
    case 'selectors': {
      const wrong = value.split(',').some((one) => one !== '' && !one.includes('='));
      return wrong ? refuse('malformed pair, expect string=string') : value;
    }
    case 'stringToString':
      return value.includes('=') ? value : refuse(`${value} must be formatted as key=value`);
    case 'stringSlice':
      return value === '' ? [] : readCsv(value);
    default:
      return value;
  }
}
