/**
 * A task: one run of a container for a slot of a service. It is never started again; another takes
 * its slot (moby/swarmkit v2.1 `api/types.proto` TaskState, `design/task_model.md`).
 */
export const TASK_STATES = {
  new: 0,
  pending: 64,
  assigned: 192,
  accepted: 256,
  preparing: 320,
  ready: 384,
  starting: 448,
  running: 512,
  complete: 576,
  shutdown: 640,
  failed: 704,
  rejected: 768,
  remove: 800,
  orphaned: 832,
} as const;

export type TaskStateName = keyof typeof TASK_STATES;

/** Below zero when `a` comes before `b`. An observed state only ever grows. */
export const compareStates = (a: TaskStateName, b: TaskStateName): number =>
  TASK_STATES[a] - TASK_STATES[b];
