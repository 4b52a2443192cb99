import { refuse, type Refused } from '../../go/refused.ts';
import { goQuote } from '../../go/quote.ts';
import { parseIpv4 } from '../../net/address.ts';
import { SWARM_PORT } from './cluster-defaults.ts';

/**
 * Addresses that a node listens at and is known by (moby/moby v29.7
 * `daemon/cluster/listen_addr.go`, `daemon/pkg/opts/hosts.go`, `ParseTCPAddr`). A machine has one
 * interface, `eth0`, with one address.
 */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

const INTERFACE = 'eth0';
const ANY = '0.0.0.0';
const MIN_DATA_PORT = 1024;
const MAX_DATA_PORT = 49151;
const MAX_SUBNET_SIZE = 29;

export const joined = ({ host, port }: HostPort): string => `${host}:${port}`;

/** `HOST`, `HOST:PORT` or `:PORT`; undefined for what is none. */
export function parseHostPort(text: string, port = SWARM_PORT): HostPort | undefined {
  const parts = /^(?:tcp:\/\/)?([^:\s]*)(?::(\d{1,5}))?$/.exec(text);
  if (!parts) return undefined;
  const [, host = '', given] = parts;
  return { host: host === '' ? ANY : host, port: given === undefined ? port : Number(given) };
}

/** The address of an interface's name, or the address itself. */
function resolveInput(text: string, own: string, anyIsValid: boolean): string | undefined {
  if (text === INTERFACE) return own;
  if (text === 'lo') return '127.0.0.1';
  if (parseIpv4(text) === undefined || (text === ANY && !anyIsValid)) return undefined;
  return text;
}

/** Where a manager listens. */
export function listenAddress(text: string, own: string): HostPort | Refused {
  const parsed = parseHostPort(text === '' ? `${ANY}:${SWARM_PORT}` : text);
  if (!parsed) return refuse(`could not parse listen address ${text}`);
  const host = resolveInput(parsed.host, own, true);
  if (host !== undefined) return { host, port: parsed.port };
  return refuse(
    'listen address must be an IP address or network interface (with optional port number)',
  );
}

/** Under which address others find this node. */
export function advertiseAddress(text: string, own: string, port: number): HostPort | Refused {
  if (text === '') return { host: own, port };
  const parsed = parseHostPort(text, port);
  const host = parsed && resolveInput(parsed.host, own, false);
  if (parsed && host !== undefined) return { host, port: parsed.port };
  return refuse(
    'advertise address must be a non-zero IP address or network interface (with optional port ' +
      'number)',
  );
}

/** Why a data path is none. */
export function dataPathProblem(address: string, port: number, own: string): string | undefined {
  if (address !== '' && resolveInput(address, own, false) === undefined) {
    return 'data path address must be a non-zero IP address or network interface (without a port number)';
  }
  return port === 0 || (port >= MIN_DATA_PORT && port <= MAX_DATA_PORT)
    ? undefined
    : `Datapath port number is not in valid range (1024-49151) : ${port}`;
}

/** Why networks cannot be cut out of pools. */
export function poolProblem(pools: readonly string[], size: number): string | undefined {
  if (pools.length === 0) return undefined;
  if (size > MAX_SUBNET_SIZE) return `subnet size is out of range: ${size}`;
  const small = pools.find((pool) => size < Number(pool.split('/')[1] ?? 0));
  return small === undefined
    ? undefined
    : `invalid CIDR: ${goQuote(small)}. Subnet size is too small for pool: ${size}`;
}
