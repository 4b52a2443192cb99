/**
 * Aliases: words that stand for the beginning of a command (bash(1), "ALIASES"; POSIX.1-2024, 2.3.1).
 * They are put into the text while it is read, so one may stand for several commands.
 */
export type Aliases = ReadonlyMap<string, string>;

export const NO_ALIASES: Aliases = new Map();

/** What root's `.bashrc` brings on Ubuntu 24.04 (base-files 13ubuntu10, `dot.bashrc`). */
const OF_UBUNTU: readonly (readonly [string, string])[] = [
  ['l', 'ls -CF'],
  ['la', 'ls -A'],
  ['ll', 'ls -alF'],
];

/** Those of a shell that begins: at the prompt of a machine, Ubuntu's. */
export function firstAliases({
  machine,
  flavour,
  source,
}: {
  readonly machine: string;
  readonly flavour?: string;
  readonly source?: string;
}): Map<string, string> {
  const isPrompt = (flavour ?? 'bash') === 'bash' && (source ?? 'prompt') === 'prompt';
  return new Map(isPrompt && !machine.includes('/') ? OF_UBUNTU : []);
}

/** A word that has no quotes, up to where it ends. */
const WORD = /[^\s;&|<>()'"\\$`]+(?=[\s;&|<>()]|$)/y;

/** Puts aliases into a text while it is read from its beginning to its end. */
export class AliasExpansion {
  readonly #aliases: Aliases;
  /** Whose text is still being read, and how many characters are left when it is over. */
  #within: readonly { readonly name: string; readonly left: number }[] = [];
  /** Behind a text that ends with a blank, the next word is looked up as well. */
  #next: number | undefined;

  constructor(aliases: Aliases) {
    this.#aliases = aliases;
  }

  /** The text with what stands for the word at `at`, where a command begins. */
  expand(text: string, at: number): string {
    let whole = text;
    while (this.#aliases.size > 0) {
      WORD.lastIndex = at;
      const name = WORD.exec(whole)?.[0] ?? '';
      const value = this.#aliases.get(name);
      this.#within = this.#within.filter(({ left }) => whole.length - at > left);
      if (value === undefined || this.#within.some((one) => one.name === name)) break;
      const behind = whole.slice(at + name.length);
      this.#within = [...this.#within, { name, left: behind.length }];
      if (/[ \t]$/.test(value)) this.#next = behind.length;
      whole = whole.slice(0, at) + value + behind;
      if (/^[ \t]/.test(value)) break;
    }
    return whole;
  }

  /** The same for a later word of a command, which is looked up only behind such an alias. */
  expandNext(text: string, at: number): string {
    if (this.#next === undefined || text.length - at > this.#next) return text;
    this.#next = undefined;
    return this.expand(text, at);
  }
}
