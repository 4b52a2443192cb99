import type { Breathing } from '../../engine/sim/breath.ts';
import { fetchMissing, PieceMissing } from '../../engine/sim/pieces.ts';
import type { Moment } from '../../engine/sim/kernel.ts';
import { inSlices, LEFT_OFF, type Manner } from './breath.ts';
import { withPieces } from './pieces.ts';
import type { Room } from './port.ts';
import { Screens } from './world-screens.ts';
import type { Begun } from './world-source.ts';
import { machinesOf, stateOf } from './world-state.ts';
import type { Progress, Said, WorldMachine, WorldState } from './world-messages.ts';

/**
 * A world that a page has opened. One thing at a time happens in it: who acts, or looks, waits for
 * whoever is at work, so that a fork or a journey through time is never seen half-way.
 */
export class HeldWorld {
  readonly name: string;
  readonly begun: Begun;
  readonly machines: readonly WorldMachine[];
  /** Counts the questions whether its exercise is solved: the last one alone is answered. */
  judged = 0;
  readonly #tell: Room['tell'];
  readonly #screens: Screens;
  readonly #startMs: number;
  #atWork: Promise<unknown> = Promise.resolve();
  /** How many wait to act: what can leave off does so for them. */
  #eager = 0;
  #closed = false;
  #told: { readonly moment: Moment; readonly branch: number } | undefined;

  constructor(name: string, begun: Begun, { tell }: Room) {
    const { world, timeline } = begun.session;
    this.name = name;
    this.begun = begun;
    this.machines = machinesOf(world);
    this.#tell = tell;
    const { given, challenge } = begun;
    // An exercise may have been sent or kept with what the reader did in it.
    const lastGiven = challenge && timeline.journal.entries[given - 1];
    this.#screens = new Screens(world, this.machines, lastGiven ?? (given > 0 ? 'all' : undefined));
    const begunMs = lastGiven?.moment.timeMs ?? timeline.moment.timeMs;
    this.#startMs = given > 0 ? begunMs : timeline.start.timeMs;
  }

  get startMs(): number {
    return this.#startMs;
  }

  get state(): WorldState {
    return stateOf(this.begun, this.#startMs, this.machines);
  }

  /** @throws when there is no such machine here, or no prompt on it */
  needPrompt(machine: string): void {
    const found = this.machines.find(({ name }) => name === machine);
    if (!found) throw new Error(`there is no machine ${machine}`);
    if (!found.hasPrompt) throw new Error(`there is no prompt on ${machine}`);
  }

  /** Changes something here and now, as soon as may be. @returns how the world stands then */
  async act(change: () => void): Promise<WorldState> {
    this.#eager += 1;
    try {
      return await this.#alone(() => this.#change(change));
    } finally {
      this.#eager -= 1;
    }
  }

  /** Lives a slice of it, when nobody else is at work. */
  slice(live: () => void): Promise<WorldState> {
    return this.#alone(() => this.#change(live));
  }

  /** Looks at the world, and leaves it as it is. */
  look<T>(at: () => T): Promise<T> {
    return this.#alone(() => withPieces(at));
  }

  /**
   * Looks at it at other moments too, breathing. Left off for whoever acts, it is begun anew.
   * @param work leaves the world as it found it, also when it is left off
   */
  async lookAlong<T>(work: () => Breathing<T>): Promise<T> {
    const leavesOff = () => this.#eager > 0 || this.#closed;
    for (;;) {
      const result = await this.#alone(() => this.#inSlices(work, { leavesOff }));
      if (result !== LEFT_OFF) return result;
    }
  }

  /** Does what takes long. It comes to its end before anybody else acts or looks. */
  async take<T>(work: () => Breathing<T>): Promise<T> {
    const result = await this.takeUnless(work, () => false);
    if (result === LEFT_OFF) throw new Error(`${this.name} was closed`);
    return result;
  }

  /**
   * The same, unless whoever asked gives it up, or the world is closed: then it leaves off.
   * @param work leaves the world as it found it when it is left off
   */
  takeUnless<T>(work: () => Breathing<T>, isGivenUp: () => boolean): Promise<T | typeof LEFT_OFF> {
    const manner = { onBreath: this.#progress, leavesOff: () => this.#closed || isGivenUp() };
    return this.#alone(async () => {
      const result = await this.#inSlices(work, manner);
      if (!this.#closed) this.tellNews();
      return result;
    });
  }

  /**
   * Does what takes long and can be left off at any breath, where somebody wants to act.
   * @returns whether it came to its end
   */
  takeUp(work: () => Breathing<unknown>): Promise<boolean> {
    const onBreath = (events: number) => {
      const { isTrying, now } = this.begun.session.world.kernel;
      if (isTrying) this.#progress(events, now);
      else this.tellNews();
    };
    const leavesOff = () => this.#eager > 0 || this.#closed;
    return this.#alone(async () => {
      const result = await this.#inSlices(work, { onBreath, leavesOff });
      this.tellNews();
      return result !== LEFT_OFF || this.#closed;
    });
  }

  say(said: Said): void {
    this.#tell({ about: this.name, kind: 'said', body: said });
  }

  /** Tells what is new since it was told last: state, what was printed. */
  tellNews(): void {
    const { moment, branch } = this.begun.session.timeline;
    const told = this.#told;
    const isSame =
      told?.moment.sequence === moment.sequence &&
      told.moment.timeMs === moment.timeMs &&
      told.branch === branch.id;
    if (isSame || this.#closed) return;
    this.#told = { moment, branch: branch.id };
    const about = this.name;
    for (const body of this.#screens.news()) this.#tell({ about, kind: 'printed', body });
    this.#tell({ about, kind: 'state', body: this.state });
  }

  close(): void {
    this.#closed = true;
  }

  readonly #progress = (events: number, timeMs?: number): void => {
    const body: Progress = { events, ...(timeMs !== undefined && { timeMs }) };
    this.#tell({ about: this.name, kind: 'progress', body });
  };

  async #change(change: () => void): Promise<WorldState> {
    await this.#inSlices(function* () {
      change();
      yield 0;
    }, {});
    this.tellNews();
    return this.state;
  }

  /** Begins anew where a piece was missing; whatever it fails of, the world is as it was before. */
  async #inSlices<T>(
    work: () => Breathing<T>,
    manner: Manner<number>,
  ): Promise<T | typeof LEFT_OFF> {
    const takeBack = this.begun.session.timeline.bookmark();
    for (;;) {
      try {
        return await inSlices(work(), manner);
      } catch (fault) {
        takeBack();
        if (!(fault instanceof PieceMissing)) throw fault;
        await fetchMissing();
      }
    }
  }

  async #alone<T>(work: () => T | Promise<T>): Promise<T> {
    const before = this.#atWork;
    let done = (): void => undefined;
    this.#atWork = new Promise<void>((resolve) => (done = resolve));
    await before;
    try {
      if (this.#closed) throw new Error(`${this.name} was closed`);
      return await work();
    } finally {
      done();
    }
  }
}
