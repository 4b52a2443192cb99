import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { EncodedWorld } from '../../engine/link/world-link.ts';
import type { Verdict } from '../../scenarios/challenges/judge-challenge.ts';
import type { ForkAnswer, OpenedWorld } from '../engine-room/world-messages.ts';
import type { Looking, ObjectRef } from '../panels/looking.ts';
import type { FollowedWorld } from '../terminal/followed-world.ts';
import { writeAddress, type LabAddress } from './address.ts';
import type { Exercise, Story } from './catalogue.ts';
import { withChallenge } from './challenge-file.ts';
import { Keeper } from './keeper.ts';
import type { LabMeans } from './lab-means.ts';
import type { Opening } from './opening.ts';
import { noteSolved, solvedChallenges } from './solved.ts';

/** A world that stands on the bench: what it is to the reader, and what the bench does with it. */
export interface BenchWorldParts {
  readonly world: FollowedWorld;
  readonly opened: OpenedWorld & { readonly kind: 'open' };
  readonly title: string;
  readonly opening: Opening;
}

/** Of which scenario an address is, and how many of its steps were typed there. */
function storyOf(address: LabAddress): { readonly id: string; readonly steps: number } | undefined {
  if (address.kind === 'link') return address.story;
  return address.kind === 'scenario' ? { id: address.id, steps: 0 } : undefined;
}

type Act = 'world/undo' | 'world/seek' | 'world/seek-moment' | 'world/switch';

export class BenchWorld {
  readonly means: LabMeans;
  readonly world: FollowedWorld;
  readonly opened: BenchWorldParts['opened'];
  readonly title: string;
  readonly address: LabAddress;
  readonly story: Story | undefined;
  readonly exercise: Exercise | undefined;
  /** Which machine's prompt is shown. */
  readonly machine: Signal<string>;
  /** How many of the story's steps were typed. */
  readonly steps: Signal<number>;
  /** Which tab is shown; the first one when none was chosen. */
  readonly pane = signal('');
  readonly verdict = signal<Verdict | 'asking' | undefined>(undefined);
  /** Of an exercise: it was solved in this browser, now or before. */
  readonly solved: Signal<boolean>;
  readonly looking: Looking;
  readonly selected = signal<ObjectRef | undefined>(undefined);
  readonly keeping: Keeper['keeping'];
  readonly busy: ReadonlySignal<boolean>;
  readonly #keeper: Keeper;
  /** Where people begin. */
  readonly first: string;
  readonly #ends: (() => void)[] = [];
  #asked = 0;
  /** What it is living on to; who asks for more meanwhile wants it from there. */
  #aimedMs: number | undefined;

