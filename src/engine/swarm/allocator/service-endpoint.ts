import type { Endpoint, EndpointSpec, PortConfig, ServiceSpec, VirtualIp } from '../api.ts';
import type { NetworkObject, ServiceObject } from '../objects.ts';
import { isPredefined } from './predefined.ts';
import type { SwarmStore } from '../store.ts';
import type { HeldAddresses } from './held-addresses.ts';
import type { HeldPorts } from './held-ports.ts';
import { ownerOfService } from './owners.ts';

/**
 * What a service is reached by: its ports and, unless its names are told in turn (dnsrr), an address
 * on each of its networks (moby/swarmkit v2.1 `manager/allocator/network.go`, `allocateService`).
 */
export interface EndpointRooms {
  readonly store: SwarmStore;
  readonly addresses: HeldAddresses;
  readonly ports: HeldPorts;
}

const isIngress = ({ PublishMode }: PortConfig): boolean => PublishMode !== 'host';

/** Whether the routing mesh leads to it. */
export const needsIngress = ({ EndpointSpec }: ServiceSpec): boolean =>
  (EndpointSpec?.Ports ?? []).some(isIngress);

/** The network of the routing mesh, when there is one. */
export const ingressOf = (store: SwarmStore, swarm: string): NetworkObject | undefined =>
  store.list(swarm, 'network').find(({ ingress }) => ingress);

/** It has addresses to give out, or never will have. */
const isReady = (network: NetworkObject): boolean => network.subnet !== '' || isPredefined(network);

/** Networks of a service's tasks: that of the routing mesh first. */
export function networksOf(
  store: SwarmStore,
  swarm: string,
  spec: ServiceSpec,
): readonly (NetworkObject | undefined)[] {
  const own = (spec.TaskTemplate.Networks ?? []).map(({ Target }) =>
    store.get(swarm, 'network', Target),
  );
  return needsIngress(spec) ? [ingressOf(store, swarm), ...own] : own;
}

/** Whether all that a service is reached by was given to it. */
export function isAllocated(
  { store, addresses }: EndpointRooms,
  swarm: string,
  { id, spec, endpoint }: ServiceObject,
): boolean {
  if (!sameSpec(endpoint?.Spec ?? {}, spec.EndpointSpec ?? {})) return false;
  const networks = networksOf(store, swarm, spec);
  if (networks.some((network) => !network || !isReady(network))) return false;
  const held = addresses.networksOf(swarm, ownerOfService(id));
  if (spec.EndpointSpec?.Mode === 'dnsrr') return held.length === 0;
  const given = networks.filter((network) => network && !isPredefined(network));
  const told = (endpoint?.VirtualIPs ?? []).map(({ NetworkID }) => NetworkID);
  return (
    held.length === given.length &&
    given.every((one) => one && held.includes(one.id)) &&
    told.length === networks.length &&
    networks.every((one) => one && told.includes(one.id))
  );
}

/** The endpoint of a service; undefined while something it needs is not there. */
export function allocateEndpoint(
  rooms: EndpointRooms,
  swarm: string,
  { id, spec, endpoint: before }: ServiceObject,
): Endpoint | undefined {
  const { store, addresses, ports } = rooms;
  const networks: NetworkObject[] = [];
  for (const network of networksOf(store, swarm, spec)) {
    if (!network || !isReady(network)) return undefined;
    networks.push(network);
  }
  const published = ports.assign(swarm, id, spec, before);
  if (!published) return undefined;
  const owner = ownerOfService(id);
  const wanted = spec.EndpointSpec?.Mode === 'dnsrr' ? [] : networks;
  for (const network of addresses.networksOf(swarm, owner)) {
    if (wanted.some((one) => one.id === network)) continue;
    addresses.release(swarm, owner, network);
  }
  const VirtualIPs: VirtualIp[] = [];
  for (const network of wanted) {
    if (isPredefined(network)) {
      VirtualIPs.push({ NetworkID: network.id });
      continue;
    }
    const Addr = addresses.hold(swarm, owner, network);
    if (Addr === undefined) return undefined;
    VirtualIPs.push({ NetworkID: network.id, Addr });
  }
  return {
    Spec: spec.EndpointSpec ?? {},
    ...(published.length > 0 && { Ports: published }),
    ...(VirtualIPs.length > 0 && { VirtualIPs }),
  };
}

/** Both are data without functions, whose fields come in the order of the wire. */
const sameSpec = (a: EndpointSpec, b: EndpointSpec): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b);
