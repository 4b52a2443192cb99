import type { Ticket } from '../../sim/kernel.ts';
import type { Resources, TerminatedState, WaitingState } from '../api/pod.ts';
import type { Condition } from '../apimachinery/object.ts';

/** What a kubelet remembers of a Pod on its node. */
export interface PodWork {
  readonly node: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly ip: string;
  readonly startedMs: number;
  /** By name: init containers, containers and ephemeral ones have names of one space. */
  readonly containers: Readonly<Record<string, ContainerWork>>;
  /** Which start of its node its sandbox is of; none for the first. */
  readonly boot?: number;
  /** When it got another sandbox than its first. */
  readonly sandboxMs?: number;
  /** It has the node's own address. */
  readonly hostNetwork?: true;
  /** Its volumes are not all mounted yet: when they are tried again, and how much later still. */
  readonly unmounted?: { readonly delayMs: number; readonly againMs: number };
  /** What it takes of the node, as counted when it was admitted. */
  readonly takes?: NodeShare;
  /** Its containers are to have another size. */
  readonly resize?: PodResizing;
  /** Somebody limited what it may write. */
  readonly hasDiskLimits?: true;
  /** What its volumes are made of: `configmaps default/settings`. */
  readonly objects?: readonly string[];
  readonly ending?: Ending;
  /** Why its kubelet ended it, where its containers do not say: eviction, deadline, rejection. */
  readonly verdict?: Verdict;
  /** Its containers are gone for good and its address is given back. */
  readonly isCleared?: true;
}

export interface NodeShare {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

/** How far a Pod is on its way to another size, as its conditions say it. */
export interface PodResizing {
  readonly pending?: {
    readonly reason: 'Deferred' | 'Infeasible';
    /** What its Event calls it: `OutOfcpu`. */
    readonly kind: string;
    readonly message: string;
  };
  readonly inProgress?: { readonly reason?: string; readonly message?: string };
}

/** The way down of a Pod: no container starts any more. */
export interface Ending {
  readonly sinceMs: number;
  /** How long its containers may take, hooks included. */
  readonly graceMs: number;
}

/** The status that a kubelet gives a Pod which it ended or never took. */
export interface Verdict {
  readonly reason: string;
  readonly message: string;
  readonly condition?: Condition;
}

/** Where a container is in its life. */
export type Stage =
  /** Nothing is going on: it is to be started, or waits for a back-off, or has ended for good. */
  | 'idle'
  | 'pulling'
  | 'starting'
  /** It runs, and its postStart hook is not over. */
  | 'hooked'
  | 'running';

/** How a container ended, as its status says it, and when. */
export interface Ended {
  readonly state: TerminatedState;
  readonly finishedMs: number;
}

export interface ContainerWork {
  /** What it was given: CPU and memory. */
  readonly resources?: Resources;
  readonly stage: Stage;
  /** The runtime's id of the latest container, and of the one before as long as it is kept. */
  readonly id?: string;
  readonly previousId?: string;
  /** Which image it was last tried with, as the spec says it, and the id of what came of it. */
  readonly image?: string;
  readonly imageId: string;
  readonly restarts: number;
  readonly startedMs?: number;
  /** How the latest container ended. */
  readonly ended?: Ended;
  /** How the one before that ended. */
  readonly endedBefore?: Ended | undefined;
  /** Why it does not run; empty: nothing has come of it yet. */
  readonly waiting: WaitingState;
  readonly crashBackoff?: Backoff;
  readonly pullBackoff?: Backoff;
  /** It could not be made; it is tried again then. */
  readonly againMs?: number;
  readonly ready: boolean;
  /** The startup probe has succeeded, or there is none. */
  readonly started: boolean;
  /** Results in a row per probe: successes above zero, failures below. */
  readonly probes: Readonly<Record<string, number>>;
  readonly stop?: Stop;
}

/** A container on its way down: its hook first, then its turn, then signals. */
export interface Stop {
  readonly step: 'hook' | 'turn' | 'signalled';
  /** When its grace is over. */
  readonly deadlineMs: number;
  /** Of what comes when it has not stopped by itself. */
  readonly ticket: Ticket;
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
  waiting: {},
  ready: false,
  started: false,
  probes: {},
};

/** The key of a Pod's row and of its place in the queue. */
export const workKey = (node: string, uid: string): string => `${node}/${uid}`;

/** It has a process, or is about to. */
export const isUp = ({ stage }: ContainerWork): boolean =>
  stage === 'starting' || stage === 'hooked' || stage === 'running';
