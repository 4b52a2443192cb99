import type { Waiter } from '../../sim/process.ts';
import type { EngineRequest } from '../api.ts';

/**
 * One row of the daemon's table of handlers. Rows are tried in order; each file beside this one
 * contributes those of one resource.
 */
export interface Route {
  readonly method: EngineRequest['method'];
  /** Its groups become the call's `params`. */
  readonly path: RegExp;
  /** An EngineResponse, or LATER when it will be answered later. */
  readonly handle: (call: RouteCall) => unknown;
  /** A POST that changes nothing a reader of the trace would look for. */
  readonly quiet?: true;
}

export interface RouteCall {
  readonly machine: string;
  readonly params: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  /** 0, the null device, when the client opened none. */
  readonly stream: number;
  /** What the client sends; 0 when that is nothing. */
  readonly input: number;
  readonly asker: Waiter;
}

export function callOf(
  machine: string,
  { query = {}, body, headers = {}, stream = 0, input = 0 }: EngineRequest,
  params: readonly string[],
  asker: Waiter,
): RouteCall {
  return { machine, params, query, body, headers, stream, input, asker };
}
