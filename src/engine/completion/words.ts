/**
 * The command in which a caret stands, in words, as far as it has been written: behind the last pipe,
 * `&&` or `$(`, quotes taken away. A shell's grammar in small: what is not complete is what is read.
 */
export interface OpenCommand {
  /** The words before the one at the caret, the command's name first. */
  readonly words: readonly string[];
  readonly word: OpenWord;
}

export interface OpenWord {
  /** What is written of it, without quotes. */
  readonly text: string;
  /** Where what is replaced begins: behind a quote that is open. */
  readonly from: number;
  readonly quote: '' | '"' | "'";
  /** Behind `>` or `<`: a file. */
  readonly isTarget: boolean;
}

interface Level {
  words: string[];
  isTarget: boolean;
  /** In which quotes `$(` stands. */
  readonly quote: '' | '"';
}

const freshLevel = (quote: '' | '"' = ''): Level => ({ words: [], isTarget: false, quote });

/** Words behind which another command begins. */
const LEADS = ['if', 'then', 'else', 'elif', 'while', 'until', 'do', '!', '{', 'time'];

/** @returns undefined where nothing can be said: in a comment, behind `$NAME`, in a here-document */
export function openCommand(line: string, caret: number): OpenCommand | undefined {
  return new Scan(line.slice(0, caret)).read();
}

class Scan {
  readonly #text: string;
  readonly #levels: Level[] = [freshLevel()];
  #at = 0;
  #word = '';
  #from: number | undefined;
  #quote: '' | '"' | "'" = '';
  /** Where the quote that is open began. */
  #quoteFrom = 0;
  /** What cannot be known without running: `$NAME`, several quotes in one word. */
  #isVague = false;

  constructor(text: string) {
    this.#text = text;
  }

  read(): OpenCommand | undefined {
    while (this.#at < this.#text.length) {
      if (!this.#step(this.#text[this.#at]!)) return undefined;
    }
    const { words, isTarget } = this.#levels.at(-1)!;
    const isQuoted = this.#quote !== '';
    if (this.#isVague) return undefined;
    const startsInQuote = isQuoted && this.#from === this.#quoteFrom;
    if (isQuoted && !startsInQuote) return undefined;
    const from = startsInQuote ? this.#quoteFrom + 1 : (this.#from ?? this.#text.length);
    return { words, word: { text: this.#word, from, quote: this.#quote, isTarget } };
  }

  /** False at what ends all knowledge. */
  #step(character: string): boolean {
    if (this.#quote === "'") return this.#inSingle(character);
    if (this.#quote === '"') return this.#inDouble(character);
    if (character === '#' && this.#from === undefined) return false;
    if (/[\s;|&()<>]/.test(character)) return this.#part(character);
    this.#begin();
    this.#at += 1;
    if (character === '\\') this.#escaped();
    else if (character === "'" || character === '"') this.#openQuote(character);
    else if (character === '$' || character === '`') this.#dollar();
    else this.#word += character;
    return true;
  }

  #begin(): void {
    this.#from ??= this.#at;
  }

  #escaped(): void {
    this.#word += this.#text[this.#at] ?? '';
    this.#at += 1;
  }

  #openQuote(quote: '"' | "'"): void {
    this.#quote = quote;
    this.#quoteFrom = this.#at - 1;
    // Where a quote follows something else, what stands before it would have to be written anew.
    if (this.#word !== '') this.#quoteFrom = -1;
  }

  #inSingle(character: string): boolean {
    this.#at += 1;
    if (character === "'") this.#quote = '';
    else this.#word += character;
    return true;
  }

  #inDouble(character: string): boolean {
    this.#at += 1;
    if (character === '"') this.#quote = '';
    else if (character === '\\') this.#escaped();
    else if (character === '$') this.#dollar();
    else this.#word += character;
    return true;
  }

  #dollar(): void {
    if (this.#text[this.#at] !== '(') {
      this.#isVague = true;
      return;
    }
    this.#at += 1;
    this.#levels.push(freshLevel(this.#quote === '"' ? '"' : ''));
    this.#forgetWord();
  }

  #part(character: string): boolean {
    this.#endWord();
    this.#at += 1;
    const level = this.#levels.at(-1)!;
    if (character === '<' || character === '>') {
      // A here-document's text is nobody's command.
      if (this.#text.startsWith('<', this.#at) && character === '<') return false;
      if (/^\d$/.test(level.words.at(-1) ?? '') && this.#text[this.#at - 2] !== ' ')
        level.words.pop();
      level.isTarget = true;
    } else if (character === ')') this.#closeLevel();
    else if (character === '(') this.#levels.push(freshLevel());
    else if (character === '&' && this.#text[this.#at] === '>') return true;
    else if (character === '&' && level.isTarget) return true;
    else if (!/[ \t]/.test(character)) [level.words, level.isTarget] = [[], false];
    return true;
  }

  #closeLevel(): void {
    if (this.#levels.length === 1) return;
    const { quote } = this.#levels.pop()!;
    // What was printed there is part of a word that nobody knows.
    this.#isVague = true;
    this.#from = this.#at;
    this.#quote = quote;
  }

  #endWord(): void {
    if (this.#from === undefined) return;
    const level = this.#levels.at(-1)!;
    if (level.isTarget) level.isTarget = false;
    else if (level.words.length > 0 || !this.#leads(this.#word)) level.words.push(this.#word);
    this.#forgetWord();
  }

  #leads(word: string): boolean {
    return LEADS.includes(word) || /^[A-Za-z_]\w*=/.test(word);
  }

  #forgetWord(): void {
    this.#word = '';
    this.#from = undefined;
    this.#quote = '';
    this.#isVague = false;
  }
}

const SPECIAL = /[\s'"\\$&|;<>()*?[\]{}!#`]/g;

/** A candidate as it has to be written where the word stands. */
export function quoted(text: string, { quote }: OpenWord): string {
  if (quote === "'") return text;
  if (quote === '"') return text.replace(/["\\$`]/g, '\\$&');
  return text.replace(SPECIAL, '\\$&');
}
