import type { ContainerSummary, StatsAnswer } from '../../api.ts';
import { bytesSize, humanSize, shortId } from '../../units.ts';
import { writeRows, type Headings } from '../formatter/write.ts';
import {
  daemonError,
  failed,
  filterQuery,
  query,
  type Invocation,
  type Step,
} from '../invocation.ts';
import { isRefused, type Refused } from '../../../go/refused.ts';
import { Subject } from '../../../go/template/value.ts';

/**
 * `docker stats` (docker/cli v29.7 `cli/command/container/stats.go`, `formatter_stats.go`).
 *
 * Simplified: a new frame is drawn when all containers have been asked again, about every second.
 */
const TABLE =
  'table {{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t{{.MemPerc}}\t{{.NetIO}}\t' +
  '{{.BlockIO}}\t{{.PIDs}}';

const HEADINGS: Headings = {
  Container: 'CONTAINER',
  Name: 'NAME',
  ID: 'CONTAINER ID',
  CPUPerc: 'CPU %',
  MemUsage: 'MEM USAGE / LIMIT',
  MemPerc: 'MEM %',
  NetIO: 'NET I/O',
  BlockIO: 'BLOCK I/O',
  PIDs: 'PIDS',
};

const percent = (value: number): string => `${value.toFixed(2)}%`;

function cpuPercent({ cpu_stats: cpu, precpu_stats: before }: StatsAnswer): number {
  const used = cpu.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const all = (cpu.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  return all > 0 && used > 0 ? (used / all) * (cpu.online_cpus ?? 1) * 100 : 0;
}

function memoryOf({ memory_stats: { usage = 0, stats, limit = 0 } }: StatsAnswer) {
  const cached = stats?.inactive_file ?? 0;
  const used = cached < usage ? usage - cached : usage;
  return { used, limit, share: limit === 0 ? 0 : (used / limit) * 100 };
}

function blocks({ blkio_stats }: StatsAnswer, letter: string): number {
  const entries = blkio_stats?.io_service_bytes_recursive ?? [];
  return entries
    .filter(({ op }) => op.toLowerCase().startsWith(letter))
    .reduce((sum, { value }) => sum + value, 0);
}

function statsRow(container: string, stats: StatsAnswer, truncate: boolean): Subject {
  const networks = Object.values(stats.networks ?? {});
  const received = networks.reduce((sum, { rx_bytes }) => sum + rx_bytes, 0);
  const sent = networks.reduce((sum, { tx_bytes }) => sum + tx_bytes, 0);
  const memory = memoryOf(stats);
  const id = stats.id ?? '';
  return new Subject('*container.statsContext', {
    BlockIO: () => `${humanSize(blocks(stats, 'r'))} / ${humanSize(blocks(stats, 'w'))}`,
    CPUPerc: () => percent(cpuPercent(stats)),
    Container: () => container,
    ID: () => (truncate ? shortId(id) : id),
    MemPerc: () => percent(memory.share),
    MemUsage: () => `${bytesSize(memory.used)} / ${bytesSize(memory.limit)}`,
    Name: () => (stats.name ?? '').replace(/^\//, '') || '--',
    NetIO: () => `${humanSize(received)} / ${humanSize(sent)}`,
    PIDs: () => String(stats.pids_stats.current ?? 0),
  });
}

export function* stats(call: Invocation): Step<number> {
  const { flags, args } = call;
  const format = flags.text('format', 'table');
  for (;;) {
    const names = args.length > 0 ? args : yield* shown(call);
    if (isRefused(names)) return yield* call.fail(names.refused);
    const rows = yield* sampled(call, names, args.length > 0);
    if (isRefused(rows)) return yield* call.fail(rows.refused);
    const once = flags.has('no-stream');
    if (once && rows.length === 0) return 0;
    const text = writeRows(format === 'table' ? TABLE : format, rows, HEADINGS);
    if (isRefused(text)) return yield* call.fail(text.refused);
    if (once) {
      yield* call.out(text);
      return 0;
    }
    const lines = text.split('\n').map((line) => `${line}\u001b[K\n`);
    yield* call.out(`\u001b[H${lines.join('')}\u001b[J`);
    if (rows.length === 0) yield* call.pause(1000);
  }
}

/** Those that run, or all. */
function* shown(call: Invocation): Step<string[] | Refused> {
  const { flags } = call;
  const answer = yield* call.get<ContainerSummary[]>('/containers/json', {
    ...query({ all: flags.has('all') }),
    ...filterQuery(flags.all('filter')),
  });
  return failed(answer) ? { refused: daemonError(answer) } : answer.body.map(({ Id }) => Id);
}

/** Asks for all at once: each answer takes the daemon a second. */
function* sampled(
  call: Invocation,
  names: readonly string[],
  named: boolean,
): Step<Subject[] | Refused> {
  const streams = [];
  for (const name of names) {
    const path = `/containers/${name}/stats`;
    streams.push(yield* call.begin({ method: 'GET', path, query: { stream: '0' } }));
  }
  const rows: Subject[] = [];
  const problems: string[] = [];
  for (const [at, stream] of streams.entries()) {
    const answer = yield* call.answer<StatsAnswer>(stream);
    if (failed(answer)) problems.push(daemonError(answer));
    else rows.push(statsRow(names[at] ?? '', answer.body, !call.flags.has('no-trunc')));
  }
  return named && problems.length > 0 ? { refused: problems.join('\n') } : rows;
}
