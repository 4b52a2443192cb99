import type { ServiceInfo } from '../../docker/api.ts';
import type { NetworkRow } from '../../docker/networks/row.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import type { Bindings } from './bindings.ts';

/**
 * Services with tasks on a network, as a node knows of them (moby/moby v29.7
 * `daemon/libnetwork/agent.go` Services).
 *
 * Simplified: the number of a service's load balancer is its place among the services of the network.
 */
const FIRST_INDEX = 256;

export function servicesOn(
  { rooms, bindings }: { readonly rooms: SwarmRooms; readonly bindings: Bindings },
  machine: string,
  { id: network, ingress }: NetworkRow,
): Record<string, ServiceInfo> {
  const { store, locals, addresses, docker } = rooms;
  const swarm = locals.get(machine)?.swarm ?? '';
  const infos: [string, ServiceInfo][] = [];
  for (const { spec, endpoint } of store.list(swarm, 'service')) {
    const rows = bindings.named(machine, network, spec.Name);
    const [first] = rows;
    if (!first) continue;
    const ports = ingress ? (endpoint?.Ports ?? []) : [];
    infos.push([
      spec.Name,
      {
        VIP: first.vip,
        Ports: ports.map(
          ({ TargetPort, PublishedPort = 0 }) => `Target: ${TargetPort}, Publish: ${PublishedPort}`,
        ),
        LocalLBIndex: FIRST_INDEX + infos.length,
        Tasks: rows.map((row) => {
          const [end] = docker.networks.endpoints.at(network, row.ip);
          return {
            Name: end?.name ?? '',
            EndpointID: end?.id ?? '',
            EndpointIP: row.ip,
            Info: { 'Host IP': addresses.resolve(row.machine) ?? '' },
          };
        }),
      },
    ]);
  }
  return Object.fromEntries(infos.sort(([a], [b]) => (a < b ? -1 : 1)));
}
