/**
 * The Engine API as requests within a world: verb, path, query, body (moby/moby
 * v29.7 `api/docs/v1.55.yaml`). Answers that stream go to a stream that the client opened.
 * Bodies are those of the wire: see api/config.ts (what is asked for), api/container.ts (what is
 * told) and api/events.ts.
 */
export type * from './api/config.ts';
export type * from './api/container.ts';
export type * from './api/events.ts';
export type * from './api/image.ts';
export type * from './api/network.ts';
export type * from './api/volume.ts';
export type * from './api/system.ts';

export interface EngineRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  /** Without version: `/images/json`. */
  readonly path: string;
  /** Texts as in a URL; `filters` is JSON: `{"label":{"a":true}}`. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /**
   * `x-registry-auth`: credentials for the registry that the daemon is to ask; `user-agent`: who
   * asks, for the trace, where it is not the docker command line.
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Where progress, output or events are written; see {@link LogChunk}. */
  readonly stream?: number;
  /** What the client types, as texts; where a container or an exec is attached to. */
  readonly input?: number;
}

export interface EngineResponse<T = unknown> {
  readonly status: number;
  /** Of an error: `{ message }`. */
  readonly body: T;
}

export const dockerService = (machine: string): string => `docker/${machine}`;

/** What logs, attach and exec write to their stream. */
export interface LogChunk {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}
