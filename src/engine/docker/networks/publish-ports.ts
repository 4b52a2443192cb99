import type { PortBinding, PortMap, PortSet, PortSummary } from '../api.ts';
import type { PortAllocator } from './port-allocator.ts';

/**
 * Publishes the ports of a container (moby/moby v29.7
 * `daemon/libnetwork/drivers/bridge/port_mapping_linux.go`, `portmapperapi/api.go`; texts of ports:
 * `api/types/network/port.go`).
 */
export interface Range {
  readonly first: number;
  readonly last: number;
}

const PORT_LIMIT = 65_535;
const PROTOCOLS = ['tcp', 'udp', 'sctp'];

const number = (text: string): number | undefined =>
  /^\d{1,5}$/.test(text) && Number(text) <= PORT_LIMIT ? Number(text) : undefined;

/** `80/tcp`, `80`. */
export function parsePortKey(key: string): { port: number; protocol: string } | undefined {
  const [text = '', protocol = ''] = key.split('/');
  const port = number(text);
  if (port === undefined) return undefined;
  return { port, protocol: protocol === '' ? 'tcp' : protocol.toLowerCase() };
}

/** `8000`, `8000-8010`. */
export function parseHostPort(text: string): Range | undefined {
  const at = text.indexOf('-');
  const first = number(at === -1 ? text : text.slice(0, at));
  const last = at === -1 ? first : number(text.slice(at + 1));
  if (first === undefined || last === undefined || last < first) return undefined;
  return { first, last };
}

interface Wanted extends Range {
  readonly port: number;
  readonly protocol: string;
  readonly ips: readonly string[];
}

export interface Publishing {
  readonly machine: string;
  readonly id: string;
  readonly bindings: PortMap;
  readonly exposed: PortSet;
  /** `-P`: exposed ports without a binding get any. */
  readonly publishAll: boolean;
  /** Where ports go that name no address: `0.0.0.0`, which takes `::` as well. */
  readonly defaultIp: string;
}

/** Takes all the ports a container wants or none; undefined, or why not. */
export function publishPorts(ports: PortAllocator, publishing: Publishing): string | undefined {
  const { machine, id } = publishing;
  for (const { port: inside, protocol, ips, first, last } of wantedPorts(publishing)) {
    const answer = ports.request({ machine, id, inside, protocol, ips, first, last });
    if (answer.ok) continue;
    ports.release(machine, id);
    return answer.message;
  }
  return undefined;
}

/** In the order in which they are tried: certain ports before ranges. */
function wantedPorts({ bindings, exposed, publishAll, defaultIp }: Publishing): Wanted[] {
  const everywhere = defaultIp === '0.0.0.0' ? ['0.0.0.0', '::'] : [defaultIp];
  const groups = new Map<string, Wanted>();
  const add = (key: string, { HostIp = '', HostPort = '' }: PortBinding): void => {
    const inside = parsePortKey(key);
    const range = HostPort === '' ? { first: 0, last: 0 } : parseHostPort(HostPort);
    if (!inside || !range) return;
    const name = `${inside.port}/${inside.protocol} ${range.first}-${range.last}`;
    const before = groups.get(name)?.ips ?? [];
    const more = HostIp === '' ? everywhere : [HostIp];
    groups.set(name, { ...inside, ...range, ips: [...new Set([...before, ...more])] });
  };
  for (const key of new Set([...Object.keys(bindings), ...Object.keys(exposed)])) {
    const list = bindings[key] ?? [];
    for (const binding of list) add(key, binding);
    if (publishAll && list.length === 0) add(key, {});
  }
  const isRange = ({ first, last }: Wanted): number => (first === 0 || first !== last ? 1 : 0);
  return [...groups.values()].sort(
    (a, b) =>
      isRange(a) - isRange(b) ||
      a.port - b.port ||
      PROTOCOLS.indexOf(a.protocol) - PROTOCOLS.indexOf(b.protocol) ||
      a.first - b.first ||
      a.last - b.last,
  );
}

/** `NetworkSettings.Ports`: where each is published, null for those only exposed. */
export function portMap(
  ports: PortAllocator,
  { machine, id, bindings, exposed }: Omit<Publishing, 'defaultIp' | 'publishAll'>,
): PortMap {
  const map: Record<string, PortBinding[] | null> = {};
  for (const key of [...Object.keys(exposed), ...Object.keys(bindings)]) map[key] ??= null;
  for (const { inside, protocol, ip, port } of ports.of(machine, id)) {
    const list = (map[`${inside}/${protocol}`] ??= []);
    list.push({ HostIp: ip, HostPort: String(port) });
  }
  return sortedByPort(map);
}

function sortedByPort(map: PortMap): PortMap {
  const keys = Object.keys(map).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(keys.map((key) => [key, map[key] ?? null]));
}

/** `Ports` of a summary: those published on each address, then those only exposed. */
export function portSummary(map: PortMap): PortSummary[] {
  return Object.entries(map).flatMap(([key, list]): PortSummary[] => {
    const { port: PrivatePort = 0, protocol: Type = 'tcp' } = parsePortKey(key) ?? {};
    if (!list || list.length === 0) return [{ PrivatePort, Type }];
    return list.map(({ HostIp: IP = '', HostPort = '' }) => ({
      IP,
      PrivatePort,
      PublicPort: Number(HostPort),
      Type,
    }));
  });
}
