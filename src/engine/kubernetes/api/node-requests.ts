import type { Waiter } from '../../sim/process.ts';

/**
 * What the API server asks of a kubelet on behalf of a client: the kubelet's own HTTP API on port
 * 10250 (pkg/kubelet/server/server.go, v1.36). The service `kubelet/<cluster>` answers; a request
 * that goes on (`logs -f`, `exec`, `attach`) is answered when it has ended.
 *
 * Streams are streams of the simulation. Those that a kubelet writes carry {@link NodeChunk}s and
 * are closed by it at the end; `stdin` is read as text until it is closed.
 */
export interface NodeChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** Which container of which Pod: init, ordinary or ephemeral. */
interface OfContainer {
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly container: string;
}

export interface LogsRequest extends OfContainer {
  readonly op: 'logs';
  /** Of the instance before the present one. */
  readonly previous?: boolean;
  readonly follow?: boolean;
  /** So many lines from the end. */
  readonly tailLines?: number;
  /** So many bytes from where the log would begin. */
  readonly limitBytes?: number;
  /** Virtual time in milliseconds: nothing that was written before. */
  readonly sinceMs?: number;
  readonly timestamps?: boolean;
  readonly stream: number;
}

export interface ExecRequest extends OfContainer {
  readonly op: 'exec';
  readonly argv: readonly string[];
  /** Where its standard input comes from. */
  readonly stdin?: number;
  readonly tty?: boolean;
  readonly stream: number;
}

export interface AttachRequest extends OfContainer {
  readonly op: 'attach';
  readonly stdin?: number;
  readonly tty?: boolean;
  readonly stream: number;
}

/** One request to a port of a Pod, as a forwarded connection carries it. */
export interface PortForwardRequest {
  readonly op: 'port-forward';
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  readonly uid: string;
  readonly port: number;
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The kubelet's summary of what its node and Pods use. */
export interface StatsRequest {
  readonly op: 'stats';
  readonly node: string;
}

export type NodeRequest =
  LogsRequest | ExecRequest | AttachRequest | PortForwardRequest | StatsRequest;

/** CPU and memory of one container, Pod or node. */
export interface Usage {
  /** Virtual time of the measurement. */
  readonly timeMs: number;
  /** Processor time since it started, in nanoseconds. */
  readonly cpuNs: number;
  /** Nanocores: averaged since it started; who wants a shorter window takes a difference. */
  readonly cpuNanoCores: number;
  readonly memoryWorkingSetBytes: number;
}

export interface ContainerUsage extends Usage {
  readonly name: string;
  readonly startedMs: number;
}

export interface PodUsage {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly containers: readonly ContainerUsage[];
}

export interface NodeUsage extends Usage {
  readonly node: string;
  readonly pods: readonly PodUsage[];
}

/** A failure with the words that a client sees, and the HTTP status they come with. */
export interface NodeFailure {
  readonly ok: false;
  readonly code: number;
  readonly message: string;
}

export interface NodeAnswers {
  logs: { readonly ok: true } | NodeFailure;
  /** A process that ran has an exit code; a failure says why none ran. */
  exec: { readonly ok: true; readonly exitCode: number } | NodeFailure;
  attach: { readonly ok: true; readonly exitCode: number } | NodeFailure;
  'port-forward':
    | {
        readonly ok: true;
        readonly status: number;
        readonly headers: Readonly<Record<string, string>>;
        readonly body: string;
      }
    | NodeFailure;
  stats: { readonly ok: true; readonly usage: NodeUsage } | NodeFailure;
}

/** The kubelets as the API server reaches them: the answer, or `LATER` when it comes by itself. */
export type NodeDoor = (request: NodeRequest, asker: Waiter) => unknown;

export const kubeletService = (cluster: string): string => `kubelet/${cluster}`;
