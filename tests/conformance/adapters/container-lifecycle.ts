import { statusOfSignal } from '../../../src/engine/machine/signals.ts';
import { startExitCode } from '../../../src/engine/docker/cli/commands/container-run.ts';
import { parseRunFlags } from '../../../src/engine/docker/cli/options/container-config.ts';
import { parseMount } from '../../../src/engine/docker/cli/options/mount.ts';
import { parseNetwork } from '../../../src/engine/docker/cli/options/network.ts';
import { parseRestart } from '../../../src/engine/docker/cli/options/restart.ts';
import { isRefused } from '../../../src/engine/go/refused.ts';
import {
  afterProbe,
  HEALTH,
  probePlan,
  STARTING,
} from '../../../src/engine/docker/containers/health.ts';
import { replaceOrAppendEnv } from '../../../src/engine/docker/containers/merge-config.ts';
import {
  decideRestart,
  RESTART,
  restartPolicyProblem,
} from '../../../src/engine/docker/containers/restart-policy.ts';
import { CREATED, type ContainerStateRow } from '../../../src/engine/docker/containers/row.ts';
import { startFailure } from '../../../src/engine/docker/containers/start-failure.ts';
import { stateName } from '../../../src/engine/docker/containers/status.ts';
import { stopSignalOf } from '../../../src/engine/docker/signals.ts';
import {
  compare,
  operation,
  sameValue,
  type Adapter,
  type Operation,
  type Verdict,
} from '../adapter.ts';
import { containerStories } from '../container-stories.ts';
import { networkOperations } from '../network-operations.ts';

/** Rules of containers that are functions of their own; what needs a daemon is in the stories. */
const SECOND_MS = 1_000;
const MS_NS = 1_000_000;

type Values = Readonly<Record<string, unknown>>;

/** Holds when what is expected is so; what the table leaves out does not count. */
function holdsOf(got: Values, expect: Values): Verdict {
  const { error, errorContains, note: _note, ...rest } = expect;
  const text = typeof got.error === 'string' ? got.error : undefined;
  const isSaid =
    (error === undefined || typeof error !== 'string' || text === error) &&
    (typeof errorContains !== 'string' || (text?.includes(errorContains) ?? false)) &&
    (error !== undefined || errorContains !== undefined || text === undefined);
  return { holds: isSaid && Object.keys(rest).every((key) => sameValue(got[key], rest[key])), got };
}

interface StateFlags {
  readonly removalInProgress?: boolean;
  readonly running?: boolean;
  readonly paused?: boolean;
  readonly restarting?: boolean;
  readonly dead?: boolean;
  readonly startedAtSet?: boolean;
  readonly finishedAtSet?: boolean;
}

function stateOf(flags: StateFlags): ContainerStateRow {
  const { removalInProgress = false, startedAtSet, finishedAtSet, ...rest } = flags;
  return {
    ...CREATED,
    ...rest,
    removing: removalInProgress,
    ...(startedAtSet ? { startedMs: 0 } : {}),
    ...(finishedAtSet ? { finishedMs: 0 } : {}),
  };
}

interface Decision {
  readonly policy?: string;
  readonly exitCode?: number;
  readonly manuallyStopped?: boolean;
  readonly restartCount?: number;
  readonly maxRetries?: number;
  readonly previousDelayMs?: number;
  readonly ranSeconds?: number;
  readonly count?: number;
}

function decide(row: Decision, previousDelayMs = row.previousDelayMs ?? 0) {
  return decideRestart({
    policy: { Name: row.policy ?? '', MaximumRetryCount: row.maxRetries ?? 0 },
    exitCode: row.exitCode ?? 0,
    manuallyStopped: row.manuallyStopped ?? false,
    restartCount: row.restartCount ?? 0,
    ranMs: (row.ranSeconds ?? 0) * SECOND_MS,
    previousDelayMs,
  });
}

const CONSTANTS: Values = {
  initialDelayMs: RESTART.initialDelayMs,
  multiplier: RESTART.multiplier,
  maxDelayMs: RESTART.maxDelayMs,
  resetAfterRunSeconds: RESTART.resetAfterMs / SECOND_MS,
  intervalSeconds: HEALTH.intervalMs / SECOND_MS,
  timeoutSeconds: HEALTH.timeoutMs / SECOND_MS,
  startPeriodSeconds: HEALTH.startPeriodMs / SECOND_MS,
  startIntervalSeconds: HEALTH.startIntervalMs / SECOND_MS,
  retries: HEALTH.retries,
  logEntriesKept: HEALTH.logEntries,
  maxOutputBytes: HEALTH.outputBytes,
  healthyExitCode: HEALTH.healthyExitCode,
};

const restarts: readonly Operation[] = [
  operation<Decision, Values>('restart decision', ({ input, expect }) =>
    holdsOf({ ...decide(input) }, expect),
  ),
  operation<Decision, Values>(/^delays for consecutive restarts/, ({ input, expect }) => {
    const delaysMs: number[] = [];
    for (let i = 0; i < (input.count ?? 0); i++) {
      delaysMs.push(decide(input, delaysMs.at(-1) ?? 0).delayMs);
    }
    return holdsOf({ delaysMs }, expect);
  }),
  operation<Decision, Values>('validate restart policy', ({ input, expect }) => {
    const { policy: Name = '', maxRetries: MaximumRetryCount = 0 } = input;
    const problem = restartPolicyProblem({ Name, MaximumRetryCount });
    return holdsOf(problem === undefined ? { ok: true } : { error: problem }, expect);
  }),
  operation<{ value: string }, Values>('--restart flag', ({ input, expect }) => {
    const read = parseRestart(input.value);
    const got = isRefused(read)
      ? { error: read.refused }
      : { policy: read.Name, maxRetries: read.MaximumRetryCount };
    return holdsOf(got, expect);
  }),
];

