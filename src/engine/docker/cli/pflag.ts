import { goQuote, goQuoteRune } from '../../go/quote.ts';
import { valueProblem } from './options/values.ts';
import type { FlagSpec } from './spec/command-spec.ts';

/** The values that flags were given, by the flag's long name, in the order given. */
export class Flags {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]> = new Map()) {
    this.#values = values;
  }

  get isEmpty(): boolean {
    return this.#values.size === 0;
  }

  /** Of all that were given. */
  names(): readonly string[] {
    return [...this.#values.keys()];
  }

  /** Given at all, whatever its value. */
  changed(name: string): boolean {
    return this.#values.has(name);
  }

  /** A switch that is on. */
  has(name: string): boolean {
    const value = this.last(name);
    return value !== undefined && !['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value);
  }

  last(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  text(name: string, otherwise = ''): string {
    return this.last(name) ?? otherwise;
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }
}

/** Words understood; or why not. `-h` and `--help` end the reading at once. */
export type FlagsRead =
  | {
      readonly kind: 'read';
      readonly flags: Flags;
      readonly args: readonly string[];
      /** What deprecated flags say, a line each. */
      readonly notes: readonly string[];
      readonly help: boolean;
    }
  | { readonly kind: 'wrong'; readonly message: string; readonly notes: readonly string[] };

/**
 * spf13/pflag v1.0.10 `flag.go`: `-it`, `-p80:80`, `-m=1g`, `--name x`, `--name=x`, `--`. A switch
 * takes a value behind `=` only. With `interspersed` off the first argument ends the flags.
 */
export function readWords(
  words: readonly string[],
  specs: readonly FlagSpec[],
  interspersed = true,
): FlagsRead {
  return new Reading(specs).read(words, interspersed);
}

const HELP: FlagSpec = { name: 'help', shorthand: 'h', type: '', usage: 'Print usage' };

class Reading {
  readonly #byName = new Map<string, FlagSpec>();
  readonly #byLetter = new Map<string, FlagSpec>();
  readonly #values = new Map<string, string[]>();
  readonly #notes: string[] = [];

  constructor(specs: readonly FlagSpec[]) {
    const own = specs.some(({ shorthand }) => shorthand === 'h');
    for (const spec of [...specs, own ? { ...HELP, shorthand: '' } : HELP]) {
      this.#byName.set(spec.name, spec);
      if (spec.shorthand !== '') this.#byLetter.set(spec.shorthand, spec);
    }
  }

  read(words: readonly string[], interspersed: boolean): FlagsRead {
    const args: string[] = [];
    const notes = this.#notes;
    for (let at = 0; at < words.length;) {
      const word = words[at]!;
      at += 1;
      if (!word.startsWith('-') || word === '-') {
        if (!interspersed) {
          args.push(word, ...words.slice(at));
          break;
        }
        args.push(word);
        continue;
      }
      if (word === '--') {
        args.push(...words.slice(at));
        break;
      }
      const taken = word.startsWith('--')
        ? this.#long(word, words.slice(at, at + 1))
        : this.#short(word.slice(1), words.slice(at, at + 1));
      if (typeof taken === 'string') return { kind: 'wrong', message: taken, notes };
      at += taken;
    }
    const flags = new Flags(this.#values);
    return { kind: 'read', flags, args, notes, help: flags.has('help') };
  }

  /** How many of the words behind it were used; or what is wrong. */
  #long(word: string, next: readonly string[]): number | string {
    const equals = word.indexOf('=', 2);
    const name = equals === -1 ? word.slice(2) : word.slice(2, equals);
    if (name === '' || name.startsWith('-')) return `bad flag syntax: ${word}`;
    const spec = this.#byName.get(name);
    if (!spec) return `unknown flag: --${name}`;
    if (equals !== -1) return this.#set(spec, word.slice(equals + 1)) ?? 0;
    if (isSwitch(spec)) return this.#set(spec, 'true') ?? 0;
    const value = next[0];
    return value === undefined
      ? `flag needs an argument: --${name}`
      : (this.#set(spec, value) ?? 1);
  }

  #short(letters: string, next: readonly string[]): number | string {
    let rest = [...letters];
    while (rest.length > 0) {
      const [letter = '', ...more] = rest;
      const shown = `${goQuoteRune(letter)} in -${rest.join('')}`;
      const spec = this.#byLetter.get(letter);
      if (!spec) return `unknown shorthand flag: ${shown}`;
      rest = more;
      let value = 'true';
      let used = 0;
      if (more.length > 1 && more[0] === '=') {
        value = more.slice(1).join('');
        rest = [];
      } else if (!isSwitch(spec)) {
        if (more.length === 0 && next[0] === undefined) return `flag needs an argument: ${shown}`;
        value = more.length > 0 ? more.join('') : next[0]!;
        used = more.length > 0 ? 0 : 1;
        rest = [];
      }
      if (spec.name === 'help') {
        this.#notes.push('Flag shorthand -h has been deprecated, use --help');
      }
      const wrong = this.#set(spec, value);
      if (wrong !== undefined) return wrong;
      if (rest.length === 0) return used;
    }
    return 0;
  }

  #set(spec: FlagSpec, value: string): string | undefined {
    const before = this.#values.get(spec.name) ?? [];
    const why = valueProblem(spec, value, before);
    if (why !== undefined) {
      const letter = spec.shorthand === '' ? '' : `-${spec.shorthand}, `;
      return `invalid argument ${goQuote(value)} for "${letter}--${spec.name}" flag: ${why}`;
    }
    this.#values.set(spec.name, [...before, value]);
    if (spec.deprecated !== undefined) {
      this.#notes.push(`Flag --${spec.name} has been deprecated, ${spec.deprecated}`);
    }
    return undefined;
  }
}

const isSwitch = ({ type }: FlagSpec): boolean => type === '';
