import { answer, fail, isTrue } from '../../docker/answer.ts';
import type { Route } from '../../docker/routes/route.ts';
import { updateCluster } from '../control-api/cluster.ts';
import { NO_LEADER } from '../control-api/failure.ts';
import type { PartialSpec } from '../managers/cluster-defaults.ts';
import type { FoundingArgs } from '../managers/founding.ts';
import type { JoinArgs } from '../managers/joining.ts';
import type { LeaveArgs } from '../managers/leaving.ts';
import { unlock } from '../managers/locking.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import { swarmWire } from '../wire/cluster.ts';
import { byManager } from './access.ts';
import { readVersion } from './version.ts';

/** `/swarm` (moby/moby v29.7 `daemon/server/router/swarm/cluster_routes.go`). */
export const swarmRoutes = (rooms: SwarmRooms): Route[] => [
  ...membership(rooms),
  {
    method: 'GET',
    path: /^\/swarm$/,
    handle: byManager(rooms, ({ swarm }) => {
      const cluster = rooms.store.get(swarm, 'cluster', swarm);
      return cluster ? answer(200, swarmWire(cluster)) : NO_LEADER;
    }),
  },
  {
    method: 'POST',
    path: /^\/swarm\/update$/,
    handle: byManager(rooms, ({ swarm, query, body }) => {
      const version = readVersion('swarm', query.version);
      if (typeof version === 'string') return fail(400, version);
      const asked = (body ?? {}) as PartialSpec;
      if (!['', 'default', undefined].includes(asked.Name)) {
        return fail(400, 'swarm spec must be named "default"');
      }
      const rotation = {
        worker: isTrue(query.rotateWorkerToken),
        manager: isTrue(query.rotateManagerToken),
        unlockKey: isTrue(query.rotateManagerUnlockKey),
      };
      return updateCluster(rooms, swarm, version, asked, rotation) ?? answer(200, {});
    }),
  },
  {
    method: 'GET',
    path: /^\/swarm\/unlockkey$/,
    handle: byManager(rooms, ({ swarm }) => {
      const cluster = rooms.store.get(swarm, 'cluster', swarm);
      return answer(200, { UnlockKey: cluster?.unlockKey ?? '' });
    }),
  },
  {
    method: 'POST',
    path: /^\/swarm\/unlock$/,
    handle: ({ machine, body }) => {
      const { UnlockKey = '' } = (body ?? {}) as { UnlockKey?: string };
      return unlock(rooms, machine, UnlockKey);
    },
  },
];

const membership = ({ processes }: SwarmRooms): Route[] => [
  {
    method: 'POST',
    path: /^\/swarm\/init$/,
    handle: ({ machine, body, asker }) => {
      const args: FoundingArgs = { machine, request: body ?? {} };
      return processes.delegate(asker, 'swarm/init', args);
    },
  },
  {
    method: 'POST',
    path: /^\/swarm\/join$/,
    handle: ({ machine, body, asker }) => {
      const args: JoinArgs = { machine, request: body ?? {} };
      return processes.delegate(asker, 'swarm/join', args);
    },
  },
  {
    method: 'POST',
    path: /^\/swarm\/leave$/,
    handle: ({ machine, query, asker }) => {
      const args: LeaveArgs = { machine, force: isTrue(query.force) };
      return processes.delegate(asker, 'swarm/leave', args);
    },
  },
];
