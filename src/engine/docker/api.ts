/**
 * The Engine API as requests within a world: verb, path, query, body (moby/moby
 * v29.7 `api/docs/v1.55.yaml`). Answers that stream go to a stream that the client opened.
 */
export interface EngineRequest {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'HEAD';
  /** Without version: `/images/json`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Where progress is written. */
  readonly stream?: number;
}

export interface EngineResponse<T = unknown> {
  readonly status: number;
  /** Of an error: `{ message }`. */
  readonly body: T;
}

export const dockerService = (machine: string): string => `docker/${machine}`;

export interface ImageSummary {
  readonly Id: string;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
  /** Seconds since 1970. */
  readonly Created: number;
  readonly Size: number;
}

export interface ContainerSummary {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Image: string;
  readonly Command: string;
  readonly Created: number;
  readonly State: string;
  readonly Status: string;
  readonly Ports: readonly PortSummary[];
}

/** A port of a container and where it is published; see publish.ts. */
export interface PortBinding {
  /** `''`: every address of the machine. */
  readonly hostIp: string;
  /** 0: any free one, chosen when the container starts. */
  readonly hostPort: number;
  readonly port: number;
  readonly protocol: string;
}

export interface PortSummary {
  readonly IP?: string;
  readonly PrivatePort: number;
  readonly PublicPort?: number;
  readonly Type: string;
}

export interface CreateBody {
  readonly Image: string;
  readonly Cmd?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Env?: readonly string[];
  readonly Labels?: Readonly<Record<string, string>>;
  readonly PortBindings?: readonly PortBinding[];
  /** Removed as soon as it has ended. */
  readonly AutoRemove?: boolean;
}
