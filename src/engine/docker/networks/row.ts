import { fail } from '../answer.ts';
import type { EngineResponse, IpamConfig } from '../api.ts';
import type { Refusal } from './membership.ts';

/**
 * A network as the daemon knows it (moby/moby v29.7 `daemon/libnetwork/network.go`).
 *
 * Simplified: IPv6 is kept as it was asked for and shown, but no IPv6 address is given out.
 */
export interface NetworkRow {
  readonly machine: string;
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly scope: 'local' | 'swarm';
  readonly createdMs: number;
  readonly enableIpv4: boolean;
  readonly enableIpv6: boolean;
  readonly ipamDriver: string;
  readonly ipamOptions: Readonly<Record<string, string>> | null;
  /** What is shown: as asked for, completed by what was chosen. */
  readonly ipamConfig: readonly IpamConfig[] | null;
  /** `172.18.0.0/16`; none of host, none and config-only networks. */
  readonly subnet?: string;
  readonly range?: string;
  readonly gateway?: string;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly ingress: boolean;
  readonly configOnly: boolean;
  readonly configFrom: string;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

export const networkKey = (machine: string, id: string): string => `${machine} ${id}`;

/** The name of the network's pool of addresses, see net/subnets.ts. */
export const subnetKey = ({ machine, id }: NetworkRow): string => `docker ${machine} ${id}`;

const PREDEFINED = ['bridge', 'host', 'none', 'default'];

/** moby `daemon/network/network_mode_unix.go`: a name that nobody may give to a network. */
export const isPredefined = (name: string): boolean => PREDEFINED.includes(name);

/** moby `api/types/container/hostconfig.go`: a mode that names a network of a user's. */
export const isUserDefined = (mode: string): boolean =>
  mode !== '' && !isPredefined(mode) && !mode.startsWith('container:');

/** The name a mode of `HostConfig.NetworkMode` stands for. */
export const modeName = (mode: string): string =>
  mode === '' || mode === 'default' ? 'bridge' : mode;

/** The container whose network a mode shares. */
export const sharedWith = (mode: string): string | undefined =>
  mode.startsWith('container:') ? mode.slice('container:'.length) : undefined;

export const refused = ({ status, message }: Refusal): EngineResponse => fail(status, message);

/** moby `daemon/internal/multierror`: one as it is, several as a list. */
export function joinErrors(errors: readonly string[]): string {
  if (errors.length === 1) return (errors[0] ?? '').trim();
  return errors.map((error) => `* ${error.replaceAll('\n', '\n\t')}`).join('\n');
}
