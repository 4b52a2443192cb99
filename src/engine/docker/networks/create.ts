import { parseIpv4 } from '../../net/address.ts';
import { contains, formatPrefix, masked, overlaps, parsePrefix } from '../../net/prefix.ts';
import type { IpamConfig, NetworkCreateBody } from '../api.ts';
import { refuse, type Refusal } from './membership.ts';
import { isPredefined, joinErrors } from './row.ts';

/**
 * What may be asked of a new network (moby/moby v29.7 `daemon/network.go`, `createNetwork`,
 * `validateIpamConfig`; `daemon/libnetwork/network.go`, `validateConfiguration`;
 * `drivers/bridge/bridge_linux.go`, `fromLabels`).
 */
const DRIVERS = ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'];
const BRIDGE = 'com.docker.network.bridge.';
const GATEWAY_MODES = ['nat', 'nat-unprotected', 'routed', 'isolated'];
const BOOLEAN_OPTIONS = [
  `${BRIDGE}enable_ip_masquerade`,
  `${BRIDGE}enable_icc`,
  `${BRIDGE}inhibit_ipv4`,
  `${BRIDGE}default_bridge`,
];
const ADDRESS_OPTIONS = [`${BRIDGE}host_binding_ipv4`, 'com.docker.network.host_ipv4'];

export const OPTIONS = {
  /** Whether containers of the network reach each other. */
  betweenContainers: `${BRIDGE}enable_icc`,
  /** Where ports are published that name no address. */
  bindingAddress: `${BRIDGE}host_binding_ipv4`,
  gatewayMode: `${BRIDGE}gateway_mode_ipv4`,
  bridgeName: `${BRIDGE}name`,
  enableIpv4: 'com.docker.network.enable_ipv4',
  enableIpv6: 'com.docker.network.enable_ipv6',
} as const;

/** Go's `strconv.ParseBool`. */
export function parseBoolean(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? false : undefined;
}

export interface Families {
  readonly ipv4: boolean;
  readonly ipv6: boolean;
}

/** Which address families a network is to have. */
export function familiesOf(body: NetworkCreateBody): Families | Refusal {
  const options = body.Options ?? {};
  const chosen = (asked: boolean | null | undefined, option: string, usual: boolean) => {
    if (asked !== undefined && asked !== null) return asked;
    const text = options[option];
    return text === undefined ? usual : parseBoolean(text);
  };
  const ipv4 = chosen(body.EnableIPv4, OPTIONS.enableIpv4, true);
  const ipv6 = chosen(body.EnableIPv6, OPTIONS.enableIpv6, false);
  if (ipv4 !== undefined && ipv6 !== undefined) return { ipv4, ipv6 };
  const option = ipv4 === undefined ? OPTIONS.enableIpv4 : OPTIONS.enableIpv6;
  return refuse(400, `driver-opt "${option}" is not a valid bool`);
}

/** What is wrong with a request, whatever other networks there are. */
export function checkCreate(body: NetworkCreateBody): Refusal | undefined {
  const name = body.Name ?? '';
  if (isPredefined(name)) {
    return refuse(403, `operation is not permitted on predefined ${name} network `);
  }
  const problem = ipamProblem(body.IPAM?.Config ?? []);
  if (problem !== undefined) return refuse(400, problem);
  if (name.trim() === '') return refuse(400, 'invalid name: name is empty');
  return undefined;
}

/** What is wrong with it once its name is known to be free. */
export function checkConfiguration(
  body: NetworkCreateBody,
  driver: string,
  families: Families,
): Refusal | undefined {
  if (body.ConfigOnly) return configOnlyProblem(body);
  if (body.ConfigFrom && hasOwnConfiguration(body)) {
    const why = 'user-specified configurations are not supported if the network depends on a';
    return refuse(403, `${why} configuration network`);
  }
  if (!DRIVERS.includes(driver)) return refuse(404, `plugin "${driver}" not found`);
  if (driver === 'host' || driver === 'null') {
    return refuse(403, `only one instance of "${driver}" network is allowed`);
  }
  if (driver === 'overlay') return refuse(403, NO_SWARM);
  if (body.Scope === 'swarm') {
    return refuse(403, 'cannot create a swarm scoped network when swarm is not active');
  }
  const ipam = body.IPAM?.Driver ?? '';
  if (!['', 'default', 'null'].includes(ipam)) return refuse(404, `plugin "${ipam}" not found`);
  if (driver !== 'bridge') return undefined;
  const problem = bridgeProblem(body, families);
  return problem ?? (ipam === 'null' ? refuse(400, 'ipv4 pool is empty') : undefined);
}

const NO_SWARM =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect ' +
  'this node to swarm and try again.';

function configOnlyProblem(body: NetworkCreateBody): Refusal | undefined {
  if (body.Internal || body.Attachable || body.Ingress) {
    const only = 'configuration network can only contain network specific fields. Network operator';
    return refuse(
      403,
      `${only} fields like [ ingress | internal | attachable ] are not supported.`,
    );
  }
  if (body.ConfigFrom) {
    return refuse(403, 'a configuration network cannot depend on another configuration network');
  }
  return undefined;
}

