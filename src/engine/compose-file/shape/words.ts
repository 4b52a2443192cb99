import { fail } from '../failure.ts';

/**
 * A command written as one text, split into words (mattn/go-shellwords v1.0.12: quotes, escapes, no
 * variables); it ends at an operator of the shell.
 */
export function splitWords(line: string): string[] {
  return new WordSplitter(line).split();
}

class WordSplitter {
  private readonly line: string;
  private readonly words: string[] = [];
  private word = '';
  private open = false;
  private quote: '"' | "'" | '`' | '(' | undefined;

  constructor(line: string) {
    this.line = line;
  }

  split(): string[] {
    let escaped = false;
    for (const char of this.line) {
      if (escaped) {
        this.add(char === 't' ? '\t' : char === 'n' ? '\n' : char);
        escaped = false;
      } else if (char === '\\' && this.quote !== "'") {
        escaped = true;
      } else if (!this.take(char)) {
        break;
      }
    }
    if (escaped || this.quote !== undefined) fail('invalid command line string');
    this.finish();
    return this.words;
  }

  /** False when the command ends here. */
  private take(char: string): boolean {
    const { quote } = this;
    if (/[ \t\r\n]/.test(char)) {
      if (quote === undefined) this.finish();
      else this.add(char);
      return true;
    }
    if ((char === '"' || char === "'") && (quote === undefined || quote === char)) {
      this.quote = quote === undefined ? char : undefined;
      this.open = true;
      return true;
    }
    if (quote === undefined) {
      if (char === ')' || (char === '(' && !this.word.endsWith('$'))) {
        fail('invalid command line string');
      }
      if (';&|<>'.includes(char)) {
        // The number of a redirected stream belongs to the redirection.
        if (char === '>' && /^\d/.test(this.word)) this.open = false;
        return false;
      }
    }
    if (char === '`' && (quote === undefined || quote === '`')) {
      this.quote = quote === undefined ? '`' : undefined;
    } else if (char === '(' && quote === undefined) {
      this.quote = '(';
    } else if (char === ')' && quote === '(') {
      this.quote = undefined;
    }
    this.add(char);
    return true;
  }

  private add(text: string): void {
    this.word += text;
    this.open = true;
  }

  private finish(): void {
    if (this.open) this.words.push(this.word);
    this.word = '';
    this.open = false;
  }
}
