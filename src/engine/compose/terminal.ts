import type { Step } from '../docker/cli/invocation.ts';
import { sinkOf } from '../sim/process.ts';

/** Whether a stream is one that a person sees: a pipe and a file are none. */
export function* isTerminal(stream: number): Step<boolean> {
  const sink = yield* sinkOf(stream);
  return sink?.startsWith('terminal/') ?? false;
}
