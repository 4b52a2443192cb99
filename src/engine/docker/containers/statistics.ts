import { close, sleep, write, type Program } from '../../sim/process.ts';
import type { ContainerStats } from '../../containerd/api.ts';
import { answer, fail } from '../answer.ts';
import type { CpuStats, EngineResponse, StatsAnswer } from '../api.ts';
import { goTime, NO_TIME } from '../go-time.ts';
import { inside } from './internal.ts';
import type { ContainerRooms } from './rooms.ts';
import type { ContainerRow } from './row.ts';

/** `docker stats` (moby/moby v29.7 `daemon/stats.go`, `stats_unix.go`, on cgroups of version 2). */
const INTERVAL_MS = 1_000;
const NO_CPU: CpuStats = {
  cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 },
  throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
};
/** The major number of the disk that a machine has. */
const DISK_MAJOR = 259;
/** Model figure: bytes in a packet. */
const PACKET_BYTES = 1_200;
/** Model figure: so much of a processor's time goes to the kernel. */
const KERNEL_SHARE = 4;

/** One sample; of a container that does not run only its name. */
export function sample(rooms: ContainerRooms, row: ContainerRow): StatsAnswer {
  const { machine, id, name, state } = row;
  const runs = state.running && !state.restarting;
  const stats = runs ? rooms.containerd.answer(machine, { op: 'stats', id }) : undefined;
  if (!stats?.ok) return { ...EMPTY, id, name: `/${name}`, os_type: 'linux' };
  const networks = Object.keys(rooms.networks.settings(machine, id).Networks);
  return {
    id,
    name: `/${name}`,
    os_type: 'linux',
    read: goTime(rooms.kernel.now),
    cpu_stats: cpuOf(stats),
    memory_stats: {
      usage: stats.memoryBytes,
      stats: { anon: stats.memoryBytes, file: 0, inactive_file: 0 },
      limit: stats.memoryLimitBytes,
    },
    ...(networks.length === 0 ? {} : { networks: { eth0: trafficOf(stats) } }),
    pids_stats: {
      current: stats.pids,
      ...(stats.pidsLimit === undefined ? {} : { limit: stats.pidsLimit }),
    },
    blkio_stats: {
      ...EMPTY.blkio_stats,
      io_service_bytes_recursive: [
        { major: DISK_MAJOR, minor: 0, op: 'read', value: stats.readBytes },
        { major: DISK_MAJOR, minor: 0, op: 'write', value: stats.writtenBytes },
      ],
    },
    num_procs: 0,
    storage_stats: {},
    preread: NO_TIME,
    precpu_stats: NO_CPU,
  };
}

function cpuOf(stats: ContainerStats): CpuStats {
  const inKernel = Math.floor(stats.cpuNs / KERNEL_SHARE);
  return {
    cpu_usage: {
      total_usage: stats.cpuNs,
      usage_in_kernelmode: inKernel,
      usage_in_usermode: stats.cpuNs - inKernel,
    },
    system_cpu_usage: stats.systemCpuNs,
    online_cpus: stats.onlineCpus,
    throttling_data: NO_CPU.throttling_data,
  };
}

const trafficOf = ({ rxBytes, txBytes }: ContainerStats) => ({
  rx_bytes: rxBytes,
  rx_packets: Math.ceil(rxBytes / PACKET_BYTES),
  rx_errors: 0,
  rx_dropped: 0,
  tx_bytes: txBytes,
  tx_packets: Math.ceil(txBytes / PACKET_BYTES),
  tx_errors: 0,
  tx_dropped: 0,
});

const EMPTY: StatsAnswer = {
  read: NO_TIME,
  cpu_stats: NO_CPU,
  memory_stats: {},
  pids_stats: {},
  blkio_stats: {
    io_service_bytes_recursive: null,
    io_serviced_recursive: null,
    io_queue_recursive: null,
    io_service_time_recursive: null,
    io_wait_time_recursive: null,
    io_merged_recursive: null,
    io_time_recursive: null,
    sectors_recursive: null,
  },
  num_procs: 0,
  storage_stats: {},
  preread: NO_TIME,
  precpu_stats: NO_CPU,
};

export interface StatsArgs {
  readonly machine: string;
  readonly id: string;
  readonly follow: boolean;
  readonly stream: number;
}

/** Without `follow` the second of two samples; with it one each second, while anyone reads. */
export const stats: Program<StatsArgs, EngineResponse> = function* (args) {
  const { machine, id, follow, stream } = args;
  let before: StatsAnswer | undefined;
  for (;;) {
    const now = yield* inside(machine, { op: 'sample', id });
    if (!now) {
      yield* close(stream);
      return before ? answer(200, before) : fail(404, `No such container: ${id}`);
    }
    const full: StatsAnswer = before
      ? { ...now, preread: before.read, precpu_stats: before.cpu_stats }
      : now;
    if (!follow && before) return answer(200, full);
    if (follow && !(yield* write(stream, full))) return answer(200, full);
    before = now;
    yield* sleep(INTERVAL_MS);
  }
};
