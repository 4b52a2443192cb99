import { assert } from '../engine/sim/assert.ts';
import { SECOND, MINUTE } from '../engine/sim/clock.ts';
import { compareMoments } from '../engine/sim/journal.ts';
import type { Checkpoint, Moment } from '../engine/sim/kernel.ts';
import type { TraceRecord } from '../engine/sim/trace.ts';
import { createWorld, type ShellAction, type World } from '../engine/world.ts';
import type { Chapter, Playback } from './playback.ts';
import type { Scenario } from './scenario.ts';

/** A command that takes longer has hung; a scenario is written for commands that end. */
const STEP_LIMIT_MS = 15 * MINUTE;
/** Lived on after the last command, so that what it set going can be seen to end. */
const EPILOGUE_MS = 5 * SECOND;
const RECORD_LIMIT = 5000;

interface Frame {
  readonly record: TraceRecord;
  readonly checkpoint: Checkpoint;
}

/**
 * Lives a scenario from start to end and keeps the way back to every step.
 * @param isShown which records are steps of their own; the others happen between them
 */
export function play(scenario: Scenario, isShown: (record: TraceRecord) => boolean): Playback {
  const { machine, directory, files, preset, seed } = scenario;
  const world = createWorld({ preset, seed });
  for (const { path, content } of files) world.files.write(machine, path, content);
  const { kernel } = world;
  const start = kernel.checkpoint();
  const frames: Frame[] = [];
  const chapters: Chapter[] = [];
  let seen = 0;

  function look(): void {
    let checkpoint: Checkpoint | undefined;
    for (const record of kernel.trace.since(seen + 1)) {
      seen = record.id;
      if (!isShown(record)) continue;
      checkpoint ??= kernel.checkpoint();
      frames.push({ record, checkpoint });
      assert(frames.length <= RECORD_LIMIT, `${scenario.id} has more than ${RECORD_LIMIT} steps`);
    }
  }

  function live(untilMs: number, done: () => boolean): void {
    while (!done()) {
      const nextMs = kernel.nextEventMs;
      if (nextMs === undefined || nextMs > untilMs) {
        kernel.advance(untilMs);
        return;
      }
      kernel.step();
      look();
    }
  }

  const never = (): boolean => false;
  for (const step of scenario.steps) {
    live(kernel.now + step.pauseMs, never);
    chapters.push({
      id: step.id,
      command: step.run,
      firstStep: frames.length,
      timeMs: kernel.now,
    });
    const action: ShellAction = { type: 'shell', machine, line: step.run, cwd: directory };
    kernel.dispatch(action);
    look();
    live(kernel.now + STEP_LIMIT_MS, () => !world.shellIsBusy(machine));
    assert(!world.shellIsBusy(machine), `${scenario.id}: "${step.run}" does not end`);
  }
  live(kernel.now + EPILOGUE_MS, never);
  return new LivedScenario(scenario, world, start, frames, chapters);
}

class LivedScenario implements Playback {
  readonly scenario: string;
  readonly seed: number;
  readonly records: readonly TraceRecord[];
  readonly chapters: readonly Chapter[];
  readonly #world: World;
  readonly #start: Checkpoint;
  readonly #frames: readonly Frame[];

  constructor(
    scenario: Scenario,
    world: World,
    start: Checkpoint,
    frames: readonly Frame[],
    chapters: readonly Chapter[],
  ) {
    this.scenario = scenario.id;
    this.seed = scenario.seed;
    this.records = frames.map((frame) => frame.record);
    this.chapters = chapters;
    this.#world = world;
    this.#start = start;
    this.#frames = frames;
  }

  momentOf(step: number): Moment {
    return this.#checkpoint(step).moment;
  }

  stepOf(moment: Moment): number | undefined {
    const last = this.#frames.length - 1;
    if (moment.timeMs < 0 || compareMoments(moment, this.momentOf(last)) > 0) return undefined;
    return this.#frames.findLastIndex(
      (frame) => compareMoments(frame.checkpoint.moment, moment) <= 0,
    );
  }

  hashOf(step: number): string {
    return this.worldAt(step).kernel.hash();
  }

  worldAt(step: number): World {
    this.#world.kernel.restore(this.#checkpoint(step));
    return this.#world;
  }

  #checkpoint(step: number): Checkpoint {
    if (step < 0) return this.#start;
    const frame = this.#frames[step];
    assert(frame, `there is no step ${step}`);
    return frame.checkpoint;
  }
}
