import type { TerminatedState, WaitingState } from '../api/pod.ts';

/** What a kubelet remembers of a Pod on its node. */
export interface PodWork {
  readonly node: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly ip: string;
  readonly startedMs: number;
  readonly containers: Readonly<Record<string, ContainerWork>>;
  /** Its deletion was seen: no container starts any more. */
  readonly terminating?: true;
}

/** Where a container is in its life. */
export type Stage =
  /** Nothing is going on: it is to be started, or waits for a back-off, or has ended for good. */
  'idle' | 'pulling' | 'starting' | 'running';

/** How a container ended, as its status says it, and when. */
export interface Ended {
  readonly state: TerminatedState;
  readonly finishedMs: number;
}

export interface ContainerWork {
  readonly stage: Stage;
  /** The runtime's id of the latest container. */
  readonly id?: string;
  readonly imageId: string;
  readonly restarts: number;
  readonly startedMs?: number;
  /** How the latest container ended. */
  readonly ended?: Ended;
  readonly waiting: WaitingState;
  readonly crashBackoff?: Backoff;
  readonly pullBackoff?: Backoff;
  readonly ready: boolean;
  /** The startup probe has succeeded, or there is none. */
  readonly started: boolean;
  /** Results in a row per probe: successes above zero, failures below. */
  readonly probes: Readonly<Record<string, number>>;
  /** Told to stop by a probe; it will be started again. */
  readonly stopping?: true;
}

/** A delay that doubles each time it is taken; see backoff.ts. */
export interface Backoff {
  readonly delayMs: number;
  readonly takenMs: number;
}

export const NEW_CONTAINER: ContainerWork = {
  stage: 'idle',
  imageId: '',
  restarts: 0,
  waiting: { reason: 'ContainerCreating' },
  ready: false,
  started: false,
  probes: {},
};

/** The key of a Pod's row and of its place in the queue. */
export const workKey = (node: string, uid: string): string => `${node}/${uid}`;
