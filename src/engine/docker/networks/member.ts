import type { EndpointSettings, NetworkingConfig, PortMap, PortSet } from '../api.ts';
import type { NewMember } from './membership.ts';
import { isUserDefined, modeName, sharedWith } from './row.ts';

/** What networks know of a container (moby/moby v29.7 `daemon/network/settings.go`). */
export interface MemberRow {
  readonly machine: string;
  readonly id: string;
  readonly name: string;
  readonly hostname: string;
  readonly domainname: string;
  /** `HostConfig.NetworkMode`. */
  readonly mode: string;
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  readonly extraHosts: readonly string[];
  readonly links: readonly string[];
  readonly bindings: PortMap;
  readonly publishAll: boolean;
  readonly exposed: PortSet;
  /** By the network's name, or as it was asked for while there is no such network. */
  readonly networks: Readonly<Record<string, EndpointSettings>>;
  /** Addresses of its cards that were asked for, by the network's name. */
  readonly macs: Readonly<Record<string, string>>;
  /** Set from join to leave. */
  readonly sandbox?: Sandbox;
}

export interface Sandbox {
  readonly id: string;
  /** /etc/hosts, /etc/hostname, /etc/resolv.conf as they are now. */
  readonly files: Readonly<Record<string, string>>;
  readonly hostname: string;
  /** The container whose network it shares. */
  readonly shared?: string;
}

export const EMPTY_ENDPOINT: EndpointSettings = {
  IPAMConfig: null,
  Links: null,
  Aliases: null,
  DriverOpts: null,
  GwPriority: 0,
  NetworkID: '',
  EndpointID: '',
  Gateway: '',
  IPAddress: '',
  MacAddress: '',
  IPPrefixLen: 0,
  IPv6Gateway: '',
  GlobalIPv6Address: '',
  GlobalIPv6PrefixLen: 0,
  DNSNames: null,
};

/** An endpoint as it is between runs: what was asked for stays (`cleanOperationalData`). */
export const withoutRun = (settings: EndpointSettings): EndpointSettings => ({
  ...settings,
  EndpointID: '',
  Gateway: '',
  IPAddress: '',
  IPPrefixLen: 0,
  IPv6Gateway: '',
  GlobalIPv6Address: '',
  GlobalIPv6PrefixLen: 0,
  MacAddress: '',
});

export function memberOf(machine: string, member: NewMember): MemberRow {
  const { id, name, hostname, domainname, hostConfig, exposed, networking } = member;
  const mode = hostConfig.NetworkMode ?? '';
  const { networks, macs } = askedFor(mode === '' ? 'default' : mode, networking);
  return {
    machine,
    id,
    name,
    hostname,
    domainname,
    mode: mode === '' ? 'default' : mode,
    dns: hostConfig.Dns ?? [],
    dnsSearch: hostConfig.DnsSearch ?? [],
    dnsOptions: hostConfig.DnsOptions ?? [],
    extraHosts: hostConfig.ExtraHosts ?? [],
    links: hostConfig.Links ?? [],
    bindings: hostConfig.PortBindings ?? {},
    publishAll: hostConfig.PublishAllPorts ?? false,
    exposed,
    networks,
    macs,
  };
}

/** moby `daemon/container_operations.go`, `updateContainerNetworkSettings`. */
function askedFor(
  mode: string,
  networking: NetworkingConfig | undefined,
): Pick<MemberRow, 'networks' | 'macs'> {
  if (sharedWith(mode) !== undefined) return { networks: {}, macs: {} };
  const networks: [string, EndpointSettings][] = [];
  const macs: [string, string][] = [];
  for (const [name, settings] of Object.entries(networking?.EndpointsConfig ?? {})) {
    // The default network goes by its own name, whatever the request calls it.
    const key = name === 'default' ? 'bridge' : name;
    networks.push([key, { ...EMPTY_ENDPOINT, ...settings }]);
    if (settings?.MacAddress) macs.push([key, settings.MacAddress]);
  }
  if (networks.length === 0) networks.push([modeName(mode), EMPTY_ENDPOINT]);
  return { networks: Object.fromEntries(networks), macs: Object.fromEntries(macs) };
}

/** Names under which others on a user-defined network find it (`buildEndpointDNSNames`). */
export function dnsNames(member: MemberRow, aliases: readonly string[] | null): string[] {
  const { name, id, hostname } = member;
  const names = [name, ...(aliases ?? []), id.slice(0, 12), hostname];
  return [...new Set(names.filter((one) => one !== ''))];
}

/** The settings with the names, which networks of the daemon's own do not have. */
export const named = (
  member: MemberRow,
  network: string,
  settings: EndpointSettings,
): EndpointSettings =>
  isUserDefined(network) ? { ...settings, DNSNames: dnsNames(member, settings.Aliases) } : settings;

export const memberKey = (machine: string, id: string): string => `${machine} ${id}`;

/** A record's own value: networks may be called `constructor`. */
export const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
