import type { ContainerSummary } from '../../../src/engine/docker/api.ts';
import { containerRow } from '../../../src/engine/docker/cli/formatter/container.ts';
import { TREE_HEADINGS } from '../../../src/engine/docker/cli/formatter/image-tree.ts';
import * as swarm from '../../../src/engine/docker/cli/formatter/swarm.ts';
import { isRefused, type Refused } from '../../../src/engine/go/refused.ts';
import type { Subject } from '../../../src/engine/go/template/value.ts';
import { stateName, statusText } from '../../../src/engine/docker/containers/status.ts';
import {
  displayPorts,
  mappingText,
  parsePort,
  parsePortNumber,
  parsePortRange,
  parsePublish,
  splitPort,
  type PortMapping,
} from '../../../src/engine/docker/publish.ts';
import {
  bytesSize,
  ellipsis,
  fromHumanSize,
  humanDuration,
  humanSize,
  ramInBytes,
  shortId,
} from '../../../src/engine/docker/units.ts';
import {} from '../../../src/engine/sim/clock.ts';
import {
  linesOf,
  NOW_MS,
  NOWHERE,
  portConfig,
  portSummary,
  summaryOf,
  wireSummary,
  type ContainerInput,
  type PortInput,
  type TableInput,
} from '../docker-tables.ts';
import { compare, operation, type Adapter, type Verdict } from '../adapter.ts';

interface Expected {
  readonly error?: string | true;
  readonly [field: string]: unknown;
}

/** A refusal in the words expected, or any when the row says only that there is one. */
function judged<T>(got: T | Refused, expect: Expected, show: (value: T) => unknown): Verdict {
  if (isRefused(got)) {
    const { refused } = got;
    const { error } = expect;
    const holds = error === true || (typeof error === 'string' && error === refused);
    return { holds, got: { error: refused } };
  }
  const shown = show(got);
  return expect.ok === true ? { holds: true, got: shown } : compare(shown, expect);
}

const textOf = (text: string, { text: wanted }: Expected): Verdict => ({
  holds: text === wanted,
  got: text,
});

const shownMapping = ({ port, HostIp, HostPort }: PortMapping) => ({
  container: port,
  hostIP: HostIp,
  hostPort: HostPort,
});

function mappingsOf(specs: readonly string[]): PortMapping[] | Refused {
  const all: PortMapping[] = [];
  for (const spec of specs) {
    const mappings = parsePublish(spec);
    if (isRefused(mappings)) return mappings;
    all.push(...mappings);
  }
  return all;
}

function field(row: Subject, name: string, expect: Expected): Verdict {
  const value = row.member(name)?.();
  return textOf(typeof value === 'string' ? value : '', expect);
}

interface StateFlags {
  readonly running?: boolean;
  readonly paused?: boolean;
  readonly restarting?: boolean;
  readonly removalInProgress?: boolean;
  readonly dead?: boolean;
  readonly exitCode?: number;
  readonly started?: { readonly secondsAgo: number };
  readonly finished?: { readonly secondsAgo: number };
  readonly health?: 'starting' | 'healthy' | 'unhealthy';
}

function stateOf(flags: StateFlags): Parameters<typeof stateName>[0] {
  const time = (at: { readonly secondsAgo: number } | undefined) =>
    at === undefined ? undefined : NOW_MS - at.secondsAgo * 1000;
  const state = {
    running: flags.running ?? false,
    paused: flags.paused ?? false,
    restarting: flags.restarting ?? false,
    removing: flags.removalInProgress ?? false,
    dead: flags.dead ?? false,
    exitCode: flags.exitCode ?? 0,
    startedMs: time(flags.started),
    finishedMs: time(flags.finished),
  };
  return state as unknown as Parameters<typeof stateName>[0];
}

