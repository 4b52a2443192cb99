import type { LayerEntries } from '../oci/entry.ts';
import type { ImageConfig } from '../oci/image.ts';
import type { Platform } from '../oci/platform.ts';
import type { WireError } from '../oci/registry.ts';
import type { LogLine } from '../programs/program.ts';
import type { Signal } from '../sim/process.ts';

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
      /** The machine's own when left out. */
      readonly platform?: Platform;
      readonly credentials?: Credentials;
      /** Where what happens to each layer is told as it happens; closed at the end. */
      readonly progress?: number;
      /** Keeps the content without giving it a name, as a build does with its base image. */
      readonly unnamed?: boolean;
    }
  /** Asks the registry which digest a name has now. */
  | {
      readonly op: 'resolve';
      readonly reference: string;
      readonly by?: string;
      readonly credentials?: Credentials;
    }
  | { readonly op: 'image'; readonly reference: string }
  | { readonly op: 'images' }
  | { readonly op: 'tag'; readonly reference: string; readonly digest: string }
  | { readonly op: 'untag'; readonly reference: string }
  | ({ readonly op: 'create' } & CreateContainer)
  /** Starts the task; answered when the process runs. */
  | { readonly op: 'start'; readonly id: string }
  | {
      readonly op: 'kill';
      readonly id: string;
      readonly signal: Signal;
      /** An exec'd process instead of the first one. */
      readonly execId?: string;
    }
  /** Removes a container that does not run. */
  | { readonly op: 'delete'; readonly id: string }
  | { readonly op: 'state'; readonly id: string }
  | { readonly op: 'list' }
  | { readonly op: 'logs'; readonly id: string; readonly from?: number }
  /** Runs a further process in a running container; answered when it has ended. */
  | ({ readonly op: 'exec' } & ExecProcess)
  /**
   * Copies what the process writes from now on to a stream, each chunk a {@link LogChunk}; with
   * `logs` what it wrote before comes first. The stream is closed when the process ends.
   */
  | { readonly op: 'attach'; readonly id: string; readonly stream: number; readonly logs?: true }
  /** Without a stream: all that are attached, whose streams are closed. */
  | { readonly op: 'detach'; readonly id: string; readonly stream?: number }
  /** For a container with `openStdin`; of an exec'd process with its `execId`. */
  | { readonly op: 'stdin'; readonly id: string; readonly execId?: string; readonly text: string }
  | { readonly op: 'stdin'; readonly id: string; readonly execId?: string; readonly close: true }
  | { readonly op: 'pause'; readonly id: string }
  | { readonly op: 'resume'; readonly id: string }
  | { readonly op: 'update'; readonly id: string; readonly limits: Limits }
  | { readonly op: 'stats'; readonly id: string }
  | { readonly op: 'processes'; readonly id: string }
  /** What differs from the image, as `docker diff` has it. */
  | { readonly op: 'changes'; readonly id: string }
  /** The writable layer, as a commit keeps it. */
  | { readonly op: 'layer'; readonly id: string }
  | { readonly op: 'connect'; readonly id: string; readonly ip: string; readonly private?: true }
  | { readonly op: 'disconnect'; readonly id: string; readonly ip: string }
  /** Replaces the files that the daemon manages in a container. */
  | { readonly op: 'manage'; readonly id: string; readonly files: Readonly<Record<string, string>> }
  | { readonly op: 'fault'; readonly id: string; readonly kind: FaultKind };

export type { Signal };

/** A name and a password for a registry. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What is told of a pull while it goes on. */
export type PullProgress =
  | { readonly kind: 'pulling' }
  | {
      readonly kind: 'begun' | 'exists' | 'downloaded' | 'extracted';
      readonly digest: string;
    };

/** Ends with SIGSEGV; answers nothing; grows; answers late; burns a processor; none of these. */
export type FaultKind = 'crash' | 'hang' | 'leak' | 'slow' | 'cpu' | 'none';

/** What a container may use; a field left out is unlimited. */
export interface Limits {
  readonly memoryLimitBytes?: number;
  /** Its weight when processors are short; 1024 is the default. */
  readonly cpuShares?: number;
  /** Processors at most: 1.5 are 1,500,000,000. */
  readonly nanoCpus?: number;
  readonly pidsLimit?: number;
}

export interface ExecProcess {
  readonly id: string;
  /** A name for `stdin` and `kill`; unique in the container. */
  readonly execId?: string;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: string;
  readonly cwd?: string;
  readonly tty?: boolean;
  /** Its standard input stays open and is fed by `stdin`. */
  readonly openStdin?: boolean;
  /** Where its output goes, as {@link LogChunk}s; closed when it ends. */
  readonly output?: number;
}

/** What a container's process wrote at once, line ends included. */
export interface LogChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Something mounted in a container; a volume is a bind of its directory on the machine. */
export interface ContainerMount {
  readonly target: string;
  readonly readOnly?: boolean;
  readonly source:
    /** Part of the machine's files; `inMemory` where those inside are to see a tmpfs. */
    | { readonly bind: string; readonly inMemory?: true }
    | { readonly tmpfs: number | undefined }
    /** Files that are put together when somebody looks (shown.ts), or one of them. */
    | { readonly shown: string; readonly path?: string };
}

