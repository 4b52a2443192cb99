import { ask, type Signal } from '../sim/process.ts';
import { machineOf } from './place.ts';

/**
 * The processes of a place, for programs that run in it (`ps`, `kill`, a shell): which there are,
 * signals to them, and what the asking process wants to happen with its own signals. The room that
 * runs containers answers; the pids are those of the place's own namespace.
 */
export interface ProcessInfo {
  readonly pid: number;
  readonly ppid: number;
  readonly user: string;
  readonly argv: readonly string[];
  readonly startedMs: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** What the place may use and uses: `free`, `nproc`, `uptime`. */
export interface PlaceResources {
  readonly cpus: number;
  readonly memoryBytes: number;
  /** The machine's where there is no limit. */
  readonly memoryLimitBytes: number;
  readonly machineMemoryBytes: number;
  readonly machineDiskBytes: number;
  readonly diskUsedBytes: number;
}

/** What somebody mounted in a container: `df`, `mount`. */
export interface PlaceMount {
  readonly at: string;
  readonly type: 'bind' | 'tmpfs';
  readonly readOnly: boolean;
  /** How much a tmpfs holds at most. */
  readonly sizeBytes?: number;
}

export interface PlaceMounts {
  readonly isRootReadOnly: boolean;
  readonly mounts: readonly PlaceMount[];
}

export type ProcessFault = 'ESRCH' | 'EPERM';

export type ProcessRequest = { readonly place: string } & (
  | { readonly op: 'list' | 'own' | 'resources' | 'user' | 'mounts' }
  | { readonly op: 'signal'; readonly pid: number; readonly signal: Signal }
  | {
      readonly op: 'handle';
      readonly caught: readonly Signal[];
      readonly ignored: readonly Signal[];
    }
  | { readonly op: 'burn'; readonly workers: number; readonly threads: number }
  | { readonly op: 'memory'; readonly memoryBytes: number }
);

export const processesService = (machine: string): string => `processes/${machine}`;

const request = <T>(body: ProcessRequest) => ask<T>(processesService(machineOf(body.place)), body);

/** Every process of the place, by pid. */
export const listProcesses = (place: string) => request<ProcessInfo[]>({ op: 'list', place });

/** The asking process' own entry, with its parent: `$$`, `$PPID`. */
export const ownProcess = (place: string) => request<ProcessInfo>({ op: 'own', place });

/** Sends a signal to a process by its pid in the place; 'SIG0' only looks whether it is there. */
export const signalProcess = (place: string, pid: number, signal: Signal) =>
  request<ProcessFault | undefined>({ op: 'signal', place, pid, signal });

/**
 * Says which signals the asking process catches and which it ignores; all others do what they do
 * by default, which for the first process of a container is nothing (pid_namespaces(7)). A program
 * that catches Interrupts must say so, or as a first process it never gets them. Each call replaces
 * what was said before.
 */
export const handleSignals = (
  place: string,
  caught: readonly Signal[],
  ignored: readonly Signal[] = [],
) => request<undefined>({ op: 'handle', place, caught, ignored });

/**
 * So many of the asking process' threads run without end from now on, each in a worker process if
 * there are any; they end with it.
 */
export const burn = (place: string, threads: number, workers = 0) =>
  request<undefined>({ op: 'burn', place, workers, threads });

/** Sets how much memory the asking process holds. More than the place may have ends a process. */
export const holdMemory = (place: string, memoryBytes: number) =>
  request<undefined>({ op: 'memory', place, memoryBytes });

export const placeMounts = (place: string) => request<PlaceMounts>({ op: 'mounts', place });

export const placeResources = (place: string) =>
  request<PlaceResources>({ op: 'resources', place });

/** As whom the asking process runs. */
export const ownUser = (place: string) =>
  request<{ uid: number; gid: number; groups: readonly number[]; name: string }>({
    op: 'user',
    place,
  });