export const adapter: Adapter = {
  area: 'ports-units',
  operations: [
    operation<{ text: string }, Expected>('parse port number', ({ input, expect }) =>
      judged(parsePort(input.text), expect, (port) => ({ port })),
    ),
    operation<{ text: string }, Expected>('parse port number (strict)', ({ input, expect }) =>
      judged(parsePortNumber(input.text), expect, (port) => ({ port })),
    ),
    operation<{ text: string }, Expected>('split port/proto', ({ input, expect }) => {
      const { port, protocol } = splitPort(input.text);
      return compare({ port, proto: protocol }, expect);
    }),
    operation<{ proto: string; port: string }, Expected>('make port', ({ input, expect }) =>
      judged(parsePortRange(input.port), expect, ({ first, last }) => {
        const port = first === last ? String(first) : `${first}-${last}`;
        const whole = { string: `${port}/${input.proto}`, proto: input.proto, port, int: first };
        return Object.fromEntries(Object.entries(whole).filter(([key]) => key in expect));
      }),
    ),
    operation<{ text: string }, Expected>(/^parse range/, ({ input, expect }) => {
      const range = parsePortRange(input.text);
      const empty = expect.ok === true && input.text === '';
      return judged(empty ? { first: 0, last: 0 } : range, expect, ({ first, last }) => ({
        begin: first,
        end: last,
      }));
    }),
    operation<{ spec: string }, Expected>('publish spec', ({ input, expect }) =>
      judged(parsePublish(input.spec), expect, (all) => ({ mappings: all.map(shownMapping) })),
    ),
    operation<{ specs: string[] }, Expected>('publish specs', ({ input, expect }) =>
      judged(mappingsOf(input.specs), expect, (all) => ({ mappings: all.map(shownMapping) })),
    ),
    operation<{ spec: string }, Expected>('publish spec -> canonical text', ({ input, expect }) =>
      judged(parsePublish(input.spec), expect, ([first]) => ({
        text: first && mappingText(first),
      })),
    ),
    operation<{ seconds: number }, Expected>('human duration', ({ input, expect }) =>
      textOf(humanDuration(input.seconds * 1000), expect),
    ),
    operation<{ bytes: number }, Expected>('binary size text', ({ input, expect }) =>
      textOf(bytesSize(input.bytes), expect),
    ),
    operation<{ bytes: number }, Expected>('decimal size text', ({ input, expect }) =>
      textOf(humanSize(input.bytes, 4), expect),
    ),
    operation<{ text: string }, Expected>('parse decimal size', ({ input, expect }) =>
      judged(fromHumanSize(input.text), expect, (bytes) => ({ bytes })),
    ),
    operation<{ text: string }, Expected>(/^parse memory size/, ({ input, expect }) =>
      judged(ramInBytes(input.text), expect, (bytes) => ({ bytes })),
    ),
    operation<{ flags: StateFlags }, Expected>(
      'container state and status text',
      ({ input, expect }) => {
        const state = stateOf(input.flags);
        const status = statusText(state, input.flags.health ?? 'none', NOW_MS);
        return compare({ state: stateName(state), status }, expect);
      },
    ),
    operation<{ ports: PortInput[] }, Expected>('PORTS column', ({ input, expect }) =>
      textOf(displayPorts(input.ports.map(portSummary)), expect),
    ),
    operation<{ field: string; truncate: boolean; container: Partial<ContainerSummary> }, Expected>(
      'ps field',
      ({ input, expect }) => {
        const { truncate } = input;
        return field(
          containerRow(wireSummary(input.container), { ...NOWHERE, truncate }),
          input.field,
          expect,
        );
      },
    ),
    operation<{ field: string; container: ContainerInput }, Expected>(
      /^ps --format field/,
      ({ input, expect }) => {
        const row = containerRow(summaryOf(input.container), { ...NOWHERE, truncate: false });
        return field(row, input.field, expect);
      },
    ),
    operation<{ id: string }, Expected>('short id', ({ input, expect }) =>
      textOf(shortId(input.id), expect),
    ),
    operation<{ text: string; width: number }, Expected>('ellipsis', ({ input, expect }) =>
      textOf(ellipsis(input.text, input.width), expect),
    ),
    operation<TableInput, { lines: string[] }>('table output', ({ input, expect }) =>
      compare(linesOf(input), expect.lines),
    ),
    operation<{ command: string }, { columns: string[] }>(
      'default table header',
      ({ input, expect }) => {
        const [heading = ''] = input.command.startsWith('image ls (default')
          ? [TREE_HEADINGS.join('   ')]
          : linesOf({ ...input, rows: [] });
        return compare(heading.trimEnd().split(/ {2,}/), expect.columns);
      },
    ),
    operation<{ ports: [number, number, string][] }, Expected>(
      'PORTS column of service ls',
      ({ input, expect }) =>
        textOf(
          swarm.servicePorts(
            input.ports.map(([published, target, proto]) =>
              portConfig({ published, target, proto }),
            ),
          ),
          expect,
        ),
    ),
  ],
};
