import type { SwarmStore } from '../store.ts';
import type { NodeObject, ServiceObject, TaskObject } from '../objects.ts';
import { sameValue } from '../same-value.ts';
import { constraintsOf, nodeMatches } from '../scheduler/constraint.ts';
import { compareStates } from '../task.ts';
import { taskName } from '../task-name.ts';

/** What orchestrators share (moby/swarmkit v2.1 `manager/orchestrator/task.go`, `service.go`). */
export type Mode = 'Replicated' | 'Global' | 'ReplicatedJob' | 'GlobalJob';

export const modeOf = ({ spec }: ServiceObject): Mode => {
  const { Mode: mode } = spec;
  if (mode.Global) return 'Global';
  if (mode.ReplicatedJob) return 'ReplicatedJob';
  return mode.GlobalJob ? 'GlobalJob' : 'Replicated';
};

/** Its tasks belong to nodes, not to slots. */
export const isGlobal = (service: ServiceObject): boolean =>
  modeOf(service) === 'Global' || modeOf(service) === 'GlobalJob';

/** A new task; the id is drawn. It waits for whoever allocates what it needs. */
export function newTask(
  store: SwarmStore,
  service: ServiceObject,
  nowMs: number,
  { slot, node }: Pick<TaskObject, 'slot' | 'node'>,
): TaskObject {
  const id = store.newId();
  const { spec, specVersion } = service;
  return {
    ...{ id, service: service.id, slot, node, specVersion },
    ...{ version: 0, createdAtMs: nowMs, updatedAtMs: nowMs },
    spec: spec.TaskTemplate,
    name: taskName(spec.Name, { id, slot, node }),
    labels: {},
    ...(spec.Labels && { serviceLabels: spec.Labels }),
    status: { state: 'new', atMs: nowMs, message: 'created' },
    desired: 'running',
    endpoint: { Spec: spec.EndpointSpec ?? {} },
    attachments: [],
    ...(service.job && { jobIteration: service.job.iteration }),
  };
}

/** Nothing may run there: it is gone, down or drained. */
export const isInvalid = (node: NodeObject | undefined): boolean =>
  !node || node.state === 'down' || node.spec.Availability === 'drain';

/** It should run, or is to. */
export const isWanted = ({ desired }: TaskObject): boolean =>
  compareStates(desired, 'running') <= 0;

/** A node meets what the service asks of nodes. */
export function suits(service: ServiceObject, node: NodeObject): boolean {
  const texts = service.spec.TaskTemplate.Placement?.Constraints ?? [];
  return nodeMatches(constraintsOf(texts) ?? [], node);
}

/** A task is not what its service says any more, and has to be replaced. */
export function isDirty(
  service: ServiceObject,
  task: TaskObject,
  node: NodeObject | undefined,
): boolean {
  if (service.specVersion === task.specVersion) return false;
  const { TaskTemplate, EndpointSpec } = service.spec;
  // Where only the placement differs, a task may stay on a node that suits the new one.
  if (!sameValue(TaskTemplate.Placement, task.spec.Placement)) {
    const otherwise = { ...TaskTemplate, Placement: task.spec.Placement };
    if (sameValue(otherwise, task.spec) && node && suits(service, node)) return false;
  }
  return (
    !sameValue(TaskTemplate, task.spec) ||
    (task.endpoint !== undefined && !sameValue(EndpointSpec ?? {}, task.endpoint.Spec))
  );
}

/** Tasks of a service by slot, or by node for one that is global. */
export function slotsOf(
  store: SwarmStore,
  swarm: string,
  service: ServiceObject,
): Map<string, TaskObject[]> {
  const slots = new Map<string, TaskObject[]>();
  for (const task of store.tasksOf(swarm, service.id)) {
    const key = slotKey(service, task);
    const slot = slots.get(key);
    if (slot) slot.push(task);
    else slots.set(key, [task]);
  }
  return slots;
}

export const slotKey = (service: ServiceObject, { slot, node }: TaskObject): string =>
  isGlobal(service) ? node : String(slot);
