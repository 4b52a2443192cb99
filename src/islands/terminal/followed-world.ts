import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import type { Locale } from '../../i18n/locales.ts';
import type { Engine } from '../engine-room/connect.ts';
import type { News } from '../engine-room/port.ts';
import type {
  ForkAnswer,
  OpenedWorld,
  Printed,
  Progress,
  Said,
  WorldMachine,
  WorldSource,
  WorldState,
} from '../engine-room/world-messages.ts';
import { myTurn } from '../turns.ts';
import { Clock, type Speed } from './clock.ts';
import { Screen } from './screen.ts';

export type { Speed };

type Open = Extract<OpenedWorld, { kind: 'open' }>;

/**
 * A world as its page follows it: how it stands, what stands at its prompts, and the one clock by
 * which its time passes. Terminals and whatever else shows the world share it.
 */
export class FollowedWorld {
  readonly engine: Engine;
  readonly name: string;
  readonly machines: readonly WorldMachine[];
  readonly state: ReadonlySignal<WorldState>;
  /** How fast time passes: so many times as fast as here, or in no time. */
  readonly speed: Signal<Speed>;
  /** Whether time passes. */
  readonly playing: ReadonlySignal<boolean>;
  /** How far what is waited for has come, while the world itself stands still; virtual time. */
  readonly reachedMs = signal<number | undefined>(undefined);
  /** Why the engine cannot go on; nothing happens any more. */
  readonly broken = signal<string | undefined>(undefined);
  readonly #clock: Clock;
  readonly #state: Signal<WorldState>;
  readonly #screens: Map<string, Screen>;
  readonly #end: () => void;
  #latest: WorldState;
  #toldMs = -Infinity;
  #due: ReturnType<typeof setTimeout> | undefined;

  /** @param hearing what was heard of it while it was being opened, and what ends that */
  constructor(engine: Engine, name: string, opened: Open, hearing: Hearing) {
    this.engine = engine;
    this.name = name;
    this.machines = opened.machines;
    this.#latest = opened.state;
    this.#state = signal(opened.state);
    this.state = this.#state;
    this.#screens = hearing.screens;
    this.#end = hearing.end;
    this.#clock = new Clock(this);
    this.speed = this.#clock.speed;
    this.playing = this.#clock.playing;
    hearing.onReached = (timeMs) => (this.reachedMs.value = timeMs);
    hearing.onState = (state) => {
      this.reachedMs.value = undefined;
      this.#take(state);
      this.#clock.wake();
    };
  }

  /**
   * A state that is later and nothing else is told ten times a second, in a frame of its own: all panels
   * follow it.
   */
  #take(state: WorldState): void {
    this.#latest = state;
    const soonMs = this.#toldMs + TOLD_EVERY_MS - performance.now();
    const isLater = this.playing.peek() && differsInTime(state, this.#state.peek());
    if (!isLater) this.#tell();
    else this.#due ??= setTimeout(() => void this.#tellInTurn(), Math.max(0, soonMs));
  }

  async #tellInTurn(): Promise<void> {
    await myTurn();
    // Something else may have happened meanwhile, of which all was told.
    if (this.#due !== undefined) this.#tell();
  }

  #tell(): void {
    clearTimeout(this.#due);
    this.#due = undefined;
    this.#toldMs = performance.now();
    this.#state.value = this.#latest;
  }

  /** Has time pass, or stand, until the reader says otherwise; a line that is typed has its time. */
  play(isPlaying: boolean): void {
    this.#clock.play(isPlaying);
  }

  /** Has time stand at a moment, until the next line is typed. */
  rest(): void {
    this.#clock.rest();
  }

