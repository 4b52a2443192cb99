import type { Kernel } from '../../sim/kernel.ts';
import type { Builders } from '../../build/builder.ts';
import { answer, fail, isTrue } from '../answer.ts';
import type { ContainerSummary, SwarmInfo } from '../api.ts';
import { cacheRecords, pruneCache } from '../build-cache.ts';
import type { Containers } from '../containers.ts';
import type { Events } from '../events.ts';
import { DISK_KINDS, diskUsage, type DiskKind, type DiskRooms } from '../disk-usage.ts';
import { systemInfo, systemVersion, type SystemCounts } from '../system.ts';
import type { Route } from './route.ts';

export interface SystemRooms extends Pick<DiskRooms, 'content' | 'volumes' | 'usersOf'> {
  readonly kernel: Kernel;
  readonly containers: Containers;
  readonly builders?: Builders;
  readonly events: Events;
  readonly swarm: (machine: string) => SwarmInfo | undefined;
}

/** moby/moby v29.7 `daemon/server/router/system/system_routes.go`. */
export const systemRoutes = (rooms: SystemRooms): Route[] => [
  { method: 'GET', path: /^\/_ping$/, handle: () => answer(200, 'OK') },
  { method: 'HEAD', path: /^\/_ping$/, handle: () => answer(200, '') },
  { method: 'GET', path: /^\/version$/, handle: () => answer(200, systemVersion()) },
  {
    method: 'GET',
    path: /^\/info$/,
    handle: ({ machine }) => {
      const info = systemInfo(rooms.kernel, machine, counts(rooms, machine), rooms.swarm(machine));
      return answer(200, info);
    },
  },
  {
    method: 'POST',
    path: /^\/build\/prune$/,
    handle: ({ machine, query }) =>
      rooms.builders
        ? pruneCache(rooms.builders, rooms.events, machine, query, rooms.kernel.now)
        : fail(404, 'page not found'),
  },
  {
    method: 'GET',
    path: /^\/system\/df$/,
    handle: ({ machine, query }) => {
      const asked = (query.type ?? '').split(',').filter((kind) => kind !== '');
      const other = asked.find((kind) => !DISK_KINDS.includes(kind as DiskKind));
      if (other !== undefined) return fail(400, `unknown object type: ${other}`);
      const kinds = asked.length === 0 ? DISK_KINDS : (asked as DiskKind[]);
      return answer(200, diskUsage(diskRooms(rooms), machine, kinds, isTrue(query.verbose)));
    },
  },
];

const allContainers = ({ containers }: SystemRooms, machine: string, size: string) =>
  containers.listing.list(machine, { all: '1', size }).body as ContainerSummary[];

const diskRooms = (rooms: SystemRooms): DiskRooms => ({
  ...rooms,
  buildCache: (machine) => (rooms.builders ? cacheRecords(rooms.builders, machine) : []),
  containers: (machine) => allContainers(rooms, machine, '1'),
});

function counts(rooms: SystemRooms, machine: string): SystemCounts {
  const states = allContainers(rooms, machine, '0').map(({ State }) => State);
  const running = states.filter((state) => state === 'running' || state === 'restarting').length;
  const paused = states.filter((state) => state === 'paused').length;
  const digests = rooms.content.rows(machine).map(([, { digest }]) => digest);
  const stopped = states.length - running - paused;
  return { running, paused, stopped, images: new Set(digests).size, listeners: 0 };
}