  constructor(means: LabMeans, { world, opened, title, opening }: BenchWorldParts) {
    const { address, kept } = opening;
    const { catalogue, engine, locale, store } = means;
    this.means = means;
    this.world = world;
    this.opened = opened;
    this.title = title;
    const { challenge: id } = opened;
    // A file has no address; of an exercise's world what it began as can be opened again.
    this.address =
      id !== undefined && address.kind === 'none' ? { kind: 'challenge', id } : address;
    const told = storyOf(address);
    this.story = told && catalogue.story(told.id);
    this.exercise = id === undefined ? undefined : catalogue.exercise(id);
    this.solved = signal(solvedChallenges(store).includes(id ?? ''));
    this.first = opened.machines.find(({ hasPrompt }) => hasPrompt)?.name ?? '';
    this.machine = signal(this.story?.machine ?? this.first);
    this.steps = signal(kept?.steps ?? told?.steps ?? 0);
    this.busy = computed(() => world.state.value.prompts[this.machine.value]?.busy ?? false);
    this.looking = {
      engine,
      world: world.name,
      locale,
      state: world.state,
      selected: this.selected,
      go: ({ timeMs }) => this.go(timeMs),
      switchTo: (branch) => this.#goTo('world/switch', { branch }),
    };
    const about = { address: writeAddress(this.address), title, preset: opened.preset };
    const steps = (): number | undefined => (this.story ? this.steps.peek() : undefined);
    this.#keeper = new Keeper({ means, world, about, kept, steps });
    this.keeping = this.#keeper.keeping;
    let asked = world.state.peek().done;
    this.#ends.push(
      effect(() => {
        // What is found stands until something else was done.
        const { done } = world.state.value;
        if (done !== asked && this.verdict.peek() !== 'asking') this.verdict.value = undefined;
        asked = done;
      }),
    );
  }

  /** Under which this browser keeps it, once something was done in it. */
  get keptId(): string {
    return this.#keeper.id;
  }

  /** Types a line at a machine, by itself where people begin. */
  type(line: string, machine = this.machine.peek()): void {
    this.machine.value = machine;
    this.world.type(machine, line);
  }

  /** Types the next step of the story. */
  nextStep(): void {
    const step = this.story?.steps[this.steps.value];
    if (!step || this.busy.value) return;
    this.steps.value += 1;
    this.type(step.run, this.story?.machine);
  }

  /** Has the story lived on until so much time after its begin, the steps of that time typed. */
  async catchUp(atMs: number): Promise<void> {
    const { engine } = this.means;
    const world = this.world.name;
    const untilMs = this.world.state.peek().moment.timeMs + atMs;
    const live = async (byMs: number): Promise<void> => {
      await engine.ask('world/seek', { world, timeMs: this.#now + byMs });
    };
    for (const { run, pauseMs } of this.story?.steps ?? []) {
      if (this.#now + pauseMs >= untilMs) break;
      await live(pauseMs);
      this.steps.value += 1;
      await this.world.run(this.machine.peek(), run);
    }
    if (this.#now !== untilMs) await live(untilMs - this.#now);
  }

  get #now(): number {
    return this.world.state.peek().moment.timeMs;
  }

  undo(): void {
    this.#goTo('world/undo', {});
  }

  go(timeMs: number): void {
    const { startMs } = this.world.state.peek();
    this.#goTo('world/seek', { timeMs: Math.max(startMs, timeMs) });
  }

  /** Lives on by so much, however long that takes; time goes on, or stands, as it did. */
  live(byMs: number): void {
    const timeMs = Math.max(this.#aimedMs ?? 0, this.#now) + byMs;
    this.#aimedMs = timeMs;
    void this.#ask('world/seek', { timeMs }).then(() => {
      if (this.#aimedMs === timeMs) this.#aimedMs = undefined;
    });
  }

  toEnd(): void {
    this.#goTo('world/seek-moment', { moment: this.world.state.peek().end });
  }

  /** What to put behind the `#` to come here, or how much too long that would be. */
  async link(): Promise<EncodedWorld> {
    const made = await this.means.engine.ask('world/link', { world: this.world.name });
    if (made.kind !== 'link') return made;
    const { payload } = made;
    const { exercise, story } = this;
    const more = {
      ...(exercise && { challenge: exercise.id }),
      ...(story && { story: { id: story.id, steps: this.steps.peek() } }),
    };
    return { kind: 'link', payload: writeAddress({ kind: 'link', payload, ...more }) };
  }

  /** The text of its file; undefined when it is too large for one. */
  async file(): Promise<string | undefined> {
    const text = await this.means.engine.ask('world/file', { world: this.world.name });
    return text !== undefined && this.exercise ? withChallenge(text, this.exercise.id) : text;
  }

  /** Whether the challenge is solved; what comes after `endCheck` counts no more. */
  async check(): Promise<void> {
    const { engine, store, changed } = this.means;
    const number = ++this.#asked;
    this.verdict.value = 'asking';
    const verdict = await engine
      .ask('world/judge', { world: this.world.name })
      .catch((fault: unknown) => {
        this.world.broken.value ??= String(fault);
      });
    if (number !== this.#asked) return;
    this.verdict.value = verdict ?? undefined;
    if (!verdict?.met || !this.exercise) return;
    this.solved.value = true;
    noteSolved(store, this.exercise.id);
    changed();
  }

  /** An exercise that was not solved yet, in the page's order from here on. */
  get nextExercise(): { readonly address: LabAddress; readonly title: string } | undefined {
    const { catalogue, store } = this.means;
    if (!this.exercise) return undefined;
    const { id } = this.exercise;
    const all = catalogue.exerciseIds();
    const at = all.indexOf(id);
    const solved = [id, ...solvedChallenges(store)];
    const next = [...all.slice(at + 1), ...all.slice(0, at)].find((one) => !solved.includes(one));
    if (next === undefined) return undefined;
    const address: LabAddress = { kind: 'challenge', id: next };
    return { address, title: catalogue.titleOf(address) ?? next };
  }

  endCheck(): void {
    this.#asked += 1;
    this.verdict.value = undefined;
    const { engine } = this.means;
    engine.ask('world/judge-no-more', { world: this.world.name }).catch(() => undefined);
  }

  /** Asks something in a fork of the world, where people type. */
  async ask(line: string): Promise<ForkAnswer> {
    const { engine } = this.means;
    const machine = this.first;
    const none: ForkAnswer = { printed: '', exitCode: 1 };
    const asked = engine.ask('world/ask', { world: this.world.name, machine, line });
    return asked.catch(() => none);
  }

  files(directory: string): Promise<readonly { readonly path: string; readonly bytes: number }[]> {
    const machine = this.machine.peek();
    return this.means.engine
      .ask('world/files', { world: this.world.name, machine, directory })
      .catch(() => []);
  }

  read(path: string, machine: string): Promise<string | undefined> {
    return this.means.engine.ask('world/read', { world: this.world.name, machine, path });
  }

  async save(path: string, content: string, machine: string): Promise<void> {
    await this.means.engine.ask('world/save', { world: this.world.name, machine, path, content });
  }

  end(): void {
    for (const end of this.#ends) end();
    this.#keeper.end();
    this.world.end();
  }

  /** Goes to another moment, and time stands there. */
  #goTo(name: Act, body: object): void {
    this.world.rest();
    this.#aimedMs = undefined;
    void this.#ask(name, body);
  }

  async #ask(name: Act, body: object): Promise<void> {
    const whole = { world: this.world.name, ...body };
    // The answer comes as news, too; that a world has gone in the meantime is nobody's loss.
    await this.means.engine.ask(name, whole as never).catch(() => undefined);
  }
}
