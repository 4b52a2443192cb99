import type { HttpRequest, HttpResponse, Upstream } from '../net/http.ts';
import type { Stamp } from './stamp.ts';

/**
 * What runs inside a container, as data: a process is a plan of timed steps plus a server, both
 * computed by pure functions from its words, its environment and its files. The runtime schedules
 * the steps. So a container costs a row and an event, not a program of its own, and a world can
 * hold a hundred thousand of them.
 */
export interface ProcessContext {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly hostname: string;
  readonly files: FileView;
  /** Its working directory; the root when left out. */
  readonly cwd?: string;
}

/** The files a process sees. */
export interface FileView {
  /** The bytes of a file, symbolic links followed; undefined when there is none. */
  read(path: string): Uint8Array | undefined;
  /** `file`, `dir`, or undefined. */
  kind(path: string): 'file' | 'dir' | undefined;
  /** Names in a directory, sorted. */
  list(path: string): string[];
}

/** What comes instead of it where there is no such name. */
export interface ResolveStep {
  readonly host: string;
  readonly missing: readonly ProcessStep[];
}

/** One thing a process does, `afterMs` after it started. Steps are in order of time. */
export type ProcessStep = { readonly afterMs: number } & (
  | ({ readonly do: 'log' } & LogText)
  /** What comes instead where somebody has the port; times of those steps count from then. */
  | { readonly do: 'listen'; readonly port: number; readonly taken?: readonly ProcessStep[] }
  /**
   * Looks a name up and keeps its addresses; what comes instead where there is no such name, counted
   * from then.
   */
  | ({ readonly do: 'resolve' } & ResolveStep)
  | { readonly do: 'exit'; readonly code: number }
  /** Holds so much memory from now on, bytes; more than the container may have ends it. */
  | { readonly do: 'memory'; readonly bytes: number }
  | ({ readonly do: 'write' } & FileText)
  /** Starts a command (registry.ts) beside it, which lives in the same place. */
  | { readonly do: 'start'; readonly command: string }
  /** Sends a signal to a process of its own place. */
  | { readonly do: 'signal'; readonly pid: number; readonly signal: `SIG${string}` }
);

/**
 * A file of the process' own place that it writes whole, with the directories that it lies in; what
 * cannot be written is passed over.
 */
export interface FileText {
  readonly path: string;
  readonly content: string;
}

export interface LogText {
  readonly stream: 'stdout' | 'stderr';
  /** Where `{pid}` stands its pid in the container is written. */
  readonly text: string;
  /** The time goes where `{time}` stands, or in front: as nginx has it, or as named. */
  readonly stamped?: true | Stamp;
}

/** How a process meets a signal it can catch; signals not named end it at once by default. */
export type SignalResponse =
  | {
      readonly exitCode: number;
      readonly afterMs: number;
      readonly log?: readonly LogText[];
      readonly writes?: readonly FileText[];
    }
  /** It says something and goes on, and may look up names again as its plan did. */
  | {
      readonly stays: true;
      readonly log: readonly LogText[];
      readonly resolves?: readonly ResolveStep[];
    }
  | 'ignore';

export interface ProcessPlan {
  readonly steps: readonly ProcessStep[];
  readonly signals: Readonly<Record<string, SignalResponse>>;
  /** Memory held while it runs, bytes: a model figure. */
  readonly memoryBytes: number;
  /** What it calls itself in lists of processes; its words when left out. */
  readonly title?: string;
  /** Processes it starts that live and end with it. */
  readonly workers?: readonly Worker[];
}

export interface Worker {
  readonly title: string;
  /** Its pid in the container. */
  readonly pid: number;
  /** As whom; its parent's user when left out. */
  readonly user?: string;
}

export interface Served {
  readonly response: HttpResponse;
  readonly afterMs: number;
  readonly log?: LogText | readonly LogText[];
  readonly writes?: readonly FileText[];
  /** What the process remembers from now on: plain data, told with the next request. */
  readonly state?: unknown;
  /** Processor time the request takes. */
  readonly cpuMs?: number;
}

/** It asks another server first, and is asked again with what came of it. */
export interface Forwarded {
  readonly forward: {
    readonly host: string;
    readonly port: number;
    readonly request: HttpRequest;
    readonly timeoutMs: number;
    /** How long it waits for a connection; as long as for the answer when left out. */
    readonly connectMs?: number;
    /** Plain data that it is told again with what came of it. */
    readonly note?: unknown;
  };
  readonly log?: readonly LogText[];
  readonly state?: unknown;
}

/** A name that a process asks a server for by itself, past hosts file and search list. */
export interface NameQuestion {
  readonly name: string;
  /** The address of the server. */
  readonly server: string;
}

export interface NameAnswer {
  readonly name: string;
  /** None where there is no such name; `silent` where the server does not answer. */
  readonly ips: readonly string[] | 'silent';
  /** Seconds for which it may be remembered. */
  readonly ttl: number;
}

/** What a server is told with a request. */
export interface Client {
  readonly ip: string;
  /** The port it came in by. */
  readonly port?: number;
  readonly timeMs: number;
  /** When the process started. */
  readonly startedMs?: number;
  /** What it remembered last; undefined at first. */
  readonly state?: unknown;
  /** What came of the request it forwarded. */
  readonly upstream?: Upstream;
  /** What it noted when it forwarded. */
  readonly note?: unknown;
  /** The addresses of the names that its plan looked up, and when. */
  readonly resolved?: Resolved;
  /** What the names stand for that it asked for. */
  readonly answers?: readonly NameAnswer[];
}

export interface Resolved {
  readonly atMs: number;
  readonly hosts: Readonly<Record<string, readonly string[]>>;
}

export interface ProgramModel {
  /** Its plan depends on the host name, so that it is made for each container. */
  readonly usesHostname?: boolean;
  plan(context: ProcessContext): ProcessPlan;
  /** Answers a request, or asks for a name and is asked again; undefined when it never does. */
  serve?(
    context: ProcessContext,
    request: HttpRequest,
    client: Client,
  ): Served | Forwarded | { readonly lookup: NameQuestion } | undefined;
  /** How it meets a signal, when that depends on what it remembers; else its plan says. */
  signalled?(
    context: ProcessContext,
    signal: string,
    client: Omit<Client, 'ip'>,
  ): SignalResponse | undefined;
}

export interface LogLine {
  readonly timeMs: number;
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}
