import { decodeWorld } from '../../engine/link/world-link.ts';
import { readWorldFile } from '../../engine/link/world-file.ts';
import type { DecodedWorld } from '../../engine/link/world-run.ts';
import { openWorld } from '../../engine/open-world.ts';
import { findPreset } from '../../engine/presets.ts';
import { openSession, type Session } from '../../engine/session.ts';
import type { Breathing } from '../../engine/sim/breath.ts';
import { beginningChallenge, setupLength } from '../../scenarios/challenges/begin-challenge.ts';
import type { Challenge } from '../../scenarios/challenges/challenge.ts';
import { readChallenge } from '../../scenarios/challenges/read-challenge.ts';
import { parseScenario, type Scenario, type ScenarioSource } from '../../scenarios/scenario.ts';
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

/** Makes a world and lives what was done in it. Throws nothing for what a reader can bring. */
export function* begin(source: WorldSource): Breathing<Begun | Refused> {
  switch (source.from) {
    case 'preset':
      return yield* beginActs({ ...source, acts: [] });
    case 'acts':
      return yield* beginActs(source);
    case 'link':
      return yield* beginRun(decodeWorld(source.payload), source.challenge);
    case 'file':
      return yield* beginRun(readWorldFile(source.text), source.challenge);
    case 'challenge':
      return yield* beginChallenge(source);
    case 'scenario':
      return yield* beginScenario(source.source);
  }
}

const isMachine = (preset: string, name: string): boolean =>
  findPreset(preset)?.machines.some((machine) => machine.name === name) ?? false;

interface Acts {
  readonly preset: string;
  readonly seed: number;
  readonly acts: readonly Act[];
}

function* beginActs({ preset, seed, acts }: Acts): Breathing<Begun | Refused> {
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

function* beginRun(decoded: DecodedWorld, text?: ChallengeText): Breathing<Begun | Refused> {
  if (decoded.kind !== 'world') return refuse(decoded.kind === 'future' ? 'future' : 'broken');
  const opened = yield* openWorld(decoded.run);
  const { made, now } = opened;
  if (opened.kind === 'refused') return { ...refuse(opened.why), versions: { made, now } };
  const { session } = opened;
  const challenge = text && challengeOf(text);
  const { length } = session.timeline.journal.entries;
  const given = challenge ? Math.min(setupLength(challenge), length) : 0;
  return {
    ...{ kind: 'begun', session, given },
    ...(challenge && { challenge }),
    ...(opened.kind === 'changed' && { changed: { made, now } }),
  };
}

function challengeOf({ id, text }: ChallengeText): Challenge | undefined {
  const read = readChallenge(id, text);
  return read.ok ? read.challenge : undefined;
}

function* beginChallenge(text: ChallengeText): Breathing<Begun | Refused> {
  const challenge = challengeOf(text);
  if (!challenge) return refuse('broken');
  const session = yield* beginningChallenge(challenge);
  return { kind: 'begun', session, challenge, given: setupLength(challenge) };
}

function* beginScenario(source: ScenarioSource): Breathing<Begun | Refused> {
  const parsed = parseScenario(source);
  if (!parsed.ok) return refuse('broken');
  const begun = yield* beginActs({ ...parsed.scenario, acts: actsOf(parsed.scenario) });
  if (begun.kind === 'refused') return begun;
  return { ...begun, given: begun.session.timeline.journal.entries.length };
}

/** What leads to the beginning of a scenario, done by hand: so that a link can hold it. */
function actsOf({ machine, directory, files, before }: Scenario): readonly Act[] {
  const saved = files.map(
    ({ path, content }) => ({ type: 'file', machine, path, content }) as const,
  );
  const lines = [`mkdir -p ${directory} && cd ${directory}`, ...before];
  return [...saved, ...lines.map((line) => ({ type: 'line', machine, line }) as const)];
}