const hasOwnConfiguration = ({ IPAM, EnableIPv6, Labels }: NetworkCreateBody): boolean =>
  (IPAM?.Config ?? []).length > 0 ||
  Boolean(EnableIPv6) ||
  Object.keys(Labels ?? {}).length > 0 ||
  Object.keys(IPAM?.Options ?? {}).length > 0;

function bridgeProblem(body: NetworkCreateBody, { ipv4, ipv6 }: Families): Refusal | undefined {
  const options = body.Options ?? {};
  for (const [label, value] of Object.entries(options)) {
    const why = optionProblem(label, value);
    if (why !== undefined) return refuse(400, `failed to parse ${label} value: ${value} (${why})`);
  }
  if (options[OPTIONS.gatewayMode] === 'isolated' && !body.Internal) {
    return refuse(500, "gateway mode 'isolated' can only be used for an internal network");
  }
  if (!ipv4 && !ipv6) return refuse(400, 'IPv4 or IPv6 must be enabled');
  const v4 = (body.IPAM?.Config ?? []).filter(({ Subnet = '' }) => !Subnet.includes(':'));
  if (v4.length > 1) return refuse(403, "bridge driver doesn't support multiple subnets");
  return undefined;
}

function optionProblem(label: string, value: string): string | undefined {
  if (BOOLEAN_OPTIONS.includes(label) && parseBoolean(value) === undefined) {
    return `strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`;
  }
  if (label === 'com.docker.network.driver.mtu' && !/^[-+]?\d+$/.test(value)) {
    return `strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`;
  }
  if (/^com\.docker\.network\.bridge\.gateway_mode_ipv[46]$/.test(label)) {
    return GATEWAY_MODES.includes(value) ? undefined : `unknown gateway mode ${value}`;
  }
  const isAddress = parseIpv4(value) !== undefined || value.includes(':');
  return ADDRESS_OPTIONS.includes(label) && !isAddress ? 'nil ip' : undefined;
}

/** Subnets, ranges, gateways that do not go together, all of them; undefined when all is well. */
export function ipamProblem(configs: readonly IpamConfig[]): string | undefined {
  for (const config of configs) {
    // The client's library reads the body before the daemon looks at it.
    const bad = unreadable(config);
    if (bad !== undefined) return bad;
  }
  const errors = configs.flatMap((config) => configErrors(config));
  return errors.length === 0 ? undefined : `invalid network config:\n${joinErrors(errors)}`;
}

function unreadable({ Subnet = '', IPRange = '', Gateway = '' }: IpamConfig): string | undefined {
  for (const text of [Subnet, IPRange]) {
    if (text === '' || text.includes(':') || parsePrefix(text)) continue;
    const why = text.includes('/') ? 'ParseAddr' : `no '/'`;
    return `netip.ParsePrefix(${JSON.stringify(text)}): ${why}`;
  }
  if (Gateway !== '' && !Gateway.includes(':') && parseIpv4(Gateway) === undefined) {
    return `ParseAddr(${JSON.stringify(Gateway)}): unable to parse IP`;
  }
  return undefined;
}

function configErrors(config: IpamConfig): string[] {
  const { Subnet = '', IPRange = '', Gateway = '', AuxiliaryAddresses = {} } = config;
  // Simplified: what is asked of IPv6 is not looked at.
  if (Subnet.includes(':')) return [];
  const subnet = parsePrefix(Subnet);
  const errors: string[] = [];
  if (subnet && formatPrefix(masked(subnet)) !== Subnet) {
    errors.push(`invalid subnet ${Subnet}: it should be ${formatPrefix(masked(subnet))}`);
  }
  errors.push(...rangeErrors(IPRange, Subnet));
  const outside = addressError(Gateway, Subnet);
  if (Gateway !== '' && outside) errors.push(`invalid gateway ${Gateway}: ${outside}`);
  for (const [name, address] of Object.entries(AuxiliaryAddresses)) {
    const why = addressError(address, Subnet);
    if (why) errors.push(`invalid auxiliary address ${name}: ${why}`);
  }
  return errors;
}

function rangeErrors(text: string, parent: string): string[] {
  if (text === '') return [];
  const range = parsePrefix(text);
  const subnet = parsePrefix(parent);
  if (!range) return [`invalid ip-range ${text}: parent subnet is an IPv4 block`];
  if (!subnet)
    return [`invalid ip-range ${text}: parent subnet ${parent} doesn't contain ip-range`];
  const errors: string[] = [];
  const wrong = (why: string) => errors.push(`invalid ip-range ${text}: ${why}`);
  if (range.bits < subnet.bits) wrong(`CIDR block is bigger than its parent subnet ${parent}`);
  if (formatPrefix(masked(range)) !== text) wrong(`it should be ${formatPrefix(masked(range))}`);
  if (!overlaps(subnet, range)) wrong(`parent subnet ${parent} doesn't contain ip-range`);
  return errors;
}

function addressError(text: string, parent: string): string | undefined {
  const address = parseIpv4(text);
  if (text !== '' && address === undefined) return 'parent subnet is an IPv4 block';
  const subnet = parsePrefix(parent);
  if (address === undefined || (subnet && contains(subnet, address))) return undefined;
  return `parent subnet ${subnet ? parent : 'invalid Prefix'} doesn't contain this address`;
}
