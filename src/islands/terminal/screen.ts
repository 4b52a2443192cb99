import { signal } from '@preact/signals';
import type { ScreenText } from '../../engine/terminal.ts';
import type { Said } from '../engine-room/world-messages.ts';
import { cut, emptyLine, written, type ScreenLine } from './screen-line.ts';
import { classOf, PLAIN, render, type Rendition } from './sgr.ts';

/**
 * What stands at a prompt, as lines: texts as they were printed, with the few control characters and
 * sequences (ECMA-48) that tools of the engine use. Lines stand in blocks, so that what shows them
 * looks at the last one only; the oldest block goes when there are too many.
 */
export interface ScreenBlock {
  readonly number: number;
  readonly lines: ScreenLine[];
  /** Another one with each change. */
  version: number;
}

export const BLOCK_LINES = 100;
/** Lines that are kept to be looked at. */
export const LINES_LIMIT = 10_000;
/** Characters that wait to be read aloud; of more only the last ones are. */
const HEARD_LIMIT = 1_500;

const CONTROLS = /\x1b\[([0-9;:?]*)([A-Za-z])|\x1b[^[]|[\n\r\b\x07\0]/g;

/** `~/shop $`, as it stands before what is typed. */
export function promptText(cwd: string): string {
  const short = cwd === '/root' || cwd.startsWith('/root/') ? `~${cwd.slice('/root'.length)}` : cwd;
  return `${short} $`;
}

export class Screen {
  /** Another number with each change. */
  readonly revision = signal(0);
  /** The last answer to a line about time itself, which is no part of the world. */
  note: Said | undefined;
  #texts: ScreenText[] = [];
  #blocks: ScreenBlock[] = [];
  /** Lines that are there no more. */
  #dropped = 0;
  #row = 0;
  #column = 0;
  /** Where the screen begins for who writes from its upper corner on. */
  #top = 0;
  #rendition: Rendition = PLAIN;
  #heard = '';
  /** How many texts at the beginning are not shown. */
  #hidden = 0;

  /** How many texts there are. */
  get length(): number {
    return this.#texts.length;
  }

  get blocks(): readonly ScreenBlock[] {
    return this.#blocks;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** All lines that are kept. */
  get lines(): readonly ScreenLine[] {
    return this.#blocks.flatMap(({ lines }) => lines);
  }

  /** @param from how many texts stay of those that stand here */
  show(from: number, texts: readonly ScreenText[]): void {
    if (from < this.#texts.length) this.#rewind(from);
    for (const text of texts) {
      this.#texts.push(text);
      if (this.#texts.length <= this.#hidden) continue;
      this.#add(text);
      if ('stream' in text) this.#heard += text.text;
    }
    this.#heard = this.#heard.slice(-HEARD_LIMIT);
    this.revision.value += 1;
  }

  /** Shows only what comes behind so many texts. */
  hide(texts: number): void {
    if (texts === this.#hidden) return;
    this.#hidden = texts;
    this.#rewind(this.#texts.length);
    this.revision.value += 1;
  }

  /** Ctrl+L: shows nothing of what stands here; it is there again after a journey through time. */
  clear(): void {
    this.#clear();
    this.revision.value += 1;
  }

  /** The commands that were typed, oldest first. */
  get commands(): readonly string[] {
    return this.#texts.flatMap((one) =>
      'typed' in one && one.typed === 'command' ? one.text : [],
    );
  }

  say(said: Said): void {
    this.note = said;
    this.#command('$', said.line);
    this.#write(said.text, said.exitCode === 0 ? 'stdout' : 'stderr');
    this.#heard += said.text;
    this.revision.value += 1;
  }

  /** What was printed since a text, without what was typed. */
  printedFrom(from: number): string {
    return this.#texts.slice(from).map(printedOf).join('');
  }

  /** What was printed since this was asked last, for a screen reader. */
  takeHeard(): string {
    const heard = this.#heard;
    this.#heard = '';
    return heard.replace(CONTROLS, (found) => (found === '\n' ? found : ''));
  }

  #rewind(from: number): void {
    const kept = this.#texts.slice(0, from);
    this.#clear();
    this.#heard = '';
    this.#texts = kept;
    for (const text of kept.slice(this.#hidden)) this.#add(text);
  }

  #clear(): void {
    this.#blocks = [];
    [this.#row, this.#column, this.#top] = [0, 0, 0];
    this.#dropped = 0;
    this.#rendition = PLAIN;
  }

  #add(text: ScreenText): void {
    if ('stream' in text) {
      this.#write(text.text, text.stream);
      return;
    }
    if (text.typed === 'command') this.#command(promptText(text.cwd), text.text);
    else if (text.typed === 'continuation') this.#command('>', text.text);
    else if (text.typed === 'input') {
      this.#put(text.text, 'stdout', 'is-typed');
      this.#newLine('stdout');
    } else if (text.typed === 'interrupt') {
      this.#put('^C', 'stdout', 'is-typed');
      this.#newLine('stdout');
    }
  }

  #command(prompt: string, typed: string): void {
    if (this.#column > 0) this.#newLine('stdout');
    this.#row = this.#end;
    for (const [at, text] of typed.split('\n').entries()) {
      const line = written(emptyLine('command'), 0, { text, look: '' });
      this.#set(this.#row, { ...line, prompt: at === 0 ? prompt : '>' });
      this.#row += 1;
    }
    this.#column = 0;
    this.#top = this.#row;
    this.#rendition = PLAIN;
  }

  #write(text: string, stream: 'stdout' | 'stderr'): void {
    let at = 0;
    for (const found of text.matchAll(CONTROLS)) {
      this.#put(text.slice(at, found.index), stream);
      at = found.index + found[0].length;
      const [whole, parameters = '', final] = found;
      if (final !== undefined) this.#control(parameters, final);
      else if (whole === '\n') this.#newLine(stream);
      else if (whole === '\r') this.#column = 0;
      else if (whole === '\b') this.#column = Math.max(0, this.#column - 1);
    }
    this.#put(text.slice(at), stream);
  }

  #put(text: string, stream: 'stdout' | 'stderr', look = classOf(this.#rendition)): void {
    if (text === '') return;
    const line = this.#line(this.#row) ?? emptyLine(stream);
    this.#set(this.#row, written(line, this.#column, { text, look }));
    this.#column += text.length;
  }

  #newLine(stream: 'stdout' | 'stderr'): void {
    if (this.#row >= this.#end) this.#set(this.#row, emptyLine(stream));
    this.#row += 1;
    this.#column = 0;
  }

  #control(parameters: string, final: string): void {
    const count = Math.max(1, Number.parseInt(parameters, 10) || 1);
    if (final === 'm') this.#rendition = render(this.#rendition, parameters);
    else if (final === 'A') this.#row = Math.max(this.#top, this.#row - count);
    else if (final === 'B') this.#row = Math.min(this.#end, this.#row + count);
    else if (final === 'G') this.#column = count - 1;
    else if (final === 'H') this.#home(parameters);
    else if (final === 'K') this.#eraseLine(parameters);
    else if (final === 'J') this.#erase(parameters);
  }

  #home(parameters: string): void {
    const [row = 1, column = 1] = parameters.split(';').map((text) => Number(text) || 1);
    this.#row = Math.min(this.#end, this.#top + row - 1);
    this.#column = column - 1;
  }

  #eraseLine(parameters: string): void {
    const line = this.#line(this.#row);
    if (line) this.#set(this.#row, cut(line, parameters === '2' ? 0 : this.#column));
  }

  /** Of the screen from here on, all of it, or with what was before. */
  #erase(parameters: string): void {
    if (parameters === '3') {
      this.#clear();
      return;
    }
    if (parameters === '2') this.#row = this.#top;
    else this.#eraseLine('');
    const keepsThis = parameters !== '2' && this.#column > 0;
    this.#shorten(this.#row + (keepsThis ? 1 : 0));
  }

  /** One behind the last row that there is. */
  get #end(): number {
    const last = this.#blocks.at(-1);
    return last ? last.number * BLOCK_LINES + last.lines.length : 0;
  }

  #line(row: number): ScreenLine | undefined {
    return this.#block(row)?.lines[row % BLOCK_LINES];
  }

  #block(row: number): ScreenBlock | undefined {
    const first = this.#blocks[0]?.number ?? 0;
    return this.#blocks[Math.floor(row / BLOCK_LINES) - first];
  }

  /** Changes a line, or adds the one behind the last. */
  #set(row: number, line: ScreenLine): void {
    let block = this.#block(row);
    if (!block) {
      block = { number: Math.floor(row / BLOCK_LINES), lines: [], version: 0 };
      this.#blocks.push(block);
      this.#drop();
    }
    block.lines[row % BLOCK_LINES] = line;
    block.version += 1;
  }

  #drop(): void {
    while (this.#blocks.length > LINES_LIMIT / BLOCK_LINES) {
      this.#blocks.shift();
      this.#dropped += BLOCK_LINES;
      this.#top = Math.max(this.#top, this.#dropped);
    }
  }

  /** Takes away the lines from a row on. */
  #shorten(row: number): void {
    while (this.#end > row) {
      const last = this.#blocks.at(-1)!;
      const start = last.number * BLOCK_LINES;
      if (start >= row && this.#blocks.length > 1) this.#blocks.pop();
      else {
        last.lines.length = Math.max(0, row - start);
        last.version += 1;
        return;
      }
    }
  }
}

const printedOf = (text: ScreenText): string => ('stream' in text ? text.text : '');
