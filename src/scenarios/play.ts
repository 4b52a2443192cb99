import { assert } from '../engine/sim/assert.ts';
import { SECOND, MINUTE } from '../engine/sim/clock.ts';
import type { Checkpoint, Moment } from '../engine/sim/kernel.ts';
import type { TraceRecord } from '../engine/sim/trace.ts';
import { createWorld, type ShellAction, type World } from '../engine/world.ts';
import { stepAtMoment, type Chapter, type Playback } from './playback.ts';
import type { Scenario, ScenarioStep } from './scenario.ts';

/** A command that takes longer has hung; a scenario is written for commands that end. */
const STEP_LIMIT_MS = 15 * MINUTE;
/** Lived on after the last command, so that what it set going can be seen to end. */
const EPILOGUE_MS = 5 * SECOND;
const RECORD_LIMIT = 20_000;

interface Frame {
  readonly record: TraceRecord;
  readonly checkpoint: Checkpoint;
}

/** What can be asked about the records of a run once it is over. */
export interface Run {
  record(id: number): TraceRecord | undefined;
  /** Whether anything was caused by the record. */
  ledOn(id: number): boolean;
}

/** Which records of a run are steps of their own; the others happen between them. */
export type IsStep = (record: TraceRecord, run: Run) => boolean;

/** Events between two breaths of a scenario that is being lived: well under a frame of a slow machine. */
const BREATH = 32;

/** Lives a scenario from start to end and keeps the way back to every step. */
export function play(scenario: Scenario, isStep: IsStep): Playback {
  const playing = playWithBreaths(scenario, isStep);
  for (;;) {
    const next = playing.next();
    if (next.done) return next.value;
  }
}

/** The same with breaths in between, each giving how many events were lived so far. */
export function* playWithBreaths(
  scenario: Scenario,
  isStep: IsStep,
): Generator<number, Playback, void> {
  const { machine, directory, files, preset, seed } = scenario;
  const world = createWorld({ preset, seed });
  for (const { path, content } of files) world.files.write(machine, path, content);
  world.terminals.enter(machine, directory);
  const { kernel } = world;
  for (const line of scenario.before) yield* makeReady(world, scenario, line);
  const start = kernel.checkpoint();
  const frames: Frame[] = [];
  const typed: { step: ScenarioStep; timeMs: number; firstFrame: number }[] = [];
  let seen = start.records;

  function look(): void {
    let checkpoint: Checkpoint | undefined;
    for (const record of kernel.trace.since(seen + 1)) {
      seen = record.id;
      checkpoint ??= kernel.checkpoint();
      frames.push({ record, checkpoint });
      assert(frames.length <= RECORD_LIMIT, `${scenario.id} has over ${RECORD_LIMIT} records`);
    }
  }

  function* live(untilMs: number, done: () => boolean): Generator<number, void, void> {
    for (let events = 1; !done(); events++) {
      const nextMs = kernel.nextEventMs;
      if (nextMs === undefined || nextMs > untilMs) {
        kernel.advance(untilMs);
        return;
      }
      kernel.step();
      look();
      if (events % BREATH === 0) yield kernel.moment.sequence;
    }
  }

  const never = (): boolean => false;
  for (const step of scenario.steps) {
    yield* live(kernel.now + step.pauseMs, never);
    typed.push({ step, timeMs: kernel.now, firstFrame: frames.length });
    const action: ShellAction = { type: 'shell', machine, line: step.run };
    kernel.dispatch(action);
    look();
    yield* live(kernel.now + STEP_LIMIT_MS, () => !world.terminals.isBusy(machine));
    mustHaveEnded(world, scenario, step.run);
  }
  yield* live(kernel.now + EPILOGUE_MS, never);
  const run = runOf(frames);
  const told = frames.filter(({ record }) => isStep(record, run) && isInside(record, scenario));
  const shown = scenario.every === undefined ? told : oneIn(scenario.every, told);
  const chapters = typed.map(({ step, timeMs, firstFrame }): Chapter => {
    const first = frames[firstFrame]?.record.id ?? Number.MAX_SAFE_INTEGER;
    const before = shown.findIndex(({ record }) => record.id >= first);
    const firstStep = before < 0 ? shown.length : before;
    return { id: step.id, title: step.title, command: step.run, firstStep, timeMs };
  });
  return new LivedScenario(scenario, world, start, shown, chapters);
}

