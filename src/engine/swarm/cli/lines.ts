import { daemonError, failed, type Invocation, type Step } from '../../docker/cli/invocation.ts';
import type { EngineResponse } from '../../docker/api.ts';

/** What went wrong, in the client's words; undefined when nothing did. */
export const problemOf = (answer: EngineResponse): string | undefined =>
  failed(answer) ? daemonError(answer) : undefined;

/** A line on stdout. */
export const say = (call: Invocation, line: string): Step<void> => call.out(`${line}\n`);
