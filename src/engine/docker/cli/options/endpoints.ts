import type { EndpointSettings } from '../../api.ts';
import { canonicalAddress, parseMac } from '../../../go/address.ts';
import { goQuote } from '../../../go/quote.ts';
import type { Flags } from '../pflag.ts';
import { isRefused, refuse, type Refused } from '../../../go/refused.ts';
import { networkSpec, parseNetwork, type NetworkSpec } from './network.ts';

/**
 * The networks of a new container, from `--network` and the older flags beside it (docker/cli
 * v29.7 `cli/command/container/opts.go`, `parseNetworkOpts`, `applyContainerOptions`).
 */
export interface Endpoints {
  /** HostConfig's NetworkMode: the first network. */
  readonly mode: string;
  readonly endpoints: Readonly<Record<string, Partial<EndpointSettings>>>;
}

/** Neither a mode of its own nor the default network. */
export const isUserDefined = (mode: string): boolean =>
  !['', 'default', 'bridge', 'host', 'none'].includes(mode) && !mode.startsWith('container:');

export function parseEndpoints(flags: Flags): Endpoints | Refused {
  const specs = [...flags.all('network'), ...flags.all('net')].map(parseNetwork);
  const wrong = specs.find(isRefused);
  if (wrong) return wrong;
  const given = specs as NetworkSpec[];
  const all = given.length === 0 ? [networkSpec('default')] : given;
  const endpoints: Record<string, Partial<EndpointSettings>> = {};
  for (const [at, one] of all.entries()) {
    const spec = at === 0 ? withOlderFlags(one, flags) : one;
    const endpoint = isRefused(spec) ? spec : endpointOf(spec);
    if (isRefused(endpoint)) return endpoint;
    if (Object.hasOwn(endpoints, one.target)) {
      return refuse(`network ${goQuote(one.target)} is specified multiple times`);
    }
    // One network with nothing said of it is left to the daemon.
    if (given.length !== 1 || Object.keys(endpoint).length > 0) endpoints[one.target] = endpoint;
  }
  const kinds = new Set(given.map(({ target }) => isUserDefined(target)));
  if (kinds.size > 1) {
    const both = 'cannot attach both user-defined and non-user-defined network-modes';
    return refuse(`conflicting options: ${both}`);
  }
  return { mode: all[0]?.target ?? 'default', endpoints };
}

function withOlderFlags(spec: NetworkSpec, flags: Flags): NetworkSpec | Refused {
  const aliases = [...flags.all('network-alias'), ...flags.all('net-alias')];
  const links = flags.all('link');
  const [ip, ip6] = [flags.text('ip').trim(), flags.text('ip6').trim()];
  const mac = flags.text('mac-address');
  const local = flags.all('link-local-ip');
  const conflicts: readonly (readonly [boolean, string])[] = [
    [spec.aliases.length > 0 && aliases.length > 0, '--network-alias and per-network alias'],
    [spec.links.length > 0 && links.length > 0, '--link and per-network links'],
    [spec.ipv4 !== undefined && ip !== '', '--ip and per-network IPv4 address'],
    [spec.ipv6 !== undefined && ip6 !== '', '--ip6 and per-network IPv6 address'],
    [spec.macAddress !== undefined && mac !== '', '--mac-address and per-network MAC address'],
    [
      spec.linkLocalIps.length > 0 && local.length > 0,
      '--link-local-ip and per-network link-local IP addresses',
    ],
  ];
  const conflict = conflicts.find(([holds]) => holds)?.[1];
  if (conflict !== undefined) {
    return refuse(`conflicting options: cannot specify both ${conflict}`);
  }
  return {
    ...spec,
    ...(aliases.length > 0 ? { aliases } : {}),
    // On a network of one's own a link is another name; on the default bridge it is the host's.
    ...(links.length > 0 && isUserDefined(spec.target) ? { links } : {}),
    ...(ip === '' ? {} : { ipv4: canonicalAddress(ip) }),
    ...(ip6 === '' ? {} : { ipv6: canonicalAddress(ip6) }),
    ...(mac === '' ? {} : { macAddress: mac }),
    ...(local.length > 0 ? { linkLocalIps: local } : {}),
  };
}

function endpointOf(spec: NetworkSpec): Partial<EndpointSettings> | Refused {
  if (spec.target.trim() === '') return refuse('no name set for network');
  if (!isUserDefined(spec.target)) {
    if (spec.aliases.length > 0) {
      return refuse('network-scoped aliases are only supported for user-defined networks');
    }
    if (spec.links.length > 0) return refuse('links are only supported for user-defined networks');
  }
  const mac = spec.macAddress === undefined ? undefined : parseMac(spec.macAddress.trim());
  if (spec.macAddress !== undefined && mac === undefined) {
    return refuse(`${spec.macAddress} is not a valid mac address`);
  }
  const { ipv4, ipv6, linkLocalIps } = spec;
  const addressed = ipv4 !== undefined || ipv6 !== undefined || linkLocalIps.length > 0;
  const ipam = {
    ...(ipv4 === undefined ? {} : { IPv4Address: ipv4 }),
    ...(ipv6 === undefined ? {} : { IPv6Address: ipv6 }),
    ...(linkLocalIps.length > 0 ? { LinkLocalIPs: linkLocalIps } : {}),
  };
  return {
    ...(addressed ? { IPAMConfig: ipam } : {}),
    ...(spec.links.length > 0 ? { Links: spec.links } : {}),
    ...(spec.aliases.length > 0 ? { Aliases: spec.aliases } : {}),
    ...(Object.keys(spec.driverOpts).length > 0 ? { DriverOpts: spec.driverOpts } : {}),
    ...(spec.gwPriority === 0 ? {} : { GwPriority: spec.gwPriority }),
    ...(mac === undefined ? {} : { MacAddress: mac }),
  };
}
