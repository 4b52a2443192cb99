import type { Locale } from '../../i18n/locales.ts';
import { fill } from '../../i18n/strings.ts';
import type { Editor, EditorOptions } from '../editor/editor.ts';
import type { Words } from './block-view.ts';
import { button } from './button.ts';
import type { PageFence } from './fences.ts';
import { keepText, keptText } from './kept-texts.ts';

type File = Extract<PageFence<HTMLElement>, { kind: 'file' }>;

export interface FileDoing {
  readonly check: NonNullable<EditorOptions['check']>;
  /** Lives the page's world anew with the file as it is now, and shows what follows. */
  readonly apply: () => Promise<void>;
}

/** A file of the page's world, edited where it stands. */
export class FileView {
  readonly #fence: File;
  readonly #id: string;
  readonly #words: Words;
  readonly #locale: Locale;
  readonly #doing: FileDoing;
  readonly #pre: HTMLElement;
  readonly #place = document.createElement('div');
  readonly #bar = document.createElement('div');
  readonly #note = document.createElement('p');
  readonly #mark = document.createElement('span');
  readonly #written: readonly Node[];
  #editor: Editor | undefined;
  #text: string;

  /** @param id by which its text is kept */
  constructor(fence: File, id: string, { words, locale, doing }: FileOptions) {
    this.#fence = fence;
    this.#id = id;
    this.#words = words;
    this.#locale = locale;
    this.#doing = doing;
    this.#text = keptText(id) ?? fence.text;
    this.#pre = fence.frame.querySelector<HTMLElement>(':scope > pre')!;
    this.#written = [...(this.#pre.querySelector('code')?.childNodes ?? [])];
    this.#place.className = 'editor-place';
    this.#bar.className = 'block-bar';
    this.#note.className = 'block-note';
    this.#note.setAttribute('role', 'status');
    this.#note.textContent = words.applyNote;
    this.#mark.className = 'changed-mark';
    this.#mark.textContent = words.isChanged;
    this.#bar.append(
      this.#note,
      button(words.apply, () => void this.#apply()),
      button(words.reset, () => {
        this.#editor?.replace(withoutEnd(fence.text));
        this.#editor?.focus();
      }),
      button(words.close, () => {
        this.close();
        fence.frame.querySelector<HTMLButtonElement>('.edit-here')?.focus();
      }),
    );
    this.#show();
  }

  /** As it is now. */
  get text(): string {
    return this.#text;
  }

  get isChanged(): boolean {
    return this.#text !== this.#fence.text;
  }

  async open(): Promise<void> {
    if (this.#editor) {
      this.#editor.focus();
      return;
    }
    const { mountEditor } = await import('../editor/editor.ts');
    const { frame, path } = this.#fence;
    this.#place.style.minBlockSize = `${this.#pre.offsetHeight}px`;
    this.#pre.hidden = true;
    this.#pre.after(this.#place, this.#bar);
    frame.classList.add('is-edited');
    // The place is made anew each time: a shadow root stays with its element.
    const host = document.createElement('div');
    this.#place.replaceChildren(host);
    this.#editor = mountEditor(host, {
      name: path,
      text: withoutEnd(this.#text),
      label: fill(this.#words.file, { name: path }),
      locale: this.#locale,
      check: this.#doing.check,
      onChange: (text) => {
        this.#take(`${text}\n`);
      },
      onSave: () => void this.#apply(),
    });
    this.#editor.focus();
  }

  /** Shows the text without its editor, as it is now. */
  close(): void {
    this.#editor?.destroy();
    this.#editor = undefined;
    this.#place.remove();
    this.#bar.remove();
    this.#pre.hidden = false;
    this.#fence.frame.classList.remove('is-edited');
    this.#show();
  }

  #take(text: string): void {
    this.#text = text;
    const isKept = keepText(this.#id, this.isChanged ? text : undefined);
    this.#say(isKept ? this.#words.applyNote : this.#words.notKept);
    this.#show();
  }

  /** Marks it where it was changed, and has the text behind the editor say the same. */
  #show(): void {
    const edit = this.#fence.frame.querySelector('.edit-here');
    if (this.isChanged) edit?.before(this.#mark);
    else this.#mark.remove();
    const now = this.isChanged ? [withoutEnd(this.#text)] : this.#written;
    this.#pre.querySelector('code')?.replaceChildren(...now);
  }

  async #apply(): Promise<void> {
    await this.#doing.apply();
    this.#say(this.#words.applied);
  }

  /** Once: what is set again is read aloud again, at every key. */
  #say(text: string): void {
    if (this.#note.textContent !== text) this.#note.textContent = text;
  }
}

/** The last line end is no line, neither on a page nor in the editor. */
const withoutEnd = (text: string): string => text.replace(/\n$/, '');

interface FileOptions {
  readonly words: Words;
  readonly locale: Locale;
  readonly doing: FileDoing;
}
