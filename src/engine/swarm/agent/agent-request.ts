import type { CreateBody } from '../../docker/api.ts';
import { ask, type Call, type Resumption } from '../../sim/process.ts';
import type { ContainerSpec } from '../api.ts';
import type { TaskObject } from '../objects.ts';
import type { TaskStatus } from '../task.ts';

/** What the programs of tasks ask of the agent that runs them. */
export const AGENT_SERVICE = 'swarm/agent';

interface OfTask {
  readonly machine: string;
  readonly id: string;
}

export type AgentRequest =
  | (OfTask & { readonly op: 'task' })
  | (OfTask & { readonly op: 'status'; readonly status: TaskStatus })
  | (OfTask & { readonly op: 'needs' })
  | (OfTask & { readonly op: 'created'; readonly container: string })
  | (OfTask & { readonly op: 'serving'; readonly container: string })
  | (OfTask & { readonly op: 'draining' })
  | (OfTask & { readonly op: 'removed' });

/** A task as its agent knows it; its own status is the one that counts. */
export interface AgentTask {
  readonly task: TaskObject;
  readonly status: TaskStatus;
}

/** What a container is to be: its specification filled in, and what extensions want. */
export interface ContainerNeeds {
  readonly spec: ContainerSpec;
  readonly body: CreateBody;
}

export type Step<T> = Generator<Call, T, Resumption>;

export const askAgent = <T>(request: AgentRequest): Step<T> => ask<T>(AGENT_SERVICE, request);
