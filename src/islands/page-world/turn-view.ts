import type { PageCommand } from './fences.ts';
import { differenceOf, linesOf, type Difference } from './difference.ts';
import type { PrintedPiece } from './living-world.ts';
import type { Pace } from './pace.ts';

/** As much of a long output as the page shows of it, too. */
const UNFOLDED = 14;
const HEAD = 3;
const TAIL = 4;

interface TurnWords {
  readonly more: (count: number) => string;
  /** Beside a line that the page does not have, for those who do not see its mark. */
  readonly isNew: string;
}

function span(className: string, ...content: (string | Node)[]): HTMLSpanElement {
  const element = document.createElement('span');
  if (className !== '') element.className = className;
  element.append(...content);
  return element;
}

/** One command with what it prints, as a page's transcripts look. */
export class TurnView {
  readonly element = document.createElement('div');
  readonly #words: TurnWords;
  readonly #typed: readonly HTMLElement[];
  #code: HTMLElement;

  constructor(text: string, words: TurnWords) {
    this.#words = words;
    this.#typed = text.split('\n').map((line, i) => {
      return span('line typed', span('prompt', i === 0 ? '$ ' : '> '), line);
    });
    this.element.className = 'turn';
    this.#code = this.#block(this.#typed);
  }

  /** Lets what was printed appear as it did in the world's time. */
  async show(pieces: readonly PrintedPiece[], pace: Pace, onMore: () => void): Promise<void> {
    let before = pieces[0]?.timeMs ?? 0;
    for (const { timeMs, text } of pieces) {
      await pace.pass(timeMs - before);
      before = timeMs;
      this.#code.append(text);
      onMore();
    }
  }

  /** Shows all of it, and marks what the page does not show. */
  finish(printed: string, { printed: page }: PageCommand): Difference {
    const difference = differenceOf(linesOf(page), linesOf(printed));
    const lines = linesOf(printed).map((text, i) => {
      if (!difference.added.has(i)) return span('line', text);
      const note = span('unseen', ` (${this.#words.isNew})`);
      return span('line differs', text, note);
    });
    const isFolded = lines.length > UNFOLDED;
    this.element.replaceChildren();
    this.#block([...this.#typed, ...(isFolded ? lines.slice(0, HEAD) : lines)]);
    if (isFolded) {
      const folded = lines.slice(HEAD, -TAIL);
      const details = document.createElement('details');
      const summary = document.createElement('summary');
      summary.textContent = this.#words.more(folded.length);
      details.append(summary);
      details.open = folded.some(({ className }) => className.includes('differs'));
      this.element.append(details);
      this.#block(folded, details);
      this.#block(lines.slice(-TAIL));
    }
    return difference;
  }

  #block(lines: readonly HTMLElement[], place: HTMLElement = this.element): HTMLElement {
    const pre = document.createElement('pre');
    const code = document.createElement('code');
    for (const line of lines) code.append(line, '\n');
    pre.append(code);
    place.append(pre);
    this.#code = code;
    return code;
  }
}
