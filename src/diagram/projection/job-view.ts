import { findCondition, type Labels } from '../../engine/kubernetes/apimachinery/object.ts';
import type { World } from '../../engine/world.ts';
import type { NodeView } from './figure-view.ts';

/** Names of the Jobs with these labels, in the order in which they came: `job[app=reports]#1`. */
export function jobsIn(world: World, labels: Labels): string[] {
  const jobs = world.cluster?.client.select('jobs', 'default', { matchLabels: labels }) ?? [];
  return jobs
    .map(({ metadata }) => metadata)
    .sort((a, b) => (a.creationTimestamp < b.creationTimestamp ? -1 : 1))
    .map(({ name }) => name);
}

/** A Job by how many of its Pods have done their work: `21/100`. */
export function viewOfJob(world: World, name: string): NodeView {
  const object = `Job default/${name}`;
  const job = world.cluster?.client.get('jobs', 'default', name);
  if (!job) return { state: 'empty', object };
  const { conditions, succeeded = 0 } = job.status;
  const badge = `${succeeded}/${job.spec.completions ?? 1}`;
  const has = (type: string) => findCondition(conditions, type)?.status === 'True';
  const ended = has('Complete') ? 'succeeded' : has('Failed') ? 'failed' : undefined;
  return { state: ended ?? 'running', badge, object };
}
