import { serveExplanations } from './kubernetes/kubectl/explain/explain-service.ts';
import { resolvePath } from './machine/command.ts';
import { PATIENCE_MS, waitingPatiently, type Life } from './patience.ts';
import { assert } from './sim/assert.ts';
import { atOnce, type Breathing } from './sim/breath.ts';
import { Timeline } from './sim/timeline.ts';
import { travelling, travelOf } from './travel.ts';
import { ENGINE_VERSION } from './version.ts';
import {
  createWorld,
  raiseWorld,
  type InterruptAction,
  type SaveAction,
  type ShellAction,
  type World,
  type WorldOptions,
} from './world.ts';

/**
 * A person at a machine's prompt, on a world whose time can be taken back: types a line, waits until
 * the prompt is there again, and has what was printed.
 */
export interface TypedLine {
  /** What appeared since the line was typed, in the order it was written. */
  readonly printed: string;
  readonly exitCode: number;
}

export class Session {
  readonly world: World;
  readonly timeline: Timeline;
  /** Where the person types. */
  readonly machine: string;

  /** @param world as these options make it, if it was made already */
  constructor({ preset, seed }: WorldOptions, world = createWorld(withTexts({ preset, seed }))) {
    this.world = world;
    const { kernel, machines } = world;
    const journal = { engine: ENGINE_VERSION, seed, world: preset, entries: [] };
    this.timeline = new Timeline(kernel, journal);
    this.machine = machines.find(({ shell }) => shell)?.name ?? '';
  }

  /** Saves a file below the directory in which the person is, as from an editor. */
  write(path: string, content: string, machine = this.machine): void {
    const { cwd } = this.world.terminals.row(machine);
    const at = resolvePath(cwd, path);
    const action: SaveAction = { type: 'save', machine, path: at, content };
    this.timeline.dispatch(action);
  }

  type(line: string): TypedLine {
    return atOnce(this.typing(line));
  }

  /** As `type`, with breaths. */
  *typing(line: string, machine = this.machine): Breathing<TypedLine> {
    const wish = travelOf(line);
    if (wish) return yield* travelling(this.timeline, wish);
    const { terminals } = this.world;
    const before = terminals.row(machine).printed.length;
    this.begin(line, machine);
    const fault = yield* this.waiting(machine);
    assert(fault === undefined, `${line}: ${fault}`);
    const row = terminals.row(machine);
    const printed = row.printed.toArray(before).map(({ text }) => text);
    return { printed: printed.join(''), exitCode: row.exitCode };
  }

  /** Types a line, and waits for nothing. */
  begin(line: string, machine = this.machine): void {
    const action: ShellAction = { type: 'shell', machine, line };
    this.timeline.dispatch(action);
  }

  /**
   * Waits until the prompt of a machine is free, as a patient person does; with breaths.
   * @param leave what would never end by itself is left as it is
   * @returns why that could not be lived
   */
  waiting(machine = this.machine, leave = false): Breathing<string | undefined> {
    const life = this.#life(machine);
    const interrupt = leave ? () => false : life.interrupt;
    return waitingPatiently({ ...life, interrupt }, this.timeline.moment.timeMs + PATIENCE_MS);
  }

  /** Ctrl+C, as an action: what was done can be done again, and taken back. */
  interrupt(machine = this.machine): void {
    const action: InterruptAction = { type: 'interrupt', machine };
    this.timeline.dispatch(action);
  }

  /** Whether the shell behind the prompt has ended, by `exit`: the next line starts another. */
  get hasLeft(): boolean {
    return this.world.terminals.row(this.machine).pid === 0;
  }

  #life(machine: string): Life {
    const { timeline } = this;
    const { kernel, terminals } = this.world;
    return {
      kernel,
      step: (untilMs) => timeline.step(untilMs),
      advance: (toMs) => timeline.advance(toMs),
      attempting: (live) => timeline.attempting(live),
      bookmark: () => timeline.bookmark(),
      isOver: () => !terminals.isBusy(machine),
      sleepMs: () => terminals.sleepMs(machine),
      interrupt: () => {
        this.interrupt(machine);
        return true;
      },
    };
  }
}

const withTexts = ({ preset, seed }: WorldOptions): WorldOptions => ({
  ...{ preset, seed },
  explanations: serveExplanations,
});

/** A person in a fresh world, which takes long to be made where it is large. */
export function* openSession(options: WorldOptions): Breathing<Session> {
  return new Session(options, yield* raiseWorld(withTexts(options)));
}
