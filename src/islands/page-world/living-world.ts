import { PAGE_SEED } from '../../scenarios/page-seed.ts';
import type { Engine } from '../engine-room/connect.ts';
import type {
  Act,
  OpenedWorld,
  Printed,
  Progress,
  Said,
  WorldState,
} from '../engine-room/world-messages.ts';
import type { Markup, PageFence } from './fences.ts';

/** A piece of what was printed, and when in the world. */
export interface PrintedPiece {
  readonly timeMs: number;
  readonly text: string;
}

/** How far a world has come: so many commands of a fence, all that stands before it done. */
interface Place {
  readonly fence: number;
  readonly commands: number;
}

/** How far something that is waited for has come: in the world's own time once it is there. */
export interface Reached {
  readonly events?: number;
  /** Since the world began. */
  readonly sinceMs?: number;
}

type Opened = Extract<OpenedWorld, { kind: 'open' }>;

/**
 * One world of a page as the reader lives it, in the engine room: it is brought to where a block
 * begins, and then the block's commands are typed, each when the one before has ended.
 */
export class LivingWorld<Frame extends Markup> {
  /** The engine room's name for it. */
  readonly name: string;
  readonly fences: readonly PageFence<Frame>[];
  readonly #engine: Engine;
  readonly #textOf: (path: string, fence: number) => string;
  #opened: Opened | undefined;
  #at: Place = { fence: 0, commands: 0 };
  /** Actions done by us: where there are others, the reader did them. */
  #done = 0;
  #isTouched = false;
  #lived = '';
  #state: WorldState | undefined;
  #screen: Printed['texts'] = [];
  #said: string | undefined;
  /** Hears how far it has come while it is waited for. */
  onReached: ((reached: Reached) => void) | undefined;

  /**
   * @param fences of this world alone, in the page's order
   * @param textOf a file's text as it is now, which the reader may have edited
   */
  constructor(
    engine: Engine,
    name: string,
    fences: readonly PageFence<Frame>[],
    textOf: (path: string, fence: number) => string,
  ) {
    this.name = name;
    this.fences = fences;
    this.#engine = engine;
    this.#textOf = textOf;
    engine.hear(name, ({ kind, body }) => {
      if (kind === 'printed') this.#hear(body as Printed);
      if (kind === 'said') this.#said = (body as Said).text;
      if (kind === 'state') {
        this.#state = body as WorldState;
        this.#reach(this.#state.moment.timeMs);
      }
      if (kind !== 'progress') return;
      const { events, timeMs } = body as Progress;
      if (timeMs !== undefined) this.#reach(timeMs);
      else if (!this.#opened) this.onReached?.({ events });
    });
  }

  /** As it was opened, and how it stands now; undefined when it is not open. */
  get opened(): Opened | undefined {
    return this.#opened && { ...this.#opened, state: this.#state ?? this.#opened.state };
  }

  /** Where people type in it. */
  get machine(): string {
    return this.#opened?.machines.find(({ hasPrompt }) => hasPrompt)?.name ?? '';
  }

  /** How many texts stand at the prompt. */
  get length(): number {
    return this.#screen.length;
  }

  /**
   * Brings it to where a fence begins: goes on from where it stands, or begins anew where it has come
   * further, or a file that it was lived with has been edited since.
   *
   * @returns whether it began anew although it had begun
   */
  async standBefore(fence: number): Promise<boolean> {
    const goesOn = this.#isBefore(fence) && this.#lived === this.#filesUpTo(this.#at.fence);
    if (!goesOn) {
      const had = this.#opened !== undefined;
      await this.#open(fence);
      return had;
    }
    this.#isTouched = this.isTouched;
    await this.#freePrompt();
    while (this.#at.fence < fence) await this.#liveRest();
    this.#lived = this.#filesUpTo(fence);
    return false;
  }

  /** Types the next command of the fence at which it stands. @returns what was printed */
  async typeNext(): Promise<PrintedPiece[]> {
    const { fence, commands } = this.#at;
    const now = this.fences[fence];
    const command = now?.kind === 'transcript' ? now.commands[commands] : undefined;
    if (now?.kind !== 'transcript' || !command) throw new Error('there is no such command');
    this.#isTouched = this.isTouched;
    await this.#freePrompt();
    const printed = await this.#type(command.text);
    const isLast = commands + 1 === now.commands.length;
    this.#at = isLast ? { fence: fence + 1, commands: 0 } : { fence, commands: commands + 1 };
    return printed;
  }

  /** Whether the reader did something in it besides what the page does. */
  get isTouched(): boolean {
    return this.#isTouched || (this.#state?.done ?? this.#done) !== this.#done;
  }

  /** Whether it may well print something else than the page: files were edited, or more was typed. */
  get isOwn(): boolean {
    return this.isTouched || this.#lived !== this.#filesUpTo(this.#at.fence, true);
  }

  /** Forgets it: next time it is made anew. */
  forget(): void {
    this.#opened = undefined;
    this.#state = undefined;
    this.#screen = [];
    this.#isTouched = false;
  }

  #reach(timeMs: number): void {
    const { startMs } = this.#state ?? {};
    if (startMs !== undefined) this.onReached?.({ sinceMs: timeMs - startMs });
  }

  #isBefore(fence: number): boolean {
    const { fence: at, commands } = this.#at;
    return this.#opened !== undefined && (at < fence || (at === fence && commands === 0));
  }

