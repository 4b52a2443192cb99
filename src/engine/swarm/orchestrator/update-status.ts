import type { Change } from '../store.ts';
import type { ServiceObject, UpdateStatus } from '../objects.ts';

/** How a service says where its update stands (moby/swarmkit v2.1 `manager/orchestrator/update`). */
export const withUpdate = (service: ServiceObject, update: UpdateStatus): Change => ({
  kind: 'service',
  set: { ...service, update },
});

export const started = (nowMs: number): UpdateStatus => ({
  ...{ state: 'updating', startedAtMs: nowMs, message: 'update in progress' },
});

export function completed(update: UpdateStatus, nowMs: number): UpdateStatus {
  const isRollback = update.state === 'rollback_started';
  return {
    ...update,
    state: isRollback ? 'rollback_completed' : 'completed',
    message: isRollback ? 'rollback completed' : 'update completed',
    completedAtMs: nowMs,
  };
}

export function paused(update: UpdateStatus, task: string): UpdateStatus {
  const isRollback = update.state === 'rollback_started';
  const what = isRollback ? 'rollback' : 'update';
  return {
    ...update,
    state: isRollback ? 'rollback_paused' : 'paused',
    message: `${what} paused due to failure or early termination of task ${task}`,
  };
}

/** Back to the specification before; undefined when there is none. */
export function rolledBack(service: ServiceObject, task: string): ServiceObject | undefined {
  const { previousSpec, previousSpecVersion = 0, update, ...rest } = service;
  if (!previousSpec || !update) return undefined;
  const message = `update rolled back due to failure or early termination of task ${task}`;
  return {
    ...rest,
    spec: previousSpec,
    specVersion: previousSpecVersion,
    update: { ...update, state: 'rollback_started', message },
  };
}

/** More of them failed than may. */
export const exceeds = (failures: number, slots: number, ratio: number): boolean =>
  Math.fround(failures / slots) > Math.fround(ratio);
