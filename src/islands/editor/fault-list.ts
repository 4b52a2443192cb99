import { editorStrings } from '../../i18n/editor.ts';
import type { Locale } from '../../i18n/locales.ts';
import { fill } from '../../i18n/strings.ts';
import type { EditorFault } from './fault.ts';

/** More are counted. */
const SHOWN = 4;

/** What is wrong, in words, below the text; those of the caret's line first. */
export class FaultList {
  readonly element = document.createElement('div');
  readonly #list = document.createElement('ul');
  readonly #more = document.createElement('p');
  readonly #words: (typeof editorStrings)['en'];
  readonly #go: (fault: EditorFault) => void;
  #faults: readonly EditorFault[] = [];
  #line = 0;

  /** @param go leads the reader to where a fault stands */
  constructor(locale: Locale, go: (fault: EditorFault) => void) {
    this.#words = editorStrings[locale];
    this.#go = go;
    this.element.className = 'faults';
    this.element.setAttribute('role', 'status');
    this.#list.setAttribute('aria-label', this.#words.faults);
    this.#more.hidden = true;
  }

  show(faults: readonly EditorFault[]): void {
    this.#faults = faults;
    this.#draw();
  }

  /** @param line the caret's */
  attend(line: number): void {
    if (line === this.#line) return;
    this.#line = line;
    if (this.#faults.length > 1) this.#draw();
  }

  /** Why there is nothing to show. */
  say(text: string): void {
    this.#faults = [];
    this.element.textContent = text;
  }

  #draw(): void {
    const isHere = ({ line, endLine }: EditorFault) => line <= this.#line && this.#line <= endLine;
    const here = this.#faults.filter(isHere);
    const others = this.#faults.filter((fault) => !isHere(fault));
    const shown = [...here, ...others].slice(0, SHOWN);
    this.#list.replaceChildren(...shown.map((fault) => this.#item(fault, here.includes(fault))));
    const left = this.#faults.length - shown.length;
    this.#more.hidden = left === 0;
    this.#more.textContent = fill(this.#words.more, { count: left });
    this.element.replaceChildren(...(shown.length > 0 ? [this.#list, this.#more] : []));
  }

  #item(fault: EditorFault, isHere: boolean): HTMLElement {
    const item = document.createElement('li');
    item.className = `${fault.severity}${isHere ? ' is-here' : ''}`;
    const link = document.createElement('button');
    link.type = 'button';
    const line = fill(this.#words.at, { line: fault.line });
    link.textContent = `${this.#words[fault.severity]}, ${line}`;
    link.addEventListener('click', () => {
      this.#go(fault);
    });
    item.append(link, ' ', fault.message);
    return item;
  }
}
