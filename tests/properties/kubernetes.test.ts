import { expect, test } from 'vitest';
import { SUBJECTS } from '../../src/engine/faults.ts';
import { Random } from '../../src/engine/sim/random.ts';
import { Session } from '../../src/engine/session.ts';
import { assert } from '../../src/engine/sim/assert.ts';
import { Onlooker } from './kubernetes-acts.ts';
import { orphansOf, wrongWith } from './kubernetes-invariants.ts';
import { failingKeys, restlessWrites, unexplained } from './kubernetes-rest.ts';
import { randomStep, type Cast } from './kubernetes-vocabulary.ts';

/**
 * Whatever is declared, typed and broken, a cluster stays sound, comes to rest once all is mended,
 * and says why it is not as declared. `SEQUENCES=5000 npm run unit -- tests/properties/kubernetes`
 * for more than the usual number; `SEED=17 npm run unit -- tests/properties/kubernetes` lives one
 * again and prints its lines.
 */
const SEQUENCES = Number(process.env.SEQUENCES ?? 100);
const SEED = process.env.SEED;
const LENGTH = 200;
const MINUTE = 60_000;
/**
 * By when a mended cluster has come to rest, in virtual time: the longest of its own waits are a
 * Deployment's deadline (10 min), the back-off of images and containers (5 min) and of Jobs (10 min),
 * and keys that failed (doubled up to 16 min 40 s).
 */
const REST_MS = 40 * MINUTE;
/** For so long nothing but what goes by the clock may be written. */
const WATCHED_MS = 20 * MINUTE;

const seeds =
  SEED === undefined ? Array.from({ length: SEQUENCES }, (_, i) => i + 1) : [Number(SEED)];
const replay = (seed: number): string =>
  `replay: SEED=${seed} npm run unit -- tests/properties/kubernetes`;

interface Life {
  readonly session: Session;
  readonly onlooker: Onlooker;
  readonly cast: Cast;
  readonly random: Random;
}

/** Three control planes for every eighth seed, else one; two or three workers. */
function begin(seed: number): Life {
  const preset = seed % 8 === 0 ? 'cluster-ha' : seed % 2 === 0 ? 'nodes-2' : 'cluster';
  const session = new Session({ preset, seed });
  const { cluster, kernel, machines } = session.world;
  assert(cluster, 'a preset with a cluster');
  const nodes = machines.filter(({ node }) => node);
  const named = (isControl: boolean) =>
    nodes.filter(({ node }) => (node?.controlPlane ?? false) === isControl).map(({ name }) => name);
  return {
    session,
    onlooker: new Onlooker(cluster.client, kernel),
    cast: { workers: named(false), controlPlane: named(true) },
    random: new Random(seed, ['chaos']),
  };
}

function live({ session, onlooker, cast, random }: Life, seed: number, steps: number): void {
  const client = session.world.cluster?.client;
  assert(client, 'a preset with a cluster');
  for (let i = 0; i < steps; i++) {
    const { file, line } = randomStep(random, cast);
    if (file !== undefined) session.write('x.json', file);
    const { printed } = session.type(line);
    if (SEED !== undefined)
      process.stdout.write(`${session.world.kernel.now} $ ${line}\n${printed}`);
    const wrong = [...wrongWith(client), ...onlooker.wrong];
    if (wrong.length > 0) expect(wrong, `after ${line}; ${replay(seed)}`).toEqual([]);
  }
}

function mendAll(session: Session): void {
  const lines = session.type('drydock faults').printed.trim().split('\n').filter(Boolean);
  for (const line of lines) {
    const words = line.trim().split(/\s+/);
    const at = words.findIndex((word) => word in (SUBJECTS[words[0] ?? '']?.actions ?? {}));
    const mend = SUBJECTS[words[0] ?? '']?.actions[words[at] ?? ''];
    session.type(`drydock fault ${words.slice(0, at).join(' ')} ${mend}`);
  }
}

test.each(seeds)('a cluster survives seed %i', { timeout: 5 * MINUTE }, (seed) => {
  const life = begin(seed);
  const { session, onlooker } = life;
  const { world } = session;
  const client = world.cluster?.client;
  assert(client, 'a preset with a cluster');
  live(life, seed, LENGTH);
  mendAll(session);
  expect(session.type('drydock faults').printed.trim(), replay(seed)).toBe('');
  world.kernel.advance(world.kernel.now + REST_MS);
  onlooker.begin();
  world.kernel.advance(world.kernel.now + WATCHED_MS);
  const wrong = [
    ...wrongWith(client),
    ...onlooker.wrong,
    ...orphansOf(client),
    ...failingKeys(world, client),
    ...unexplained(client),
    ...restlessWrites(client, onlooker.writes),
  ];
  if (SEED !== undefined) {
    process.stdout.write([...onlooker.writes].map(([key, n]) => `${key} ${n}\n`).join(''));
  }
  expect(wrong, replay(seed)).toEqual([]);
});