export interface CreateContainer extends Limits {
  /** Unique on the machine: a 64-digit hex id, by convention. */
  readonly id: string;
  /**
   * One of this id that does not run gets this specification instead of its own: entrypoint, cmd
   * and env in whole, whatever the image says. Its files and its log stay (moby's
   * `ReplaceContainer`).
   */
  readonly replace?: true;
  /** The name in the trace: `container web`, `Pod default/web-5d9c7-x2k4q`. */
  readonly name: string;
  /** Reference of an image that is on the machine. */
  readonly image: string;
  /** Which of its platforms; the one that fits the machine when left out. */
  readonly platform?: Platform;
  /** Replaces the image's entrypoint; then the image's cmd does not count (docker, CRI). */
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  /** Added to the image's, by name. */
  readonly env?: Readonly<Record<string, string>>;
  /** Added before those: one object for all containers that have the same. */
  readonly sharedEnv?: Readonly<Record<string, string>>;
  readonly hostname?: string;
  /** The address it listens on; without one it has no network. */
  readonly ip?: string;
  /** The address counts on its own machine alone, as on Docker's bridge. */
  readonly privateIp?: true;
  /** Further addresses it listens on. */
  readonly ips?: readonly { readonly ip: string; readonly private?: true }[];
  /** It listens on the machine itself. */
  readonly hostNetwork?: boolean;
  readonly labels?: Readonly<Record<string, string>>;
  /** `name`, `uid`, `name:group`, `uid:gid`; the image's when left out. */
  readonly user?: string;
  /** Further groups, by name or number. */
  readonly groupAdd?: readonly string[];
  readonly workingDir?: string;
  readonly tty?: boolean;
  readonly openStdin?: boolean;
  /** A small init is its first process; it forwards signals and reaps (tini). */
  readonly init?: boolean;
  readonly readOnlyRoot?: boolean;
  /** Programs whose inside is not modelled end by themselves: it is a step of a build. */
  readonly ends?: true;
  readonly mounts?: readonly ContainerMount[];
  /** Files by absolute path that the daemon binds in; no part of the writable layer. */
  readonly managed?: Readonly<Record<string, string>>;
  /** Scheduled when its process ends, `exit: ContainerExit` added to the payload. */
  readonly exitEvent?: { readonly event: string; readonly payload: object };
  /** Scheduled when the kernel killed one of its processes for its memory. */
  readonly oomEvent?: { readonly event: string; readonly payload: object };
}

export interface ContainerExit {
  readonly id: string;
  readonly exitCode: number;
  /** Set when a signal ended it: exit code 128 + its number. */
  readonly signal?: Signal;
  readonly oomKilled: boolean;
  /** Nobody saw it end, since its machine lost its power. The code says nothing then. */
  readonly unseen?: true;
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
  /** What a registry said, when it was its answer. */
  readonly errors?: readonly WireError[];
  /** What a token service said instead. */
  readonly details?: string;
  /** What a shell would show: 126 found but not run, 127 not found. */
  readonly exitCode?: number;
}

export interface ImageView {
  readonly reference: string;
  /** Of the manifest or the index; what a pull by digest names. */
  readonly digest: string;
  /** Of the manifest that fits this machine. */
  readonly manifestDigest: string;
  readonly config: ImageConfig;
  readonly configDigest: string;
  /** Compressed layers, config and manifest. */
  readonly contentBytes: number;
  /** Layers as unpacked. */
  readonly unpackedBytes: number;
  readonly chainId: string;
}

export type TaskStatus = 'created' | 'running' | 'paused' | 'stopped';

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
  /** Since its last start the kernel killed one of its processes for its memory. */
  readonly oomKilled?: boolean;
}

/** A process as `docker top` and `ps` show it. */
export interface ProcessView {
  /** On the machine, and as the container's processes know it. */
  readonly pid: number;
  readonly nsPid: number;
  /** The parent's pid on the machine. */
  readonly ppid: number;
  readonly user: string;
  readonly argv: readonly string[];
  readonly startedMs: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
  /** Of an exec: its id. */
  readonly execId?: string;
}

export interface ContainerStats {
  /** Since its start, of the container and of all processors of the machine. */
  readonly cpuNs: number;
  readonly systemCpuNs: number;
  readonly onlineCpus: number;
  readonly memoryBytes: number;
  /** The machine's memory where there is no limit. */
  readonly memoryLimitBytes: number;
  readonly pids: number;
  readonly pidsLimit?: number;
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
}

/** One line of `docker diff`. */
export interface Change {
  readonly path: string;
  readonly kind: 'A' | 'C' | 'D';
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
  /** `next` is the `from` with which to ask for what comes after these lines. */
  logs: { readonly ok: true; readonly lines: readonly LogLine[]; readonly next: number } | Failure;
  exec: { readonly ok: true; readonly exitCode: number } | Failure;
  attach: Done;
  detach: Done;
  stdin: Done;
  pause: Done;
  resume: Done;
  update: Done;
  stats: ({ readonly ok: true } & ContainerStats) | Failure;
  processes: { readonly ok: true; readonly processes: readonly ProcessView[] } | Failure;
  changes: { readonly ok: true; readonly changes: readonly Change[] } | Failure;
  layer: { readonly ok: true; readonly entries: LayerEntries } | Failure;
  connect: Done;
  disconnect: Done;
  manage: Done;
  fault: Done;
}

type Done = { readonly ok: true } | Failure;

export const containerdService = (machine: string): string => `containerd/${machine}`;
