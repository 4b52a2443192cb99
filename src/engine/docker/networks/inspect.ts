import { rfc3339Nano } from '../../sim/clock.ts';
import type { EndpointResource, NetworkInspect, NetworkSummary } from '../api.ts';
import { untilOf } from '../containers/prune.ts';
import type { Filters } from '../filters.ts';
import type { EndpointRow, Endpoints } from './endpoints.ts';
import { refuse, type Refusal } from './membership.ts';
import type { Networks } from './networks.ts';
import { isPredefined, subnetKey, type NetworkRow } from './row.ts';
import { isShared, type SharedDetails } from './shared-networks.ts';

/**
 * Networks as they are listed, narrowed down and looked into (moby/moby v29.7 `daemon/network.go`,
 * `buildNetworkResource`; `daemon/network/filter.go`).
 */
export function summarize(row: NetworkRow): NetworkSummary {
  return {
    Name: row.name,
    Id: row.id,
    Created: rfc3339Nano(row.createdMs).replace(/\.?0+Z$/, 'Z'),
    Scope: row.scope,
    Driver: row.driver,
    EnableIPv4: row.enableIpv4,
    EnableIPv6: row.enableIpv6,
    IPAM: { Driver: row.ipamDriver, Options: row.ipamOptions, Config: row.ipamConfig },
    Internal: row.internal,
    Attachable: row.attachable,
    Ingress: row.ingress,
    ConfigFrom: { Network: row.configFrom },
    ConfigOnly: row.configOnly,
    Options: row.options,
    Labels: row.labels,
  };
}

const NOTHING: SharedDetails = { peers: [], ends: {} };

export function inspectNetwork(
  networks: Networks,
  endpoints: Endpoints,
  row: NetworkRow,
  isVerbose: boolean,
): NetworkInspect {
  const { subnets, shared } = networks;
  const isHere = isShared(row) && networks.get(row.machine, row.id) !== undefined;
  const { peers, ends } = (isHere && shared?.describe(row.machine, row)) || NOTHING;
  const Containers: Record<string, EndpointResource> = {};
  for (const endpoint of endpoints.on(row)) {
    Containers[endpoint.container] = resource(row, endpoint);
  }
  const Subnets: Record<string, { IPsInUse: number; DynamicIPsAvailable: number }> = {};
  if (row.subnet !== undefined && subnets.has(subnetKey(row))) {
    const { used, free } = subnets.use(subnetKey(row));
    Subnets[row.subnet] = { IPsInUse: used, DynamicIPsAvailable: free };
  }
  const IPAM = Object.keys(Subnets).length > 0 ? { Subnets } : {};
  const Peers = peers.length > 0 ? { Peers: peers } : {};
  const known = isHere && isVerbose ? (shared?.services(row.machine, row) ?? {}) : {};
  const Services = Object.keys(known).length > 0 ? { Services: known } : {};
  return {
    ...summarize(row),
    ...Peers,
    Containers: { ...Containers, ...ends },
    ...Services,
    Status: { IPAM },
  };
}

function resource({ subnet = '' }: NetworkRow, endpoint: EndpointRow): EndpointResource {
  const { name, id, mac, ip } = endpoint;
  const IPv4Address = ip === undefined ? '' : `${ip}/${subnet.split('/')[1] ?? ''}`;
  return { Name: name, EndpointID: id, MacAddress: mac, IPv4Address, IPv6Address: '' };
}

const LIST_FILTERS = ['dangling', 'driver', 'id', 'label', 'name', 'scope', 'type'];
const PRUNE_FILTERS = ['label', 'label!', 'until'];

type Matcher = { readonly ok: true; readonly matches: (row: NetworkRow) => boolean } | Refusal;

export function listFilter(filters: Filters, endpoints: Endpoints): Matcher {
  const problem = filters.problem(LIST_FILTERS) ?? filterProblem(filters);
  if (problem !== undefined) return refuse(400, problem);
  const dangling = filters.get('dangling')[0];
  const isAlone = (row: NetworkRow): boolean => !isPredefined(row.name) && !endpoints.isUsed(row);
  return {
    ok: true,
    matches: (row) =>
      filters.exact('driver', row.driver) &&
      filters.match('name', row.name) &&
      filters.match('id', row.id) &&
      filters.pairs('label', row.labels) &&
      filters.exact('scope', row.scope) &&
      (dangling === undefined || ['1', 'true'].includes(dangling) === isAlone(row)) &&
      isOfType(filters.get('type'), row),
  };
}

function filterProblem(filters: Filters): string | undefined {
  const dangling = filters.get('dangling');
  if (dangling.length > 1) return 'got more than one value for filter key "dangling"';
  if (dangling[0] !== undefined && !['0', '1', 'true', 'false'].includes(dangling[0])) {
    const must = 'must be "true" (or "1"), or "false" (or "0")';
    return `invalid value for filter 'dangling', ${must}`;
  }
  const type = filters.get('type').find((one) => !['builtin', 'custom'].includes(one));
  return type === undefined ? undefined : `invalid filter: 'type'='${type}'`;
}

function isOfType(types: readonly string[], { name }: NetworkRow): boolean {
  const [type] = types;
  return type === undefined || (type === 'builtin') === isPredefined(name);
}

/** Networks that nobody is on, made before `until`, with such labels. */
export function pruneFilter(filters: Filters, endpoints: Endpoints, nowMs: number): Matcher {
  const problem = filters.problem(PRUNE_FILTERS);
  if (problem !== undefined) return refuse(400, problem);
  const until = untilOf(filters, nowMs);
  if ('message' in until) return refuse(400, until.message);
  return {
    ok: true,
    matches: (row) =>
      !row.configOnly &&
      !isPredefined(row.name) &&
      !endpoints.isUsed(row) &&
      hasLabels(filters, row.labels) &&
      row.createdMs <= until.timeMs,
  };
}

/** `label` and `label!` as prunes read them (`daemon/prune.go`, `matchLabels`). */
export const hasLabels = (filters: Filters, labels: Readonly<Record<string, string>>): boolean =>
  filters.pairs('label', labels) && !(filters.has('label!') && filters.pairs('label!', labels));
