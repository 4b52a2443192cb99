import { SUBJECTS } from '../../src/engine/faults.ts';
import type { Client } from '../../src/engine/kubernetes/client/client.ts';
import { Session } from '../../src/engine/session.ts';
import { assert } from '../../src/engine/sim/assert.ts';
import { Random } from '../../src/engine/sim/random.ts';
import type { Cast } from './kubernetes-faults.ts';
import { randomStep, type Step } from './kubernetes-vocabulary.ts';

/** Somebody at the prompt of a cluster, with the chances of a seed before them. */
export interface Life {
  readonly session: Session;
  readonly client: Client;
  readonly cast: Cast;
  readonly random: Random;
}

/** Three control planes for every eighth seed, else one; two or three workers. */
export function begin(seed: number): Life {
  const preset = seed % 8 === 0 ? 'cluster-ha' : seed % 2 === 0 ? 'nodes-2' : 'cluster';
  const session = new Session({ preset, seed });
  const { cluster, machines } = session.world;
  assert(cluster, 'a preset with a cluster');
  const nodes = machines.filter(({ node }) => node);
  const named = (isControl: boolean) =>
    nodes.filter(({ node }) => (node?.controlPlane ?? false) === isControl).map(({ name }) => name);
  return {
    session,
    client: cluster.client,
    cast: { workers: named(false), controlPlane: named(true) },
    random: new Random(seed, ['chaos']),
  };
}

export const stepsOf = ({ random, cast }: Life, count: number): Step[] =>
  Array.from({ length: count }, () => randomStep(random, cast));

/** Does one thing; gives what was printed. */
export function take({ session }: Life, { file, line }: Step): string {
  if (file !== undefined) session.write('x.json', file);
  return session.type(line).printed;
}

export const play = (life: Life, steps: readonly Step[]): string[] =>
  steps.map((step) => take(life, step));

/**
 * Takes back every fault that holds, and starts the kubelets anew whose nodes were deleted.
 * @returns what holds nevertheless
 */
export function mendAll({ session, client, cast }: Life): string {
  const held = (): string => session.type('drydock faults').printed.trim();
  for (const line of held().split('\n').filter(Boolean)) {
    const words = line.trim().split(/\s+/);
    const actions = SUBJECTS[words[0] ?? '']?.actions ?? {};
    const at = words.findIndex((word) => Object.hasOwn(actions, word));
    session.type(`drydock fault ${words.slice(0, at).join(' ')} ${actions[words[at] ?? '']}`);
  }
  for (const node of [...cast.workers, ...cast.controlPlane]) {
    if (client.get('nodes', '', node)) continue;
    for (const action of ['stop', 'start']) session.type(`drydock fault kubelet ${node} ${action}`);
  }
  return held();
}
