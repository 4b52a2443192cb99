import type { SwarmInfo } from '../../docker/api.ts';
import { LOCKED, NO_LEADER } from '../control-api/failure.ts';
import type { LocalRow } from '../managers/locals.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import { clusterWire } from '../wire/cluster.ts';

/** A daemon's place in a swarm (moby/moby v29.7 `daemon/cluster/swarm.go`, `Info`). */
const TWO_MANAGERS =
  'WARNING: Running Swarm in a two-manager configuration. This configuration provides\n' +
  '         no fault tolerance, and poses a high risk to lose control over the cluster.\n' +
  '         Refer to https://docs.docker.com/engine/swarm/admin_guide/ to configure the\n' +
  '         Swarm for fault-tolerance.';

export function swarmInfo(rooms: SwarmRooms, machine: string): SwarmInfo | undefined {
  const local = rooms.locals.get(machine);
  if (!local) return undefined;
  const { store } = rooms;
  const { swarm, node, locked, state, error, advertise } = local;
  const managers = store.list(swarm, 'node').filter(({ manager }) => manager !== undefined);
  const known = managers.map(({ id, manager }) => ({ NodeID: id, Addr: manager?.address ?? '' }));
  const isStarted = !locked && state !== 'pending';
  return {
    NodeID: isStarted ? node : '',
    NodeAddr: locked ? '' : advertise.replace(/:\d+$/, ''),
    LocalNodeState: locked ? 'locked' : state,
    ControlAvailable: local.member !== undefined && isStarted && state === 'active',
    Error: locked ? LOCKED : error,
    RemoteManagers: isStarted && known.length > 0 ? known : null,
    ...(local.member !== undefined && isStarted && asManager(rooms, local, managers.length)),
  };
}

function asManager(
  { store, quorum }: SwarmRooms,
  local: LocalRow,
  managers: number,
): Partial<SwarmInfo> {
  const { swarm } = local;
  const cluster = store.get(swarm, 'cluster', swarm);
  if (!cluster || !quorum.serves(local)) {
    return { Error: `rpc error: code = ${NO_LEADER.code} desc = ${NO_LEADER.message}` };
  }
  return {
    Nodes: store.list(swarm, 'node').length,
    Managers: managers,
    Cluster: clusterWire(cluster) as unknown as Readonly<Record<string, unknown>>,
    ...(managers === 2 && { Warnings: [TWO_MANAGERS] }),
  };
}
