import type { TaskObject } from '../objects.ts';
import type { NodeInfo } from './node-info.ts';

/** Whether a task may run on a node (moby/swarmkit v2.1 `manager/scheduler/filter.go`). */
export interface Filter {
  /** `ResourceFilter`. */
  readonly name: string;
  /** What is asked of each node for a task; undefined when the task asks nothing of the kind. */
  check(task: TaskObject): ((info: NodeInfo) => boolean) | undefined;
  /** Why so many nodes were left out. */
  explain(nodes: number): string;
}

/** `1 node`, `3 nodes`. */
export const countNodes = (nodes: number): string => (nodes === 1 ? '1 node' : `${nodes} nodes`);