  /** What stands at the prompt of a machine. */
  screen(machine: string): Screen {
    return screenIn(this.#screens, machine);
  }

  /** Types a line, or several, as if the reader had: it appears, and it runs as time passes. */
  type(machine: string, line: string): void {
    void this.typing(machine, line);
  }

  /** As `type`. @returns when it has been typed, not when it has run */
  typing(machine: string, line: string): Promise<void> {
    const screen = this.screen(machine);
    const { note: before } = screen;
    return this.#doing(async () => {
      await this.engine.ask('world/type', { world: this.name, machine, line });
      const { note } = screen;
      // What is about time itself begins nothing; on from the past, time would do again what was undone.
      if (note === before) this.#clock.begin();
      else if (note?.travels) this.#clock.rest();
    });
  }

  /** Ctrl+C. */
  interrupt(machine: string): void {
    this.#clock.serve();
    void this.#doing(() => this.engine.ask('world/interrupt', { world: this.name, machine }));
  }

  /**
   * Types a line and waits until the prompt is free, as `Session.type` does: what would never end is
   * ended after a virtual minute. @returns what it printed
   */
  async run(machine: string, line: string): Promise<ForkAnswer> {
    const screen = this.screen(machine);
    const before = screen.length;
    const { engine, name: world } = this;
    await engine.ask('world/type', { world, machine, line });
    const { note } = screen;
    if (note?.line === line && screen.length <= before) {
      return { printed: note.text, exitCode: note.exitCode };
    }
    const state = await engine.ask('world/settle', { world, machine });
    const { exitCode = 0 } = state.prompts[machine] ?? {};
    return { printed: screen.printedFrom(before), exitCode };
  }

  /** Has no part of it any more. */
  end(): void {
    clearTimeout(this.#due);
    this.#due = undefined;
    this.#clock.end();
    this.#end();
    void this.#doing(() => this.engine.ask('world/close', { world: this.name }));
  }

  /** Until it is done no frame passes: who travels is not moved on by one that was due already. */
  #doing(work: () => Promise<unknown>): Promise<void> {
    return this.#clock.still(async () => {
      try {
        await work();
      } catch (fault) {
        this.broken.value ??= String(fault);
      }
    });
  }
}

const TOLD_EVERY_MS = 100;

/** Whether nothing but its time is otherwise than in another state of the same world. */
function differsInTime(state: WorldState, before: WorldState): boolean {
  const restOf = ({ startMs, inThePast, branch, branches, prompts, done }: WorldState): string =>
    JSON.stringify([startMs, inThePast, branch, branches.length, prompts, done]);
  return restOf(state) === restOf(before);
}

/** What is heard of a world, and who hears it. */
interface Hearing {
  readonly screens: Map<string, Screen>;
  readonly end: () => void;
  onState: (state: WorldState) => void;
  onReached?: (timeMs: number) => void;
}

interface Listening {
  /** What of that which was printed stands at the prompts here; all of it when left out. */
  readonly shown?: (printed: Printed) => Printed;
  /** Hears how many events were lived, while it takes long. */
  readonly progress?: ((events: number) => void) | undefined;
}

/** Listens to what a world tells, for whoever is going to follow it. */
export function hearWorld(engine: Engine, name: string, listening: Listening = {}): Hearing {
  const hearing: Hearing = {
    screens: new Map(),
    onState: () => undefined,
    end: engine.hear(name, (news) => hear(news, hearing, listening)),
  };
  return hearing;
}

function screenIn(screens: Map<string, Screen>, machine: string): Screen {
  const known = screens.get(machine);
  if (known) return known;
  const screen = new Screen();
  screens.set(machine, screen);
  return screen;
}

export interface Opening {
  /** What the page calls it, as no other of its worlds. */
  readonly world: string;
  readonly source: WorldSource;
  readonly locale: Locale;
  /** Pieces of the engine that are going to be needed, if the page knows. */
  readonly pieces?: readonly string[];
  /** Hears how many events were lived, while it takes long. */
  readonly progress?: (events: number) => void;
}

export type Followed =
  | { readonly kind: 'open'; readonly world: FollowedWorld; readonly opened: Open }
  | Extract<OpenedWorld, { kind: 'refused' }>;

/** Opens a world and follows it. @throws (rejects) when no engine can be had */
export async function openFollowed(
  engine: Engine,
  { world: name, source, pieces, progress }: Opening,
): Promise<Followed> {
  const hearing = hearWorld(engine, name, { progress });
  try {
    const opened = await engine.ask('world/open', {
      world: name,
      source,
      ...(pieces && { pieces }),
    });
    if (opened.kind === 'open') {
      return { kind: 'open', world: new FollowedWorld(engine, name, opened, hearing), opened };
    }
    hearing.end();
    return opened;
  } catch (fault) {
    hearing.end();
    throw fault;
  }
}

function hear({ kind, body }: News, hearing: Hearing, { shown, progress }: Listening): void {
  if (kind === 'state') hearing.onState(body as WorldState);
  else if (kind === 'printed') {
    const printed = body as Printed;
    const { machine, from, texts } = shown?.(printed) ?? printed;
    screenIn(hearing.screens, machine).show(from, texts);
  } else if (kind === 'said') {
    const said = body as Said;
    screenIn(hearing.screens, said.machine).say(said);
  } else if (kind === 'progress') {
    const { events, timeMs } = body as Progress;
    progress?.(events);
    if (timeMs !== undefined) hearing.onReached?.(timeMs);
  }
}
