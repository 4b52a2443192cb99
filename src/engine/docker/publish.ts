import type { PortBinding, PortSummary } from './api.ts';
import { canonicalAddress, ipv6Groups, isAddress } from '../go/address.ts';
import { parseInteger, reasonOf } from '../go/numbers.ts';
import { isRefused, refuse, type Refused } from '../go/refused.ts';

/**
 * What `-p` says and how ports are shown (docker/go-connections v0.8 `nat/nat.go`, `nat/parse.go`;
 * docker/cli v29.7 `cli/command/formatter/container.go`, `DisplayablePorts`).
 */
export interface PortMapping extends PortBinding {
  /** `80/tcp`. */
  readonly port: string;
  readonly HostIp: string;
  /** `''`: any free one; `8000-8010`: one of these. */
  readonly HostPort: string;
}

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

const PORT_LIMIT = 65_535;

/** A number from 0 to 65535. */
export function parsePortNumber(text: string): number | Refused {
  if (text === '') return refuse('value is empty');
  const port = parseInteger(text);
  if (isRefused(port)) return refuse(reasonOf(port));
  return port < 0 || port > PORT_LIMIT ? refuse('value out of range (0–65535)') : port;
}

/** A number where none at all counts as 0 (`nat.ParsePort`). */
export function parsePort(text: string): number | Refused {
  const port = text === '' ? 0 : parsePortNumber(text);
  return isRefused(port) ? refuse(`invalid port '${text}': ${port.refused}`) : port;
}

/** `8000-9000`, or one number. */
export function parsePortRange(text: string): PortRange | Refused {
  if (text === '') return refuse('empty string specified for ports');
  const at = text.indexOf('-');
  const [from, to] = at === -1 ? [text, text] : [text.slice(0, at), text.slice(at + 1)];
  const first = parsePortNumber(from);
  if (isRefused(first)) return refuse(`invalid start port '${from}': ${first.refused}`);
  if (from === to) return { first, last: first };
  const last = parsePortNumber(to);
  if (isRefused(last)) return refuse(`invalid end port '${to}': ${last.refused}`);
  return last < first ? refuse(`invalid port range: ${text}`) : { first, last };
}

/** `80/udp` in two; nothing at all without a port. */
export function splitPort(text: string): { port: string; protocol: string } {
  const at = text.indexOf('/');
  const port = at === -1 ? text : text.slice(0, at);
  if (port === '') return { port: '', protocol: '' };
  return { port, protocol: at === -1 || at === text.length - 1 ? 'tcp' : text.slice(at + 1) };
}

/** `80`, `8080:80`, `127.0.0.1:8000-8002:80-82/tcp`; one mapping for each port. */
export function parsePublish(text: string): PortMapping[] | Refused {
  const parts = text.split(':');
  const given = parts.slice(0, -2).join(':');
  const host = parts.at(-2) ?? '';
  const { port: container, protocol } = splitPort(parts.at(-1) ?? '');
  if (container === '') return refuse(`no port specified: ${text}<empty>`);
  const lower = protocol.toLowerCase();
  if (!['tcp', 'udp', 'sctp'].includes(lower)) return refuse(`invalid proto: ${lower}`);
  const ip = hostAddress(given);
  if (isRefused(ip)) return ip;
  const inside = parsePortRange(container);
  if (isRefused(inside)) return refuse(`invalid containerPort: ${container}`);
  const outside = host === '' ? undefined : parsePortRange(host);
  if (isRefused(outside)) return refuse(`invalid hostPort: ${host}`);
  const count = inside.last - inside.first + 1;
  const hosts = outside ? outside.last - outside.first + 1 : 0;
  if (outside && hosts !== count && count > 1) {
    return refuse(
      `invalid ranges specified for container and host Ports: ${container} and ${host}`,
    );
  }
  return Array.from({ length: count }, (_, i) => ({
    port: `${inside.first + i}/${lower}`,
    HostIp: ip,
    HostPort: outside ? hostPort(outside, i, count) : '',
  }));
}

/** One container port may take any of a range. */
const hostPort = ({ first, last }: PortRange, i: number, count: number): string =>
  count === 1 && first !== last ? `${first}-${last}` : String(first + i);

function hostAddress(text: string): string | Refused {
  let ip = text;
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    const why = close === -1 ? "missing ']' in address" : 'missing port in address';
    if (close !== text.length - 1) {
      return refuse(`invalid IP address ${text}: address ${text}:: ${why}`);
    }
    ip = text.slice(1, -1);
  }
  return ip === '' || isAddress(ip) ? ip : refuse(`invalid IP address: ${ip}`);
}

/** `192.168.1.100:8080:6000/tcp`. */
export const mappingText = ({ HostIp, HostPort, port }: PortMapping): string =>
  `${HostIp.includes(':') ? `[${HostIp}]` : HostIp}:${HostPort}:${port}`;

const joined = (ip: string, port: string): string =>
  ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;

/** Addresses by their bytes, none first and IPv4 before IPv6, as `netip.Addr.Compare` has it. */
function addressOrder(a: string, b: string): number {
  const [x, y] = [addressKey(a), addressKey(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

function addressKey(ip: string): string {
  if (ip === '') return '0';
  const groups = ipv6Groups(ip);
  if (groups) return `6${groups.map((group) => group.toString(16).padStart(4, '0')).join('')}`;
  return `4${ip
    .split('.')
    .map((part) => part.padStart(3, '0'))
    .join('')}`;
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Group {
  readonly ip: string;
  readonly type: string;
  readonly first: number;
  readonly last: number;
}

/**
 * The PORTS column: neighbours that need no telling apart become a range, ports published under
 * another number come last.
 */
export function displayPorts(ports: readonly PortSummary[]): string {
  const sorted = [...ports].sort(
    (a, b) =>
      a.PrivatePort - b.PrivatePort ||
      addressOrder(a.IP ?? '', b.IP ?? '') ||
      (a.PublicPort ?? 0) - (b.PublicPort ?? 0) ||
      order(a.Type, b.Type),
  );
  const open = new Map<string, Group>();
  const shown: string[] = [];
  const mapped: string[] = [];
  for (const { IP = '', PrivatePort, PublicPort = 0, Type } of sorted) {
    const ip = canonicalAddress(IP);
    if (ip !== '' && PublicPort !== PrivatePort) {
      mapped.push(`${joined(ip, String(PublicPort))}->${PrivatePort}/${Type}`);
      continue;
    }
    const key = `${ip}/${Type}`;
    const group = open.get(key);
    if (group?.last === PrivatePort - 1) open.set(key, { ...group, last: PrivatePort });
    else {
      if (group) shown.push(groupText(group));
      // The place of a group is that of its first port.
      open.set(key, { ip, type: Type, first: PrivatePort, last: PrivatePort });
    }
  }
  return [...shown, ...[...open.values()].map(groupText), ...mapped].join(', ');
}

function groupText({ ip, type, first, last }: Group): string {
  const range = first === last ? String(first) : `${first}-${last}`;
  return `${ip === '' ? range : `${joined(ip, range)}->${range}`}/${type}`;
}
