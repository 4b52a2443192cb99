import {
  extraHosts,
  HOSTNAME,
  HOSTS,
  hostsFile,
  ownNames,
  resolvConf,
  RESOLV_CONF,
} from './files.ts';
import type { HostsEntry, Resolving } from './files.ts';
import type { EndpointSettings } from '../api.ts';
import { refuse, type Refusal } from './membership.ts';
import type { MemberRow } from './member.ts';
import type { Networks } from './networks.ts';
import { isUserDefined, modeName, type NetworkRow } from './row.ts';

/** What a container that starts is given beside its addresses. */
export interface Joining {
  readonly row: MemberRow;
  /** The machine's address on the default bridge. */
  readonly bridge: string;
  readonly links: readonly HostsEntry[];
  readonly readFile: (machine: string, path: string) => string | undefined;
}

/** Model figure: what the machines' /etc/resolv.conf says where nobody wrote one. */
const MACHINE_RESOLV_CONF = 'nameserver 10.0.0.1\n';
const MACHINE_HOSTS = '127.0.0.1\tlocalhost\n';

export const bridgeGateway = (networks: Networks, machine: string): string =>
  networks.named(machine, 'bridge')?.gateway ?? '';

/** The files bound into it, and its host name. */
export function filesFor(
  { row, bridge, links, readFile }: Joining,
  ips: readonly string[],
): { files: Record<string, string>; hostname: string } {
  const isHost = row.mode === 'host';
  const hostname = isHost && row.hostname === '' ? row.machine : row.hostname;
  const extra = [...extraHosts(row, bridge), ...links];
  const own = ips.map((ip) => ({ ip, names: ownNames(row) }));
  const machineHosts = readFile(row.machine, HOSTS) ?? MACHINE_HOSTS;
  const hosts = isHost && extra.length === 0 ? machineHosts : hostsFile([...extra, ...own]);
  const files = {
    [HOSTNAME]: `${hostname}\n`,
    [HOSTS]: hosts,
    [RESOLV_CONF]: resolvConfOf(row, readFile),
  };
  return { files, hostname };
}

/** A container's resolv.conf, as it is on the networks it has now. */
export function resolvConfOf(row: MemberRow, readFile: Joining['readFile']): string {
  const source = readFile(row.machine, RESOLV_CONF) ?? MACHINE_RESOLV_CONF;
  return resolvConf(source, row, resolving(row));
}

function resolving({ mode, networks }: MemberRow): Resolving {
  if (mode === 'host') return 'host';
  return Object.keys(networks).some(isUserDefined) ? 'internal resolver' : 'legacy';
}

/** The network of the mode first. */
export function modeFirst({ mode, networks }: MemberRow): [string, EndpointSettings][] {
  const first = modeName(mode);
  const all = Object.entries(networks);
  return [...all.filter(([name]) => name === first), ...all.filter(([name]) => name !== first)];
}

/** Networks that do not go together (`updateNetworkSettings`). */
export function checkMix(
  mode: string,
  network: NetworkRow,
  others: readonly NetworkRow[],
): Refusal | undefined {
  if (mode !== 'host' && network.driver === 'host') {
    const why = 'container must be created in host network mode';
    return refuse(400, `cannot connect container to host network - ${why}`);
  }
  for (const other of others) {
    if (other.id === network.id) continue;
    if (other.driver === 'host' || network.driver === 'host') {
      const what = 'container sharing network namespace with another container or host';
      return refuse(400, `${what} cannot be connected to any other network`);
    }
    if (other.name === 'none' || network.name === 'none') {
      const what = 'container cannot be connected to multiple networks';
      return refuse(400, `${what} with one of the networks in private (none) mode`);
    }
  }
  return undefined;
}
