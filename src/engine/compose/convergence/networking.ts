import {
  containerName,
  networkSettings,
  type Separator,
} from '../../compose-file/project/names.ts';
import type { Project } from '../../compose-file/project.ts';
import type { ServiceNetwork } from '../../compose-file/service-attachments.ts';
import type { Service } from '../../compose-file/service.ts';
import type { EndpointSettings, NetworkingConfig, PortMap, PortSet } from '../../docker/api.ts';

/** Networks and ports of a container (docker/compose v5.5 `pkg/compose/create.go`). */
export interface NetworkWish {
  readonly mode: string;
  readonly config?: NetworkingConfig;
}

export interface Place {
  readonly number: number;
  readonly separator: Separator;
  /** Whether the service's name is one of its names: not for one-off containers. */
  readonly aliased: boolean;
  readonly links: readonly string[];
}

export function networkWish(project: Project, service: Service, place: Place): NetworkWish {
  const { mode, joined } = networkSettings(project, service);
  if (!joined) return { mode };
  const endpoints = joined.map((key, at) => {
    const { [key]: config = null } = service.networks ?? {};
    const mac = config?.mac_address ?? (at === 0 ? service.mac_address : undefined);
    const endpoint = endpointOf(project, service, config, place);
    const name = project.networks[key]?.name ?? key;
    return [name, { ...endpoint, ...(mac !== undefined && { MacAddress: mac }) }] as const;
  });
  return { mode, config: { EndpointsConfig: Object.fromEntries(endpoints) } };
}

function endpointOf(
  project: Project,
  service: Service,
  config: ServiceNetwork | null,
  { number, separator, aliased, links }: Place,
): Partial<EndpointSettings> {
  const own = containerName(project.name, service, number, separator);
  const names = aliased ? [own, service.name, ...(config?.aliases ?? [])] : [own];
  const { ipv4_address: v4, ipv6_address: v6, link_local_ips: local } = config ?? {};
  const ipam = {
    ...(v4 && { IPv4Address: v4 }),
    ...(v6 && { IPv6Address: v6 }),
    ...(local && { LinkLocalIPs: [...local] }),
  };
  const options = {
    ...config?.driver_opts,
    ...(config?.interface_name && {
      'com.docker.network.endpoint.ifname': config.interface_name,
    }),
  };
  return {
    Aliases: names,
    Links: links.length > 0 ? [...links] : null,
    ...(Object.keys(ipam).length > 0 && { IPAMConfig: ipam }),
    ...(Object.keys(options).length > 0 && { DriverOpts: options }),
    ...(config?.gw_priority !== undefined && { GwPriority: config.gw_priority }),
  };
}

export function exposedPorts({ ports = [], expose = [] }: Service): PortSet {
  const set: Record<string, Record<string, never>> = {};
  for (const { target, protocol = 'tcp' } of ports) set[`${target}/${protocol}`] = {};
  for (const text of expose) {
    const [range = '', protocol = 'tcp'] = text.split('/');
    const [first = 0, last = first] = range.split('-').map(Number);
    for (let port = first; port <= last; port++) set[`${port}/${protocol}`] = {};
  }
  return set;
}

export function portBindings({ ports = [] }: Service): PortMap {
  const map: Record<string, { HostIp: string; HostPort: string }[]> = {};
  for (const { target, protocol = 'tcp', host_ip: HostIp = '', published = '' } of ports) {
    const key = `${target}/${protocol}`;
    map[key] = [...(map[key] ?? []), { HostIp, HostPort: published }];
  }
  return map;
}