interface Probes {
  readonly retries: number;
  readonly startPeriodSeconds: number;
  /** Seconds after the start, exit code. */
  readonly probes: readonly (readonly [number, number])[];
}

function probed({ retries, startPeriodSeconds, probes }: Probes): Values {
  const rule = { retries, startPeriodMs: startPeriodSeconds * SECOND_MS };
  let health = STARTING;
  const events: string[] = [];
  const statusAfter: string[] = [];
  const failingStreakAfter: number[] = [];
  for (const [seconds, ExitCode] of probes) {
    const result = { Start: '', End: '', ExitCode, Output: '' };
    const next = afterProbe(health, result, seconds * SECOND_MS, rule);
    if (next.status !== health.status) events.push(next.status);
    health = next;
    statusAfter.push(health.status);
    failingStreakAfter.push(health.failingStreak);
  }
  return { events, statusAfter, failingStreakAfter };
}

const health: readonly Operation[] = [
  operation<Probes, Values>('probe results', ({ input, expect }) => holdsOf(probed(input), expect)),
  operation<unknown, Values>(/^healthcheck NONE$/, ({ expect }) => {
    const plan = probePlan({ Test: ['NONE'] }, undefined);
    return holdsOf({ healthState: plan === undefined ? null : STARTING }, expect);
  }),
];

/** The words behind `docker run`, with an image where the row names none. */
function runFlags(args: readonly string[]) {
  const read = parseRunFlags([...args, ...(args.at(-1)?.startsWith('-') === false ? [] : ['x'])]);
  return isRefused(read) ? parseRunFlags([...args, 'x']) : read;
}

function networkFlags(args: readonly string[]): Values {
  const body = runFlags(args);
  if (isRefused(body)) return { error: body.refused };
  const endpoints = body.NetworkingConfig?.EndpointsConfig ?? {};
  const networkLinks = Object.fromEntries(
    Object.entries(endpoints)
      .filter(([, endpoint]) => (endpoint?.Links ?? []).length > 0)
      .map(([name, endpoint]) => [name, endpoint?.Links]),
  );
  return {
    networkMode: body.HostConfig?.NetworkMode,
    endpoints: Object.keys(endpoints),
    hostLinks: body.HostConfig?.Links ?? [],
    networkLinks,
  };
}

function healthFlags(args: readonly string[]): Values {
  const body = runFlags(args);
  if (isRefused(body)) return { error: body.refused };
  const check = body.Healthcheck;
  const ms = (ns: number | undefined): number => (ns ?? 0) / MS_NS;
  return {
    test: check?.Test,
    timeout: check?.Timeout ?? 0,
    timeoutMs: ms(check?.Timeout),
    retries: check?.Retries,
    intervalMs: ms(check?.Interval),
    startPeriodMs: ms(check?.StartPeriod),
    startIntervalMs: ms(check?.StartInterval),
  };
}

type WithArgs = { readonly args: readonly string[] };
type WithValue = { readonly value: string };

const flags: readonly Operation[] = [
  operation<WithArgs, Values>('docker run flags', ({ input, expect }) =>
    holdsOf(networkFlags(input.args), expect),
  ),
  operation<WithArgs, Values>('run flags', ({ input, expect }) =>
    holdsOf(healthFlags(input.args), expect),
  ),
  operation<WithValue, Values>('--mount', ({ input, expect }) => {
    const read = parseMount(input.value);
    return holdsOf(isRefused(read) ? { error: read.refused } : { ...read }, expect);
  }),
  operation<WithValue, Values>('--network', ({ input, expect }) => {
    const read = parseNetwork(input.value);
    return holdsOf(isRefused(read) ? { error: read.refused } : { ...read }, expect);
  }),
];

const exits: readonly Operation[] = [
  operation<{ configured: string | null }, Values>('effective stop signal', ({ input, expect }) =>
    holdsOf({ signal: stopSignalOf(input.configured ?? undefined) }, expect),
  ),
  operation<{ runtimeErrorContains: string }, Values>(
    'exit code recorded on the container when start fails',
    ({ input, expect }) => {
      const message = `OCI runtime create failed: ${input.runtimeErrorContains}: unknown`;
      return holdsOf({ exitCode: startFailure(message).exitCode }, expect);
    },
  ),
  operation<{ daemonErrorContains: string }, { cliExitCode: number }>(
    'docker run start error to exit status',
    ({ input, expect }) =>
      compare(startExitCode(`failed: ${input.daemonErrorContains}`), expect.cliExitCode),
  ),
  operation<unknown, Values>('process ended by a signal', ({ expect }) => {
    const names = Object.keys(expect).filter((key): key is `SIG${string}` => key.startsWith('SIG'));
    const got = Object.fromEntries(names.map((name) => [name, statusOfSignal(name)]));
    return { holds: names.every((name) => got[name] === expect[name]), got };
  }),
];

export const adapter: Adapter = {
  area: 'container-lifecycle',
  operations: [
    operation<{ flags: StateFlags }, Values>('derive state name', ({ input, expect }) =>
      holdsOf({ state: stateName(stateOf(input.flags)) }, expect),
    ),
    operation<unknown, Values>('constants', ({ expect }) => holdsOf(CONSTANTS, expect)),
    ...restarts,
    ...health,
    ...flags,
    ...exits,
    operation<{ base: string[]; overrides: string[] }, { env: string[] }>(
      'merge image env with run env',
      ({ input, expect }) => compare(replaceOrAppendEnv(input.base, input.overrides), expect.env),
    ),
    ...containerStories,
    ...networkOperations,
  ],
};
