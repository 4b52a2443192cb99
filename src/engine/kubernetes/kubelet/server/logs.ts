import { rfc3339Nano } from '../../../sim/clock.ts';
import { ask, close, open, read, write, type Program } from '../../../sim/process.ts';
import type { NodeChunk } from '../../api/node-requests.ts';
import { containerdService, type RuntimeAnswers } from '../cri.ts';

/**
 * Reads a container's log, and goes on reading it (pkg/kubelet/kuberuntime/logs/logs.go
 * `ReadLogs`, v1.36).
 */
export interface LogsArgs {
  readonly node: string;
  readonly id: string;
  readonly stream: number;
  readonly follow?: boolean;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  readonly sinceMs?: number;
  readonly timestamps?: boolean;
}

type Logs = RuntimeAnswers['logs'];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const logs: Program<LogsArgs, { ok: true }> = function* (args) {
  const { node, id, stream, follow = false, tailLines, sinceMs } = args;
  const service = containerdService(node);
  const news = follow ? yield* open() : undefined;
  if (news !== undefined) yield* ask(service, { op: 'attach', id, stream: news });
  let from = 0;
  let left = args.limitBytes ?? Number.MAX_SAFE_INTEGER;
  for (let round = 0; left > 0; round++) {
    const said = yield* ask<Logs>(service, { op: 'logs', id, from });
    if (!said.ok) {
      // It was taken away: its Pod was evicted.
      const text = `unable to retrieve container logs for containerd://${id}`;
      if (round === 0) yield* write(stream, { stream: 'stdout', text } satisfies NodeChunk);
      break;
    }
    from = said.next;
    let { lines } = said;
    if (sinceMs !== undefined) lines = lines.filter(({ timeMs }) => timeMs >= sinceMs);
    if (round === 0 && tailLines !== undefined) {
      lines = tailLines === 0 ? [] : lines.slice(-tailLines);
    }
    for (const { timeMs, stream: which, text } of lines) {
      const stamp = args.timestamps ? `${rfc3339Nano(timeMs)} ` : '';
      const cut = cutBytes(`${stamp}${text}\n`, left);
      left -= cut.bytes;
      const chunk: NodeChunk = { stream: which, text: cut.text };
      // Nobody reads any more.
      if (!(yield* write(stream, chunk))) left = 0;
      if (left <= 0) break;
    }
    if (news === undefined || left <= 0) break;
    if ((yield* read(news)) === undefined && round > 0 && lines.length === 0) break;
  }
  if (news !== undefined) yield* ask(service, { op: 'detach', id, stream: news });
  yield* close(stream);
  return { ok: true };
};

function cutBytes(text: string, most: number): { text: string; bytes: number } {
  const bytes = encoder.encode(text);
  if (bytes.length <= most) return { text, bytes: bytes.length };
  return { text: decoder.decode(bytes.slice(0, most)), bytes: most };
}
