import type { NetworkSummary } from '../../src/engine/docker/api.ts';
import { PortAllocator } from '../../src/engine/docker/networks/port-allocator.ts';
import {
  describePools,
  LOCAL_POOLS,
  SWARM_POOLS,
  type AddressPool,
} from '../../src/engine/docker/networks/pools.ts';
import { ALPINE, DEV, idle, oneDaemon } from '../../src/engine/docker/one-daemon.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import { compare, operation, operationOf, type Operation, type RowContext } from './adapter.ts';

/** Rows about networks and ports: the allocators alone where they suffice, else a daemon. */
const RANGE = /^request (\d+)-(\d+)\/(tcp|udp|sctp) on (.+)$/;
const COUNTS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

interface PortRow {
  readonly held?: readonly string[];
}

interface PortExpectation {
  readonly port?: number;
  readonly ports?: readonly number[];
  readonly error?: string;
  readonly errorContains?: string;
}

/** `127.0.0.1:10000`, `[::]:10000`. */
function heldPort(text: string): { ip: string; port: number } {
  const at = text.lastIndexOf(':');
  return { ip: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) };
}

/** A request as the row says it, or as the row it continues. */
function requestOf({ table, index }: RowContext): RegExpExecArray | undefined {
  for (let i = index; i >= 0; i--) {
    const found = RANGE.exec(operationOf(table.cases[i]!));
    if (found) return found;
  }
  return undefined;
}

function request(
  ports: PortAllocator,
  ips: string[],
  first: number,
  last: number,
  protocol = 'tcp',
) {
  const machine = 'host';
  return ports.request({ machine, protocol, ips, first, last, id: ips.join(), inside: 80 });
}

function portVerdict(held: readonly string[], asked: RegExpExecArray, expect: PortExpectation) {
  const [, first, last, protocol, on = ''] = asked;
  const ports = new PortAllocator(new Kernel({ seed: 1 }));
  for (const text of held) {
    const { ip, port } = heldPort(text);
    request(ports, [ip], port, port, protocol);
  }
  const ips = on.split(/\s*(?:,|and)\s*/).filter((ip) => ip !== '');
  const answer = request(ports, ips, Number(first), Number(last), protocol);
  if (answer.ok) return compare({ port: answer.port }, expect);
  const { message } = answer;
  if (expect.errorContains !== undefined) {
    return { holds: message.includes(expect.errorContains), got: message };
  }
  return compare({ error: message }, expect);
}

/** Whether a text has the shape: words in capitals stand for anything, `...` for more of it. */
function hasShape(text: string, shape: string): boolean {
  const escaped = shape.trimEnd().replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const pattern = escaped
    .replace(/(, )?\\\.\\\.\\\./g, '.*')
    .replace(/\b(NAME|ID|IP|PORT)\b/g, '.+');
  return new RegExp(pattern).test(text);
}

function daemon() {
  const world = oneDaemon();
  world.pull(ALPINE);
  return world;
}

const published = (HostPort: string) => idle({ PortBindings: { '80/tcp': [{ HostPort }] } });

function secondPublisher(): string {
  const { run, create, start, refusal } = daemon();
  run('first', published('8080'));
  create('second', published('8080'));
  return refusal(start('second'));
}

function publisherBesideProcess(): string {
  const { http, create, start, refusal } = daemon();
  http.server('process', () => undefined);
  const listener = { machine: DEV, name: 'process', server: 'process', payload: {} };
  http.listen({ ip: '0.0.0.0', port: 8080, on: DEV }, listener);
  create('late', published('8080'));
  return refusal(start('late'));
}

function removalInUse(): string {
  const { api, run, refusal } = daemon();
  api('POST', '/networks/create', { body: { Name: 'front' } });
  run('one', idle({ NetworkMode: 'front' }));
  return refusal(api('DELETE', '/networks/front'));
}

interface FreshEngine {
  readonly networks: readonly Readonly<Record<string, string>>[];
  readonly removeErrorShape?: string;
  readonly createErrorShape?: string;
}

function freshEngine({ networks, removeErrorShape = '', createErrorShape = '' }: FreshEngine) {
  const { api, refusal } = daemon();
  const got = api<NetworkSummary[]>('GET', '/networks').body.map((row) => {
    const [config] = row.IPAM.Config ?? [];
    const address = config ? { subnet: config.Subnet, gateway: config.Gateway } : {};
    return { name: row.Name, driver: row.Driver, scope: row.Scope, ...address };
  });
  got.sort((a, b) => (a.name < b.name ? -1 : 1));
  const isRefused = got.every(({ name }) => {
    const remove = refusal(api('DELETE', `/networks/${name}`));
    const create = refusal(api('POST', '/networks/create', { body: { Name: name } }));
    return hasShape(remove, removeErrorShape) && hasShape(create, createErrorShape);
  });
  const verdict = compare(got, networks);
  return { holds: verdict.holds && isRefused, got };
}

const pools = (all: readonly AddressPool[]) =>
  describePools(all).map(({ Base, Size }) => [Base, Size]);

const shaped = (name: string, act: () => string): Operation =>
  operation<unknown, { errorShape: string }>(name, ({ expect }) => {
    const got = act();
    return { holds: hasShape(got, expect.errorShape), got };
  });

export const networkOperations: readonly Operation[] = [
  operation<PortRow, PortExpectation>(RANGE, ({ input, expect, op }) =>
    portVerdict(input.held ?? [], RANGE.exec(operationOf({ op, input } as never))!, expect),
  ),
  operation<PortRow, PortExpectation>(/^same (again|after .*released)$/, (row, context) => {
    const asked = requestOf(context);
    if (!asked) return { holds: false, got: 'no request to repeat' };
    return portVerdict(row.input.held ?? [], asked, row.expect);
  }),
  operation<{ op?: string }, PortExpectation>(/^(\w+) requests in (\d+)-(\d+)$/, (row) => {
    const [, count = '', first, last] = /^(\w+) requests in (\d+)-(\d+)$/.exec(operationOf(row))!;
    const ports = new PortAllocator(new Kernel({ seed: 1 }));
    const got = Array.from({ length: COUNTS.indexOf(count) + 1 || Number(count) }, () => {
      const answer = request(ports, ['0.0.0.0'], Number(first), Number(last));
      return answer.ok ? answer.port : answer.message;
    });
    return compare({ ports: got }, row.expect);
  }),
  operation<unknown, { pools: unknown }>('default address pools, local scope', ({ expect }) =>
    compare(pools(LOCAL_POOLS), expect.pools),
  ),
  operation<unknown, { pools: unknown }>('default address pools, swarm scope', ({ expect }) =>
    compare(pools(SWARM_POOLS), expect.pools),
  ),
  operation<unknown, FreshEngine>('networks on a fresh engine', ({ expect }) =>
    freshEngine(expect),
  ),
  shaped('publish a host port already published by another container', secondPublisher),
  shaped('publish a host port used by a non-docker process', publisherBesideProcess),
  shaped('remove a network that has endpoints', removalInUse),
];
