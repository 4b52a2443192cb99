import { findCondition } from '../../src/engine/kubernetes/apimachinery/object.ts';
import type { Pod } from '../../src/engine/kubernetes/api/pod.ts';
import type { World } from '../../src/engine/world.ts';

/** The Pods of the namespace `default`, without those that have been told to go. */
export function podsOf({ cluster }: World): { readonly all: Pod[]; readonly ready: Pod[] } {
  const pods = cluster ? [...cluster.client.scan('pods', 'default')] : [];
  const all = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  return { all, ready: all.filter(isReady) };
}

const isReady = ({ status }: Pod): boolean =>
  findCondition(status.conditions, 'Ready')?.status === 'True';

export const namesOf = (pods: readonly Pod[]): string[] =>
  pods.map(({ metadata }) => metadata.name);

/** The first container's image by its tag. */
export const versionsOf = (pods: readonly Pod[]): string[] =>
  pods.map(({ spec }) => spec.containers[0]?.image?.replace(/^.*:/, '') ?? '');
