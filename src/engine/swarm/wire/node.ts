import type { NodeSpec } from '../api.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import type { NodeObject, NodeState } from '../objects.ts';
import { tlsInfoOf, type TlsInfo } from './cluster.ts';
import { metaOf, type Meta } from './meta.ts';

/** `GET /nodes` (moby/moby v29.7 `api/types/swarm/node.go`, `daemon/cluster/convert/node.go`). */
export interface NodeWire extends Meta {
  readonly Spec: NodeSpec;
  readonly Description: {
    readonly Hostname: string;
    readonly Platform: { readonly Architecture: string; readonly OS: string };
    readonly Resources: { readonly NanoCPUs: number; readonly MemoryBytes: number };
    readonly Engine: {
      readonly EngineVersion: string;
      readonly Labels?: Readonly<Record<string, string>>;
      readonly Plugins: readonly { readonly Type: string; readonly Name: string }[];
    };
    readonly TLSInfo: TlsInfo | Record<string, never>;
  };
  readonly Status: { readonly State: NodeState; readonly Message?: string; readonly Addr: string };
  readonly ManagerStatus?: {
    readonly Leader?: true;
    readonly Reachability: 'reachable' | 'unreachable';
    readonly Addr: string;
  };
}

const NANO = 1_000_000_000;
const PLUGINS = [
  ...[
    'awslogs',
    'fluentd',
    'gcplogs',
    'gelf',
    'journald',
    'json-file',
    'local',
    'splunk',
    'syslog',
  ].map((Name) => ({ Type: 'Log', Name })),
  ...['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'].map((Name) => ({
    ...{ Type: 'Network', Name },
  })),
  { Type: 'Volume', Name: 'local' },
];

export function nodeWire(rooms: SwarmRooms, swarm: string, node: NodeObject): NodeWire {
  const { Name, Labels = {}, Role, Availability } = node.spec;
  const cluster = rooms.store.get(swarm, 'cluster', swarm);
  const hasLabels = Object.keys(node.engineLabels).length > 0;
  return {
    ...metaOf(node),
    Spec: { ...(Name !== undefined && Name !== '' && { Name }), Labels, Role, Availability },
    Description: {
      Hostname: node.hostname,
      Platform: { Architecture: node.architecture, OS: node.os },
      Resources: { NanoCPUs: node.cpus * NANO, MemoryBytes: node.memoryBytes },
      Engine: {
        EngineVersion: node.engineVersion,
        ...(hasLabels && { Labels: node.engineLabels }),
        Plugins: PLUGINS,
      },
      TLSInfo: cluster ? tlsInfoOf(cluster) : {},
    },
    Status: {
      State: node.state,
      ...(node.message !== '' && { Message: node.message }),
      Addr: node.ip,
    },
    ...managerStatus(rooms, swarm, node),
  };
}

/** Of nodes that are members of the managers' group now. */
function managerStatus(
  { quorum }: SwarmRooms,
  swarm: string,
  { manager }: NodeObject,
): Pick<NodeWire, 'ManagerStatus'> {
  if (!manager) return {};
  const isReachable = quorum.isReachable(swarm, manager.raftId);
  return {
    ManagerStatus: {
      ...(quorum.leader(swarm) === manager.raftId && { Leader: true }),
      Reachability: isReachable ? 'reachable' : 'unreachable',
      Addr: manager.address,
    },
  };
}
