import type { PortBinding, PortSummary } from './api.ts';

/** A port of a container and where it is published. */
export interface PublishedPort {
  /** `''`: every address of the machine. */
  readonly hostIp: string;
  /** 0: any free one, chosen when the container starts. */
  readonly hostPort: number;
  readonly port: number;
  readonly protocol: string;
}

/** The same on the wire: what `PortBindings` of a container's HostConfig holds. */
export function portMap(ports: readonly PublishedPort[]): Record<string, PortBinding[]> {
  const map: Record<string, PortBinding[]> = {};
  for (const { hostIp, hostPort, port, protocol } of ports) {
    const binding = { HostIp: hostIp, HostPort: hostPort === 0 ? '' : String(hostPort) };
    (map[`${port}/${protocol}`] ??= []).push(binding);
  }
  return map;
}

/**
 * What `-p` says and how ports are shown (docker/go-connections v0.8 `nat/nat.go`, `nat/parse.go`;
 * docker/cli v29.7 `cli/command/formatter/container.go`, `DisplayablePorts`).
 */
export type Published =
  | { readonly ok: true; readonly bindings: readonly PublishedPort[] }
  | { readonly ok: false; readonly message: string };

const PORT_LIMIT = 65_535;

const fail = (message: string): Published => ({ ok: false, message });

/** `80`, `8080:80`, `127.0.0.1:8000-8002:80-82/tcp`; one binding for each port. */
export function parsePublish(text: string): Published {
  const parts = text.split(':');
  const ip = parts.slice(0, -2).join(':');
  const host = parts.at(-2) ?? '';
  const [container = '', protocol = 'tcp'] = (parts.at(-1) ?? '').split('/');
  if (container === '') return fail(`no port specified: ${text}<empty>`);
  const lower = (protocol === '' ? 'tcp' : protocol).toLowerCase();
  if (!['tcp', 'udp', 'sctp'].includes(lower)) return fail(`invalid proto: ${lower}`);
  const hostIp = ip.replace(/^\[(.*)\]$/, '$1');
  if (hostIp !== '' && !isAddress(hostIp)) return fail(`invalid IP address: ${hostIp}`);
  const inside = portRange(container);
  if (!inside) return fail(`invalid containerPort: ${container}`);
  const count = inside.last - inside.first + 1;
  const outside = host === '' ? undefined : portRange(host);
  if (host !== '' && !outside) return fail(`invalid hostPort: ${host}`);
  if (outside && count > 1 && outside.last - outside.first + 1 !== count) {
    return fail(`invalid ranges specified for container and host Ports: ${container} and ${host}`);
  }
  // Simplified: of a range for one port the first is taken, also when it is not free.
  const bindings = Array.from({ length: count }, (_, i) => ({
    hostIp,
    hostPort: outside ? outside.first + i : 0,
    port: inside.first + i,
    protocol: lower,
  }));
  return { ok: true, bindings };
}

function isAddress(text: string): boolean {
  const four = text.split('.');
  if (four.length === 4) return four.every((n) => /^\d{1,3}$/.test(n) && Number(n) <= 255);
  return /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/.test(text);
}

function portRange(text: string): { first: number; last: number } | undefined {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text);
  if (!match) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
  return last > PORT_LIMIT || last < first ? undefined : { first, last };
}

const joined = (ip: string, port: string): string =>
  ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The PORTS column: neighbours that need no telling apart become a range, ports published under
 * another number come last.
 */
export function displayPorts(ports: readonly PortSummary[]): string {
  const sorted = [...ports].sort(
    (a, b) =>
      a.PrivatePort - b.PrivatePort ||
      order(a.IP ?? '', b.IP ?? '') ||
      (a.PublicPort ?? 0) - (b.PublicPort ?? 0) ||
      order(a.Type, b.Type),
  );
  const open = new Map<string, { ip: string; type: string; first: number; last: number }>();
  const shown: string[] = [];
  const mapped: string[] = [];
  for (const { IP: ip = '', PrivatePort, PublicPort = 0, Type } of sorted) {
    if (ip !== '' && PublicPort !== PrivatePort) {
      mapped.push(`${joined(ip, String(PublicPort))}->${PrivatePort}/${Type}`);
      continue;
    }
    const key = `${ip}/${Type}`;
    const group = open.get(key);
    if (group?.last === PrivatePort - 1) group.last = PrivatePort;
    else {
      if (group) shown.push(groupText(group));
      // The place of a group is that of its first port.
      open.set(key, { ip, type: Type, first: PrivatePort, last: PrivatePort });
    }
  }
  return [...shown, ...[...open.values()].map(groupText), ...mapped].join(', ');
}

function groupText(group: { ip: string; type: string; first: number; last: number }): string {
  const { ip, type, first, last } = group;
  const range = first === last ? String(first) : `${first}-${last}`;
  return `${ip === '' ? range : `${joined(ip, range)}->${range}`}/${type}`;
}
