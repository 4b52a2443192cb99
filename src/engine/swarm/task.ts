import type { Endpoint, PortConfig, TaskSpec } from './api.ts';
import { compareStates, type TaskStateName } from './task-state.ts';

export { compareStates, TASK_STATES, type TaskStateName } from './task-state.ts';

/** It has ended, however it did. */
export const isEnded = ({ status }: Task): boolean => compareStates(status.state, 'running') > 0;

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

/** One run of a container for a slot of a service, as the managers know it. */
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
  /** Those of its service as it was made: by them a task is found that outlives its service. */
  readonly serviceLabels?: Readonly<Record<string, string>>;
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
