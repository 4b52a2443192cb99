import { compare } from './compare/compare.ts';
import { dockerService, type EngineResponse } from './docker/api.ts';
import { usageOfFaults } from './faults.ts';
import { RATE_LIMIT, type LoadCount } from './kubernetes/traffic.ts';
import type { Command } from './machine/command.ts';
import { rfc3339 } from './sim/clock.ts';
import { ask, sleep, write } from './sim/process.ts';

/**
 * `drydock`, the one command of our own: what a reader does to the world from outside, as opposed
 * to what the people in it type. `undo`, `at` and `link` without words are carried out by whoever
 * reads the lines, see travel.ts.
 */
export type DrydockRequest =
  | {
      readonly op: 'load';
      readonly service: string;
      /** Requests a second; 0 stops. */
      readonly rate: number;
    }
  /** What became of the requests of all loads. */
  | { readonly op: 'loads' }
  | { readonly op: 'fault'; readonly words: readonly string[]; readonly machine: string }
  | { readonly op: 'faults' };

/** What is printed, or why it could not be done. */
export type DrydockAnswer =
  | { readonly ok: true; readonly lines: readonly string[] }
  | { readonly ok: false; readonly message: string };

export const DRYDOCK_SERVICE = 'drydock';

export const USAGE = `Usage: drydock COMMAND

  load SERVICE RATE   requests a second to a Service of the cluster; 0 stops
  load                what became of the requests so far
  fault …             breaks something, or mends it:
${usageOfFaults()
  .map((line) => `                        ${line}`)
  .join('\n')}
  faults              what is broken now
  link A B ACTION     cuts or slows the way between machines or to a registry:
                        drydock link A B down|up|latency TIME
  compare …           does one thing to an application on several platforms (preset compare)
  at TIME             goes to a time: 90s since the start, +10s, -10s
  undo                takes the last line back
  link                prints what opens this world, as it is now, anywhere
`;

/** What people say of a link, and what the table of faults calls it. */
const LINK_ACTIONS: Readonly<Record<string, string>> = {
  down: 'cut',
  up: 'mend',
  latency: 'latency',
};

function linkRequest(words: readonly string[], machine: string): DrydockRequest | string {
  if (words.length === 0) return 'link goes on a line of its own';
  const [a = '', b = '', said = '', ...amount] = words;
  const action = Object.hasOwn(LINK_ACTIONS, said) ? LINK_ACTIONS[said] : undefined;
  if (action === undefined || amount.length !== (action === 'latency' ? 1 : 0)) {
    return 'say: drydock link A B down|up|latency TIME';
  }
  return { op: 'fault', words: ['link', a, b, action, ...amount], machine };
}

/** The request that the words are, or what is wrong with them. */
function requestOf(argv: readonly string[], machine: string): DrydockRequest | string {
  const [, verb, ...words] = argv;
  if (verb === 'fault') return { op: 'fault', words, machine };
  if (verb === 'faults') return words.length === 0 ? { op: 'faults' } : 'faults takes no words';
  if (verb === 'at' || verb === 'undo') return `${verb} goes on a line of its own`;
  if (verb === 'link') return linkRequest(words, machine);
  if (verb === 'load' && words.length === 0) return { op: 'loads' };
  if (verb !== 'load') return `there is no command "${verb}"; see drydock help`;
  const [service, rate = '', ...more] = words;
  const sound = /^\d{1,6}$/.test(rate) && Number(rate) <= RATE_LIMIT;
  return service !== undefined && sound && more.length === 0
    ? { op: 'load', service, rate: Number(rate) }
    : `load wants a Service and a rate of 0 to ${RATE_LIMIT}`;
}

const PATIENCE = 600;
const LOOK_MS = 100;

/** A daemon that is still stopping starts after that: whoever starts it waits, as at `systemctl`. */
function* untilUp(machine: string) {
  const request = { method: 'GET', path: '/_ping', query: {} } as const;
  for (let i = 0; i < PATIENCE; i++) {
    const { status } = yield* ask<EngineResponse>(dockerService(machine), request);
    if (status !== 0) return;
    yield* sleep(LOOK_MS);
  }
}

/** `compare` wants the machines of its preset. */
const compareHere: Command = function* (line, self) {
  const isThere = yield* ask<string | undefined>('net/resolve', {
    name: 'swarm-1',
    place: line.machine,
  });
  const wants = line.argv.length > 2 && !['help', '--help', '-h'].includes(line.argv[2] ?? '');
  const isPreset = isThere !== undefined && line.machine === 'workstation';
  if (isPreset || !wants) return yield* compare(line, self);
  yield* write(self.stderr, 'drydock: compare is for the workstation of the preset compare\n');
  return 1;
};

export const drydock: Command = function* (line, self) {
  const { argv, machine } = line;
  if (argv[1] === 'compare') return yield* compareHere(line, self);
  if (argv[1] === undefined || ['help', '--help', '-h'].includes(argv[1])) {
    yield* write(self.stdout, USAGE);
    return 0;
  }
  const request = requestOf(argv, machine);
  const answer: DrydockAnswer =
    typeof request === 'string'
      ? { ok: false, message: request }
      : yield* ask<DrydockAnswer>(DRYDOCK_SERVICE, request);
  if (answer.ok) {
    const [, , kind, name = '', action] = argv;
    if (kind === 'daemon' && action === 'start') yield* untilUp(name);
    if (answer.lines.length > 0) yield* write(self.stdout, `${answer.lines.join('\n')}\n`);
    return 0;
  }
  yield* write(self.stderr, `drydock: ${answer.message}\n`);
  return 1;
};

export const faultLine = (fault: string, sinceMs: number): string =>
  `${fault}  since ${rfc3339(sinceMs)}`;

/** The table that `drydock load` prints. */
export function loadLines(counts: readonly LoadCount[]): string[] {
  const rows = counts.map(({ load, running, sent, served, failed }) => {
    const { pace, namespace, service } = load;
    const rate = 'clients' in pace ? `${pace.clients} clients` : `${pace.perSecond}/s`;
    return [`${namespace}/${service}`, running ? rate : 'stopped', sent, served, failed];
  });
  const table = [['SERVICE', 'RATE', 'SENT', 'SERVED', 'FAILED'], ...rows].map((row) =>
    row.map(String),
  );
  const widths = [0, 1, 2, 3].map((at) => Math.max(...table.map((row) => row[at]?.length ?? 0)));
  return table.map((row) =>
    row.map((cell, at) => cell.padEnd(at < widths.length ? (widths[at] ?? 0) + 3 : 0)).join(''),
  );
}
