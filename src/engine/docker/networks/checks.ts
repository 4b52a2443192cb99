import { parseIpv4 } from '../../net/address.ts';
import { contains, parsePrefix } from '../../net/prefix.ts';
import type { CreateBody, EndpointSettings } from '../api.ts';
import { refuse, type Refusal } from './membership.ts';
import { isUserDefined, joinErrors, type NetworkRow } from './row.ts';

/**
 * What a container may ask of networks (moby/moby v29.7 `daemon/container_operations.go`,
 * `validateEndpointSettings`; `daemon/create.go`, `validateNetworkingConfig`).
 */
type Asked = Partial<EndpointSettings>;

/** What is wrong with settings for a network; undefined when all is well. */
export function endpointProblem(
  network: NetworkRow | undefined,
  name: string,
  settings: Asked,
): string | undefined {
  const errors: string[] = [];
  const { IPv4Address = '', IPv6Address = '', LinkLocalIPs } = settings.IPAMConfig ?? {};
  if (!isUserDefined(name)) {
    if (IPv4Address !== '' || IPv6Address !== '') {
      errors.push('user-specified IP address is supported on user-defined networks only');
    }
    if ((settings.Aliases ?? []).length > 0) {
      errors.push('network-scoped aliases are only supported for user-defined networks');
    }
  }
  const address = parseIpv4(IPv4Address);
  if (IPv4Address !== '' && !address) errors.push(`invalid IPv4 address: ${IPv4Address}`);
  if (IPv6Address !== '' && !IPv6Address.includes(':')) {
    errors.push(`invalid IPv6 address: ${IPv6Address}`);
  }
  for (const ip of LinkLocalIPs ?? []) {
    if (!parseIpv4(ip) && !ip.includes(':')) errors.push(`invalid link-local IP address: ${ip}`);
  }
  if (network && address && !isWithin(network, address)) {
    errors.push(`no configured subnet contains IP address ${IPv4Address}`);
  }
  if (network && IPv6Address.includes(':') && !network.enableIpv6) {
    errors.push(`no configured subnet contains IP address ${IPv6Address}`);
  }
  return errors.length === 0 ? undefined : `invalid endpoint settings:\n${joinErrors(errors)}`;
}

function isWithin({ subnet }: NetworkRow, address: number): boolean {
  const prefix = parsePrefix(subnet ?? '');
  return prefix !== undefined && contains(prefix, address);
}

/** What is wrong with the networks a create names; undefined when nothing is. */
export function networkingProblem(
  { NetworkingConfig }: CreateBody,
  networkOf: (name: string) => NetworkRow | undefined,
): Refusal | undefined {
  const errors: string[] = [];
  for (const [name, settings] of Object.entries(NetworkingConfig?.EndpointsConfig ?? {})) {
    const why =
      settings === null
        ? 'EndpointsConfig is nil'
        : endpointProblem(networkOf(name), name, settings);
    if (why !== undefined) errors.push(`invalid config for network ${name}: ${why}`);
  }
  return errors.length === 0 ? undefined : refuse(400, joinErrors(errors));
}

const HOST_GATEWAY = 'host-gateway';

/** moby `daemon/pkg/opts/hosts.go`, `ValidateExtraHost`: `name:ip`, `name:host-gateway`. */
export function extraHostProblem(text: string): string | undefined {
  const at = text.indexOf(':');
  if (at <= 0) return `bad format for add-host: ${JSON.stringify(text)}`;
  const ip = text.slice(at + 1);
  const fine = ip === HOST_GATEWAY || parseIpv4(ip) !== undefined || isIpv6(ip);
  return fine ? undefined : `invalid IP address in add-host: ${JSON.stringify(ip)}`;
}

const isIpv6 = (text: string): boolean =>
  text.includes(':') && /^[0-9a-fA-F:.]+$/.test(text) && !text.includes(':::');
