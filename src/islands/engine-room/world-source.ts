import { decodeWorld } from '../../engine/link/world-link.ts';
import { readWorldFile } from '../../engine/link/world-file.ts';
import type { DecodedWorld, WorldRun } from '../../engine/link/world-run.ts';
import { openWorld } from '../../engine/open-world.ts';
import { findPreset } from '../../engine/presets.ts';
import { openSession, type Session } from '../../engine/session.ts';
import type { Breathing } from '../../engine/sim/breath.ts';
import {
  beginningChallenge,
  beginsAs,
  setupLength,
} from '../../scenarios/challenges/begin-challenge.ts';
import type { Challenge } from '../../scenarios/challenges/challenge.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { withPieces } from './pieces.ts';
import type { Act, ChallengeText, OpenedWorld, WorldSource } from './world-messages.ts';

type Refused = Extract<OpenedWorld, { kind: 'refused' }>;

/** A world that was made, and what of it the reader neither sees nor takes back. */
export interface Begun {
  readonly kind: 'begun';
  readonly session: Session;
  readonly challenge?: Challenge;
  /** So many actions at the beginning are its set-up. */
  readonly given: number;
  readonly changed?: { readonly made: string; readonly now: string };
}

const refuse = (why: Refused['why']): Refused => ({ kind: 'refused', why });

/** What a page asked for, read: nothing of it can be faulty any more but what it leads to. */
export type ReadSource =
  | { readonly kind: 'acts'; readonly preset: string; readonly seed: number; readonly acts: Acts }
  | { readonly kind: 'scenario'; readonly scenario: Scenario }
  | { readonly kind: 'run'; readonly run: WorldRun; readonly challenge?: Challenge }
  | { readonly kind: 'challenge'; readonly challenge: Challenge };

type Acts = readonly Act[];

/** Reads what a page asked for; its readers come when there is something to read. */
export async function readSource(source: WorldSource): Promise<ReadSource | Refused> {
  switch (source.from) {
    case 'preset':
      return { kind: 'acts', preset: source.preset, seed: source.seed, acts: [] };
    case 'acts':
      return { ...source, kind: 'acts' };
    case 'link':
      return readSent(await withPieces(() => decodeWorld(source.payload)), source.challenge);
    case 'file':
      return readSent(await withPieces(() => readWorldFile(source.text)), source.challenge);
    case 'challenge': {
      const challenge = await challengeOf(source);
      return challenge ? { kind: 'challenge', challenge } : refuse('broken');
    }
    case 'scenario': {
      const { parseScenario } = await import('../../scenarios/scenario.ts');
      const parsed = await withPieces(() => parseScenario(source.source));
      return parsed.ok ? { kind: 'scenario', scenario: parsed.scenario } : refuse('broken');
    }
  }
}

async function readSent(sent: DecodedWorld, text?: ChallengeText): Promise<ReadSource | Refused> {
  if (sent.kind !== 'world') return refuse(sent.kind === 'future' ? 'future' : 'broken');
  const challenge = text && (await challengeOf(text));
  return { kind: 'run', run: sent.run, ...(challenge && { challenge }) };
}

async function challengeOf({ id, text }: ChallengeText): Promise<Challenge | undefined> {
  const { readChallenge } = await import('../../scenarios/challenges/read-challenge.ts');
  const read = await withPieces(() => readChallenge(id, text));
  return read.ok ? read.challenge : undefined;
}

/** From which preset a world is made. */
export function presetOf(source: ReadSource): string {
  switch (source.kind) {
    case 'acts':
      return source.preset;
    case 'scenario':
      return source.scenario.preset;
    case 'run':
      return source.run.journal.world;
    case 'challenge':
      return source.challenge.preset;
  }
}

/** Makes a world and lives what was done in it. Throws nothing for what a reader can bring. */
export function* begin(source: ReadSource): Breathing<Begun | Refused> {
  switch (source.kind) {
    case 'acts':
      return yield* beginActs(source.preset, source.seed, source.acts);
    case 'run':
      return yield* beginRun(source.run, source.challenge);
    case 'challenge': {
      const { challenge } = source;
      const session = yield* beginningChallenge(challenge);
      return { kind: 'begun', session, challenge, given: setupLength(challenge) };
    }
    case 'scenario': {
      const { preset, seed } = source.scenario;
      const begun = yield* beginActs(preset, seed, actsOf(source.scenario));
      if (begun.kind === 'refused') return begun;
      return { ...begun, given: begun.session.timeline.journal.entries.length };
    }
  }
}

const isMachine = (preset: string, name: string): boolean =>
  findPreset(preset)?.machines.some((machine) => machine.name === name) ?? false;

function* beginActs(preset: string, seed: number, acts: Acts): Breathing<Begun | Refused> {
  if (!findPreset(preset) || !Number.isSafeInteger(seed)) return refuse('preset');
  if (!acts.every(({ machine }) => machine === undefined || isMachine(preset, machine))) {
    return refuse('machine');
  }
  const session = yield* openSession({ preset, seed });
  for (const act of acts) {
    const { machine = session.machine } = act;
    if (act.type === 'file') session.write(act.path, act.content, machine);
    else yield* session.typing(act.line, machine);
  }
  return { kind: 'begun', session, given: 0 };
}

/** @param asked an exercise as which the world says it began; it is judged if that is so */
function* beginRun(run: WorldRun, asked?: Challenge): Breathing<Begun | Refused> {
  const opened = yield* openWorld(run);
  const { made, now } = opened;
  if (opened.kind === 'refused') return { ...refuse(opened.why), versions: { made, now } };
  const { session } = opened;
  const challenge = asked && beginsAs(run.journal, asked) ? asked : undefined;
  const given = challenge ? setupLength(challenge) : 0;
  return {
    ...{ kind: 'begun', session, given },
    ...(challenge && { challenge }),
    ...(opened.kind === 'changed' && { changed: { made, now } }),
  };
}

/** What leads to the beginning of a scenario, done by hand: so that a link can hold it. */
function actsOf({ machine, directory, files, before }: Scenario): Acts {
  const saved = files.map(
    ({ path, content }) => ({ type: 'file', machine, path, content }) as const,
  );
  const lines = [`mkdir -p ${directory} && cd ${directory}`, ...before];
  return [...saved, ...lines.map((line) => ({ type: 'line', machine, line }) as const)];
}
