import { close, Interrupt, read } from '../../../sim/process.ts';
import type { LogChunk } from '../../api.ts';
import type { Invocation, Step, Stream } from '../invocation.ts';

/** How a container in the foreground is looked after. */
export interface Attention {
  readonly id: string;
  /** With a terminal all output is one stream. */
  readonly tty: boolean;
  /** Ctrl+C goes to the container, not to the client. */
  readonly sigProxy: boolean;
}

/**
 * Copies what a container writes until its stream ends (docker/cli v29.7
 * `cli/command/container/hijack.go`, `signals.go`). Ctrl+C is forwarded once; a second ends the
 * client. Gives 130 when the client was ended, else undefined.
 */
export function* attended(
  call: Invocation,
  stream: Stream,
  { id, tty, sigProxy }: Attention,
): Step<number | undefined> {
  let forwarded = false;
  for (;;) {
    try {
      const chunks = yield* read<LogChunk>(stream.id);
      if (!chunks) return undefined;
      for (const chunk of chunks) yield* copyChunk(call, chunk, tty);
    } catch (problem) {
      if (!(problem instanceof Interrupt)) throw problem;
      if (!sigProxy || forwarded || problem.signal === 'SIGPIPE') {
        yield* close(stream.id);
        return problem.signal === 'SIGPIPE' ? 141 : 130;
      }
      forwarded = true;
      yield* call.post(`/containers/${id}/kill`, { signal: problem.signal });
    }
  }
}

export const copyChunk = (call: Invocation, chunk: LogChunk, tty: boolean): Step<void> =>
  chunk.stream === 'stdout' || tty ? call.out(chunk.text) : call.err(chunk.text);
