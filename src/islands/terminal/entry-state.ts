import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { TerminalWords } from '../../i18n/terminal.ts';
import { fill } from '../../i18n/strings.ts';
import type { Completions } from '../engine-room/world-messages.ts';
import type { FollowedWorld } from './followed-world.ts';
import { History } from './history.ts';
import { Typist } from './typist.ts';
import { completed, type WrittenLine } from './written-line.ts';

/** Candidates that are shown; how many more there are is said. */
const SHOWN_LIMIT = 200;
/** Ctrl+D, as keyboards send it. */
const END_OF_INPUT = '\u0004';

/** Ctrl+R: what is looked for, and how many lines that hold it were passed over. */
interface Search {
  readonly skip: number;
  readonly found: string | undefined;
  /** What was being written before. */
  readonly draft: string;
}

/** The lines that are being written in a world, one at each prompt. */
export class Entries {
  readonly #world: FollowedWorld;
  readonly #words: TerminalWords;
  readonly #entries = new Map<string, EntryState>();

  constructor(world: FollowedWorld, words: TerminalWords) {
    this.#world = world;
    this.#words = words;
  }

  at(machine: string): EntryState {
    const known = this.#entries.get(machine);
    if (known) return known;
    const entry = new EntryState(this.#world, machine, this.#words);
    this.#entries.set(machine, entry);
    return entry;
  }

  end(): void {
    for (const { typist } of this.#entries.values()) typist.end();
  }
}

/**
 * The line that is being written at a machine's prompt, without its look: what keys do to it. What
 * is in the text field itself is handed in and given back.
 */
export class EntryState {
  readonly typist: Typist;
  /** What stood in the field when another machine was chosen. */
  draft = '';
  readonly history = new History();
  readonly search = signal<Search | undefined>(undefined);
  readonly candidates = signal<Completions['candidates']>([]);
  readonly more: ReadonlySignal<number>;
  /** After Escape: Tab goes on in the page instead of completing. */
  readonly leaving = signal(false);
  /** What just happened, for a line below and a screen reader. */
  readonly notice = signal('');
  readonly #world: FollowedWorld;
  readonly #machine: string;
  readonly #words: TerminalWords;
  readonly #all = signal<Completions['candidates']>([]);
  #asked = 0;
  /** The line for which Tab found nothing more to fill in. */
  #stuck: string | undefined;

  constructor(world: FollowedWorld, machine: string, words: TerminalWords) {
    this.#world = world;
    this.#machine = machine;
    this.#words = words;
    this.typist = new Typist(world, machine);
    this.more = computed(() => Math.max(0, this.#all.value.length - SHOWN_LIMIT));
    for (const line of world.screen(machine).commands) this.history.add(line);
  }

  /** Enter. */
  submit(text: string): void {
    const search = this.search.peek();
    const line = search ? (search.found ?? text) : text;
    this.forget();
    this.history.add(line);
    this.typist.type([line]);
  }

  /** Several lines were pasted. @returns what is left to be written: a last line without its end */
  paste(before: string, pasted: string, after: string): string {
    const lines = (before + pasted).replace(/\r\n?/g, '\n').split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) this.history.add(line);
    this.forget();
    this.typist.type(lines);
    return rest + after;
  }

  interrupt(): void {
    this.forget();
    this.typist.interrupt();
  }

  /** Ctrl+D in an empty line. */
  end(): void {
    const prompt = this.#world.state.peek().prompts[this.#machine];
    if (prompt?.busy) this.#world.type(this.#machine, END_OF_INPUT);
    else if (!prompt?.continues) this.typist.type(['exit']);
  }

  /** Ctrl+L. */
  clear(): void {
    this.#world.screen(this.#machine).clear();
  }

  /** Ctrl+R, again and again. @param text what stands in the field */
  searchOlder(text: string): void {
    const before = this.search.peek();
    const skip = before ? before.skip + 1 : 0;
    const query = before ? text : '';
    const found = query === '' ? undefined : this.history.find(query, skip);
    // At the last one it stays.
    if (before && found === undefined && before.found !== undefined) return;
    this.search.value = { skip, found, draft: before?.draft ?? text };
  }

  /** The text that is looked for changed. */
  searchFor(text: string): void {
    const search = this.search.peek();
    if (!search) return;
    const found = text === '' ? undefined : this.history.find(text);
    this.search.value = { ...search, skip: 0, found };
  }

  /** Ends the search. @returns what then stands in the field */
  endSearch(takes: boolean): string {
    const search = this.search.peek();
    this.search.value = undefined;
    return (takes ? search?.found : undefined) ?? search?.draft ?? '';
  }

  /** Tab. @returns the line as it then is; undefined where it changed meanwhile or nothing fits */
  async complete(line: WrittenLine): Promise<WrittenLine | undefined> {
    const number = ++this.#asked;
    const { engine, name: world } = this.#world;
    const asked = { world, machine: this.#machine, line: line.text, caret: line.caret };
    const found = await engine.ask('world/complete', asked).catch(() => undefined);
    if (!found || number !== this.#asked) return undefined;
    const next = completed(line, found);
    const { candidates } = found;
    const isStuck = next.text === line.text;
    const isSecond = isStuck && this.#stuck === line.text;
    this.#stuck = isStuck ? line.text : undefined;
    this.#list(isSecond && candidates.length > 1 ? candidates : []);
    if (candidates.length === 0) this.notice.value = this.#words.noCandidate;
    return next;
  }

  /** Another key was pressed: what was said about the line before counts no more. */
  touch(): void {
    this.#asked += 1;
    this.leaving.value = false;
    this.notice.value = '';
  }

  /** Another machine is chosen. @param text what stands in the field */
  leave(text: string): void {
    this.draft = this.search.peek()?.draft ?? text;
    this.forget();
  }

  forget(): void {
    this.touch();
    this.#stuck = undefined;
    this.search.value = undefined;
    this.#list([]);
  }

  #list(candidates: Completions['candidates']): void {
    this.#all.value = candidates;
    this.candidates.value = candidates.slice(0, SHOWN_LIMIT);
    const count = candidates.length;
    this.notice.value = count > 0 ? fill(this.#words.candidates, { count }) : '';
  }
}
