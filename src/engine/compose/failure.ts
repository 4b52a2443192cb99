import { daemonError, failed } from '../docker/cli/invocation.ts';
import type { EngineResponse } from '../docker/api.ts';

/** Why a command of Compose ends: what it says last, in Compose's words, and its exit code. */
export class Failure extends Error {
  readonly exitCode: number;
  /** The daemon's answer, when it is one: 404, 409. */
  readonly status: number;

  constructor(message: string, { exitCode = 1, status = 0 } = {}) {
    super(message);
    this.exitCode = exitCode;
    this.status = status;
  }
}

export function refuse(message: string): never {
  throw new Failure(message);
}

/** The body of an answer; a refusal of the daemon ends the command. */
export function bodyOf<T>(response: EngineResponse<T>): T {
  if (failed(response)) throw new Failure(daemonError(response), { status: response.status });
  return response.body;
}
