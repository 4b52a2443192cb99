import type { CreateBody } from '../../docker/api.ts';
import type { TaskObject } from '../objects.ts';

/**
 * What other rooms do as a task lives on its machine: networks, names, secrets. All of it takes no
 * time. An extension keeps what it knows in tables of its own.
 */
export interface TaskPlace {
  readonly machine: string;
  readonly swarm: string;
  readonly node: string;
  readonly task: TaskObject;
}

export interface TaskExtension {
  /** Before the container is made: what it needs besides, or in words why it cannot be made. */
  prepare?(place: TaskPlace): TaskNeeds | string | undefined;
  /** The container was made and has not started. */
  created?(place: TaskPlace, container: string): void;
  /** It runs, and is healthy where it has a check: it may be sent requests. */
  serving?(place: TaskPlace, container: string): void;
  /** It is about to be stopped: no new requests for it. */
  draining?(place: TaskPlace): void;
  /** The container is gone. */
  removed?(place: TaskPlace): void;
  /** The machine is in no swarm any more. */
  left?(machine: string): void;
}

export interface TaskNeeds {
  readonly NetworkMode?: string;
  readonly NetworkingConfig?: CreateBody['NetworkingConfig'];
  readonly HostConfig?: CreateBody['HostConfig'];
}

/** What all of them want of a container, together; a text when one refuses. */
export function needsOf(
  extensions: readonly TaskExtension[],
  place: TaskPlace,
): CreateBody | string {
  let body: CreateBody = {};
  for (const extension of extensions) {
    const needs = extension.prepare?.(place);
    if (typeof needs === 'string') return needs;
    if (!needs) continue;
    const { NetworkMode, NetworkingConfig, HostConfig } = needs;
    body = {
      HostConfig: { ...body.HostConfig, ...HostConfig, ...(NetworkMode && { NetworkMode }) },
      NetworkingConfig: {
        EndpointsConfig: {
          ...body.NetworkingConfig?.EndpointsConfig,
          ...NetworkingConfig?.EndpointsConfig,
        },
      },
    };
  }
  return body;
}
