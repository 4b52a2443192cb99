import type { Endpoint, PortConfig, TaskSpec } from './api.ts';

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

/** It has ended, however it did. */
export const isEnded = ({ status }: Task): boolean => compareStates(status.state, 'running') > 0;

export interface PortStatus {
  readonly Ports?: readonly PortConfig[];
}

export interface TaskStatus {
  readonly state: TaskStateName;
  readonly atMs: number;
  readonly message: string;
  readonly err?: string;
  readonly container?: {
    readonly id: string;
    readonly pid: number;
    readonly exitCode: number;
  };
  /** Ports that are published on its node itself. */
  readonly ports?: readonly PortConfig[];
}

/** Addresses of a task on a network, with their prefix. */
export interface TaskAttachment {
  readonly network: string;
  readonly addresses: readonly string[];
  readonly aliases: readonly string[];
}

export interface Task {
  /** 25 characters in base 36, as all ids of a swarm. */
  readonly id: string;
  readonly service: string;
  /** From 1; 0 of a global service, whose tasks have a node instead. */
  readonly slot: number;
  readonly node: string;
  readonly spec: TaskSpec;
  /** The version of the service's specification it was made from. */
  readonly specVersion?: number;
  /** `SERVICE.SLOT.ID`, or `SERVICE.NODE.ID`. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly status: TaskStatus;
  readonly desired: TaskStateName;
  readonly endpoint?: Endpoint;
  readonly attachments: readonly TaskAttachment[];
  /** Of a job: which run of it. */
  readonly jobIteration?: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly version: number;
}
