import type { Call, Resumption } from '../../sim/process.ts';
import type { CommandLine } from '../../machine/command.ts';
import type { EngineRequest, EngineResponse } from '../api.ts';
import type { Flags } from './arguments.ts';

export type Step<T> = Generator<Call, T, Resumption>;

/** What a command of the command line works with. */
export interface Invocation {
  readonly line: CommandLine;
  readonly flags: Flags;
  readonly args: readonly string[];
  readonly out: (text: string) => Step<boolean>;
  readonly err: (text: string) => Step<boolean>;
  readonly ask: <T>(request: EngineRequest) => Step<EngineResponse<T>>;
  /** A request whose progress is copied to one of the standard streams as it comes. */
  readonly streamed: <T>(
    request: EngineRequest,
    to: 'stdout' | 'stderr',
  ) => Step<EngineResponse<T>>;
}

export const messageOf = ({ body }: EngineResponse): string =>
  (body as { message?: string }).message ?? '';

/** `Error response from daemon: …`. */
export const daemonError = (response: EngineResponse): string =>
  `Error response from daemon: ${messageOf(response)}\n`;

/** Several errors as one, after everything else: Go's `errors.Join`. */
export function* joined(err: Invocation['err'], messages: readonly string[]): Step<number> {
  for (const message of messages) yield* err(message);
  return messages.length === 0 ? 0 : 1;
}
