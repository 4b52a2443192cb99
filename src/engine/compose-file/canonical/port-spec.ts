import { isAddress } from '../../go/address.ts';
import { fail } from '../failure.ts';
import type { ServicePort } from '../service-attachments.ts';

/**
 * `[[IP:]PUBLISHED:]TARGET[/PROTOCOL]` with ranges (compose-go v2.13 `types/types.go`
 * `ParsePortConfig`, go-connections v0.4.0 `nat/{nat,parse}.go`).
 */
export function parsePort(spec: string): ServicePort[] {
  const parts = spec.split(':');
  const container = parts.at(-1) ?? '';
  const published = parts.length > 1 ? (parts.at(-2) ?? '') : '';
  const address = hostAddress(parts.slice(0, -2).join(':'));
  const [ports = '', protocolText = ''] = splitOnce(container, '/');
  if (ports === '') fail(`No port specified: ${spec}<empty>`);
  const range = portRange(ports);
  if (!range) fail(`Invalid containerPort: ${ports}`);
  const host = published === '' ? undefined : portRange(published);
  if (published !== '' && !host) fail(`Invalid hostPort: ${published}`);
  const count = range.end - range.start + 1;
  if (host && host.end - host.start + 1 !== count && count > 1) {
    fail(`Invalid ranges specified for container and host Ports: ${ports} and ${published}`);
  }
  const protocol = (protocolText || 'tcp').toLowerCase();
  if (!['tcp', 'udp', 'sctp'].includes(protocol)) fail(`Invalid proto: ${protocolText}`);
  const result = Array.from({ length: count }, (_, at) => ({
    mode: 'ingress',
    ...(address !== '' && { host_ip: address }),
    target: range.start + at,
    ...(host && { published: publishedPort(host, at, count) }),
    protocol,
  }));
  // Upstream gives them in the order of their texts: 10 comes before 9.
  return result.sort((a, b) => (`${a.target}` < `${b.target}` ? -1 : 1));
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** A range of published ports for one target stays a range: the engine picks one of it. */
function publishedPort({ start, end }: Range, at: number, count: number): string {
  return count === 1 && start !== end ? `${start}-${end}` : String(start + at);
}

function portRange(text: string): Range | undefined {
  const [first = '', last] = splitOnce(text, '-');
  const start = portNumber(first);
  const end = last === undefined ? start : portNumber(last);
  if (start === undefined || end === undefined || end < start) return undefined;
  return { start, end };
}

function portNumber(text: string): number | undefined {
  const port = /^\d+$/.test(text) ? Number(text) : undefined;
  return port !== undefined && port <= 65535 ? port : undefined;
}

function hostAddress(text: string): string {
  const address = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  if (address !== '' && !isAddress(address)) fail(`Invalid ip address: ${address}`);
  return address;
}

function splitOnce(text: string, mark: string): string[] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