  async #open(fence: number): Promise<void> {
    this.forget();
    const acts = this.fences.slice(0, fence).flatMap((one, i) => this.#actsOf(one, i));
    const preset = this.fences.flatMap((one) => ('preset' in one ? [one.preset] : []))[0] ?? 'host';
    const source = { from: 'acts', preset, seed: PAGE_SEED, acts } as const;
    const opened = await this.#engine.ask('world/open', { world: this.name, source });
    if (opened.kind === 'refused') throw new Error(`the page's world was refused: ${opened.why}`);
    this.#opened = opened;
    this.#at = { fence, commands: 0 };
    this.#lived = this.#filesUpTo(fence);
    this.#done = opened.state.done;
  }

  #actsOf(fence: PageFence<Frame>, i: number): Act[] {
    if (fence.kind === 'file') {
      const { path } = fence;
      return [{ type: 'file', path, content: this.#textOf(path, i) }];
    }
    return fence.commands.map(({ text }) => ({ type: 'line', line: text }));
  }

  async #liveRest(): Promise<void> {
    const { fence, commands } = this.#at;
    const now = this.fences[fence]!;
    if (now.kind === 'file') {
      const { path } = now;
      const content = this.#textOf(path, fence);
      const { done } = await this.#engine.ask('world/save', { ...this.#prompt, path, content });
      this.#done = done;
    } else {
      for (const { text } of now.commands.slice(commands)) await this.#type(text);
    }
    this.#at = { fence: fence + 1, commands: 0 };
  }

  async #type(line: string): Promise<PrintedPiece[]> {
    const before = this.#screen.length;
    this.#said = undefined;
    await this.#engine.ask('world/type', { ...this.#prompt, line });
    const { done, moment } = await this.#engine.ask('world/settle', this.#prompt);
    this.#done = done;
    const said: string | undefined = this.#said;
    if (said !== undefined) return [{ timeMs: moment.timeMs, text: said }];
    return this.#screen.slice(before).flatMap((one) => ('stream' in one ? [one] : []));
  }

  /** What the reader left running there would read what is typed next. */
  async #freePrompt(): Promise<void> {
    const prompt = this.#state?.prompts[this.machine];
    if (!prompt?.busy && !prompt?.continues) return;
    await this.#engine.ask('world/interrupt', this.#prompt);
    const { done } = await this.#engine.ask('world/settle', this.#prompt);
    this.#done = done;
  }

  get #prompt() {
    return { world: this.name, machine: this.machine };
  }

  #hear({ machine, from, texts }: Printed): void {
    if (this.#opened && machine !== this.machine) return;
    this.#screen = [...this.#screen.slice(0, from), ...texts];
  }

  /** The files that were there, as one text: told apart when one of them was edited. */
  #filesUpTo(fence: number, asWritten = false): string {
    const files = this.fences.slice(0, fence).flatMap((one, i) => {
      if (one.kind !== 'file') return [];
      return [[one.path, asWritten ? one.text : this.#textOf(one.path, i)]];
    });
    return JSON.stringify(files);
  }
}
