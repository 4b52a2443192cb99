import { describe, expect, it } from 'vitest';
import type { PropagationPolicy } from '../../src/engine/kubernetes/api/requests.ts';
import { GarbageCollector } from '../../src/engine/kubernetes/controllers/garbage-collector/garbage-collector.ts';
import { Random } from '../../src/engine/sim/random.ts';
import { bareControlPlane, value } from '../kubernetes/bare-control-plane.ts';

/**
 * Random families without circles, of which some members are deleted, each by a policy of its own:
 * what is left is what the rules say, and nothing is left half deleted. A failure is replayed by
 * its seed: `npx vitest run tests/properties/owners.test.ts -t "seed 17"`.
 */
const RUNS = 40;
const MEMBERS = 24;
const POLICIES: readonly PropagationPolicy[] = ['Background', 'Foreground', 'Orphan'];

interface Family {
  /** Owners of each member, by name. */
  readonly owners: Map<string, Set<string>>;
  readonly deletions: readonly { readonly name: string; readonly policy: PropagationPolicy }[];
}

function randomFamily(seed: number): Family {
  const random = new Random(seed, ['family']);
  const owners = new Map<string, Set<string>>();
  for (let i = 0; i < MEMBERS; i++) {
    const names = new Set<string>();
    const count = i === 0 ? 0 : random.integer(0, 2);
    for (let k = 0; k < count; k++) names.add(`m-${random.integer(0, i - 1)}`);
    owners.set(`m-${i}`, names);
  }
  const deletions = Array.from({ length: 5 }, () => ({
    name: `m-${random.integer(0, MEMBERS - 1)}`,
    policy: POLICIES[random.integer(0, 2)] ?? 'Background',
  }));
  return { owners, deletions };
}

/** Who is left, by the rules alone: whoever has lost the last of its owners goes, too. */
function survivors({ owners, deletions }: Family): string[] {
  const left = new Map([...owners].map(([name, of]) => [name, new Set(of)]));
  const remove = (name: string, orphan: boolean): void => {
    if (!left.delete(name)) return;
    for (const [other, of] of [...left]) {
      if (!of.delete(name) || of.size > 0 || orphan) continue;
      remove(other, false);
    }
  };
  for (const { name, policy } of deletions) remove(name, policy === 'Orphan');
  return [...left.keys()].sort();
}

describe('random families', () => {
  it.each(Array.from({ length: RUNS }, (_, seed) => seed))('seed %i', (seed) => {
    const family = randomFamily(seed);
    const { client, run } = bareControlPlane(
      (kernel, door, cluster) => new GarbageCollector(kernel, door, cluster),
    );
    const uids = new Map<string, string>();
    for (const [name, of] of family.owners) {
      const ownerReferences = [...of].map((owner) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name: owner,
        uid: uids.get(owner) ?? '',
        blockOwnerDeletion: true,
      }));
      const metadata = { name, namespace: 'default', ownerReferences };
      const made = client.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata });
      uids.set(name, value(made).metadata.uid);
    }
    for (const { name, policy } of family.deletions) {
      const object = client.get('configmaps', 'default', name);
      if (object) value(client.delete('configmaps', object, { propagationPolicy: policy }));
      run(5);
    }
    const left = [...client.scan('configmaps', 'default')];
    expect(left.map(({ metadata }) => metadata.name).sort()).toEqual(survivors(family));
    const present = new Set(left.map(({ metadata }) => metadata.uid));
    for (const { metadata } of left) {
      expect(metadata.deletionTimestamp).toBeUndefined();
      for (const { uid } of metadata.ownerReferences ?? []) expect(present).toContain(uid);
    }
  });
});
