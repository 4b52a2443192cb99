import type { ImageConfig } from '../oci/image.ts';
import type { LogLine } from '../programs/program.ts';

/**
 * What containerd is asked and what it answers: images, containers and tasks of one machine. Docker
 * and the kubelet both speak this and nothing else. Programs ask the service `containerd/MACHINE`;
 * rooms that run on events use `Containerd.call(machine, request, then)`, whose event comes with
 * `answer` added to its payload when the answer is there.
 *
 * Every answer is `{ ok: true, … }` or `{ ok: false, code, message }` with containerd's words.
 */
export type ContainerdRequest =
  /** Resolves a reference and fetches what is missing. */
  | {
      readonly op: 'pull';
      readonly reference: string;
      readonly by?: string;
      /** Keeps the content without giving it a name, as a build does with its base image. */
      readonly unnamed?: boolean;
    }
  /** Asks the registry which digest a name has now. */
  | { readonly op: 'resolve'; readonly reference: string; readonly by?: string }
  | { readonly op: 'image'; readonly reference: string }
  | { readonly op: 'images' }
  | { readonly op: 'tag'; readonly reference: string; readonly digest: string }
  | { readonly op: 'untag'; readonly reference: string }
  | ({ readonly op: 'create' } & CreateContainer)
  /** Starts the task; answered when the process runs. */
  | { readonly op: 'start'; readonly id: string }
  | { readonly op: 'kill'; readonly id: string; readonly signal: Signal }
  /** Removes a container that does not run. */
  | { readonly op: 'delete'; readonly id: string }
  | { readonly op: 'state'; readonly id: string }
  | { readonly op: 'list' }
  | { readonly op: 'logs'; readonly id: string; readonly from?: number };

export type Signal = 'SIGTERM' | 'SIGKILL' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP' | 'SIGUSR1';

export interface CreateContainer {
  /** Unique on the machine: a 64-digit hex id, by convention. */
  readonly id: string;
  /** The name in the trace: `container web`, `Pod default/web-5d9c7-x2k4q`. */
  readonly name: string;
  /** Reference of an image that is on the machine. */
  readonly image: string;
  /** Replaces the image's entrypoint; then the image's cmd does not count (docker, CRI). */
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** Added to the image's, by name. */
  readonly env?: Readonly<Record<string, string>>;
  readonly hostname?: string;
  /** The address it listens on; without one it has no network. */
  readonly ip?: string;
  /** The address counts on its own machine alone, as on Docker's bridge. */
  readonly privateIp?: true;
  readonly labels?: Readonly<Record<string, string>>;
  readonly memoryLimitBytes?: number;
  /** Scheduled when its process ends, `exit: ContainerExit` added to the payload. */
  readonly exitEvent?: { readonly event: string; readonly payload: object };
}

export interface ContainerExit {
  readonly id: string;
  readonly exitCode: number;
  /** Set when a signal ended it: exit code 128 + its number. */
  readonly signal?: Signal;
  readonly oomKilled: boolean;
  readonly startedMs: number;
  readonly finishedMs: number;
}

export type ErrorCode =
  | 'NotFound'
  | 'AlreadyExists'
  | 'FailedPrecondition'
  | 'InvalidArgument'
  | 'Unavailable'
  | 'Unauthenticated'
  | 'Unknown';

export interface Failure {
  readonly ok: false;
  readonly code: ErrorCode;
  readonly message: string;
}

export interface ImageView {
  readonly reference: string;
  /** Of the manifest; what a pull by digest names. */
  readonly digest: string;
  readonly config: ImageConfig;
  readonly configDigest: string;
  /** Compressed layers, config and manifest. */
  readonly contentBytes: number;
  /** Layers as unpacked. */
  readonly unpackedBytes: number;
  readonly chainId: string;
}

export type TaskStatus = 'created' | 'running' | 'stopped';

export interface ContainerView {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly argv: readonly string[];
  readonly status: TaskStatus;
  readonly pid?: number;
  readonly ip?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly startedMs?: number;
  readonly exit?: ContainerExit;
}

export interface PullAnswer {
  readonly ok: true;
  readonly image: ImageView;
  /** False when every layer was on the machine already. */
  readonly fetched: boolean;
  readonly fetchedBytes: number;
  readonly durationMs: number;
  readonly layers: readonly PulledLayer[];
}

export interface PulledLayer {
  readonly digest: string;
  /** It was on the machine already. */
  readonly present: boolean;
  readonly bytes: number;
  readonly durationMs: number;
}

/** What each request is answered with. */
export interface Answers {
  pull: PullAnswer | Failure;
  resolve: { readonly ok: true; readonly digest: string } | Failure;
  image: { readonly ok: true; readonly image: ImageView } | Failure;
  images: { readonly ok: true; readonly images: readonly ImageView[] };
  tag: { readonly ok: true } | Failure;
  untag: { readonly ok: true } | Failure;
  create: { readonly ok: true; readonly id: string } | Failure;
  start: { readonly ok: true; readonly pid: number } | Failure;
  kill: { readonly ok: true } | Failure;
  delete: { readonly ok: true } | Failure;
  state: { readonly ok: true; readonly container: ContainerView } | Failure;
  list: { readonly ok: true; readonly containers: readonly ContainerView[] };
  logs: { readonly ok: true; readonly lines: readonly LogLine[] } | Failure;
}

export const containerdService = (machine: string): string => `containerd/${machine}`;