/** Lives through one command before the story begins. */
function* makeReady(world: World, scenario: Scenario, line: string): Generator<number, void, void> {
  const { kernel, terminals } = world;
  const { machine } = scenario;
  const action: ShellAction = { type: 'shell', machine, line };
  kernel.dispatch(action);
  const untilMs = kernel.now + STEP_LIMIT_MS;
  for (let events = 1; terminals.isBusy(machine); events++) {
    if ((kernel.nextEventMs ?? untilMs) >= untilMs) break;
    kernel.step();
    if (events % BREATH === 0) yield kernel.moment.sequence;
  }
  mustHaveEnded(world, scenario, line);
}

/** A story that does not go as it was written: what went wrong, at which of its commands. */
export class BrokenStory extends Error {
  /** As `scenario.yaml` has it. */
  readonly command: string;
  readonly what: string;
  readonly remedy: string;

  constructor(id: string, command: string, what: string, remedy: string) {
    super(`src/scenarios/${id}/scenario.yaml: ${what} ${remedy}`);
    this.name = 'BrokenStory';
    this.command = command;
    this.what = what;
    this.remedy = remedy;
  }
}

function mustHaveEnded({ terminals }: World, { id, machine }: Scenario, line: string): void {
  if (terminals.isBusy(machine)) {
    const what = `"${line}" has not ended after ${STEP_LIMIT_MS / MINUTE} minutes.`;
    throw new BrokenStory(id, line, what, 'Have it end: detach it, or "timeout 10s COMMAND".');
  }
  const { exitCode, printed } = terminals.row(machine);
  if (exitCode === 0) return;
  const [last = ''] = printed
    .toArray()
    .slice(-1)
    .map(({ text }) => text.trim());
  const said = last === '' ? '' : ` and says "${last}"`;
  const remedy = 'Correct it; where it is meant to fail, end it in "|| true".';
  throw new BrokenStory(id, line, `"${line}" ends with ${exitCode}${said}.`, remedy);
}

/** What travels to or from somebody who is not in the cast happens off stage. */
function isInside({ flow, verb, object }: TraceRecord, { cast, omit = [] }: Scenario): boolean {
  const [kind = '', name = ''] = object.split(' ');
  const namespace = name.split('/')[0] ?? '';
  const about = [flow?.channel ?? '', `${verb} ${kind}`, `namespace ${namespace}`];
  if (about.some((one) => omit.includes(one))) return false;
  const names = Object.values(cast).flat();
  return !flow || [flow.from, flow.to].every((end) => end.includes(' ') || names.includes(end));
}

/** Of what a part of the world does more than so many times, the first, and then one in so many. */
function oneIn(many: number, frames: readonly Frame[]): Frame[] {
  const alike = new Map<string, Frame[]>();
  for (const frame of frames) {
    const { actor, verb, object, reason } = frame.record;
    const done = [actor.split('/')[0], verb, object.split(' ')[0], reason].join(' ');
    alike.set(done, [...(alike.get(done) ?? []), frame]);
  }
  const kept = [...alike.values()].flatMap((crowd) =>
    crowd.length > many ? crowd.filter((_, i) => i % many === 0) : crowd,
  );
  const shown = new Set(kept);
  return frames.filter((frame) => shown.has(frame));
}

function runOf(frames: readonly Frame[]): Run {
  const records = new Map(frames.map(({ record }) => [record.id, record]));
  const causes = new Set(frames.map(({ record }) => record.cause));
  return { record: (id) => records.get(id), ledOn: (id) => causes.has(id) };
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

  stepOf(moment: Moment, record?: number): number | undefined {
    const steps = this.#frames.map((frame) => ({
      moment: frame.checkpoint.moment,
      record: frame.record.id,
    }));
    return stepAtMoment(steps, moment, record);
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
