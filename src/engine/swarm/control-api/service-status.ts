import type { ServiceObject } from '../objects.ts';
import type { SwarmStore } from '../store.ts';

/**
 * How many tasks of a service run and how many should (moby/swarmkit v2.1
 * `manager/controlapi/service.go`, `ListServiceStatuses`).
 */
export interface ServiceStatus {
  readonly RunningTasks: number;
  readonly DesiredTasks: number;
  readonly CompletedTasks: number;
}

export function statusOf(store: SwarmStore, swarm: string, service: ServiceObject): ServiceStatus {
  const { Replicated, ReplicatedJob } = service.spec.Mode;
  const isGlobal = !Replicated && !ReplicatedJob;
  let [running, completed] = [0, 0];
  let desired = Replicated?.Replicas ?? ReplicatedJob?.MaxConcurrent ?? 0;
  for (const task of store.tasksOf(swarm, service.id)) {
    const { state } = task.status;
    if (service.job && task.jobIteration !== service.job.iteration) continue;
    if (service.job && state === 'complete') completed += 1;
    if (state === 'running') running += 1;
    const isWanted =
      task.desired === 'running' || (task.desired === 'complete' && state !== 'complete');
    if (isGlobal && isWanted) desired += 1;
  }
  return { RunningTasks: running, DesiredTasks: desired, CompletedTasks: completed };
}
