import type { EngineResponse, LogChunk } from '../../docker/api.ts';
import { bodyOf } from '../failure.ts';
import { next, type Strand } from '../together.ts';

/** What a hook has written (docker/compose v5.5 `pkg/compose/hook_output.go`). */
const TAIL_LINES = 10;

/** Reads a stream to its end; gives its last lines, of stderr when it has any. */
export function* tailOf(key: number): Strand<string> {
  const said = { stdout: '', stderr: '' };
  for (;;) {
    const heard: { chunks: readonly LogChunk[]; answer?: EngineResponse } =
      yield* next<LogChunk>(key);
    for (const { stream, text } of heard.chunks) said[stream] += text;
    if (!heard.answer) continue;
    bodyOf(heard.answer);
    return (said.stderr || said.stdout).trim().split('\n').slice(-TAIL_LINES).join('\n');
  }
}
