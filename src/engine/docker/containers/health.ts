import type { Healthcheck } from '../../oci/image.ts';
import type { HealthResult, HealthStatus } from '../api.ts';

/**
 * What probes say of a container (moby/moby v29.7 `daemon/health.go`).
 */
export const HEALTH = {
  intervalMs: 30_000,
  timeoutMs: 30_000,
  startPeriodMs: 0,
  startIntervalMs: 5_000,
  retries: 3,
  logEntries: 5,
  outputBytes: 4_096,
  healthyExitCode: 0,
} as const;

const MS_NS = 1_000_000;

/** A health check with its defaults, times in milliseconds. */
export interface ProbePlan {
  readonly argv: readonly string[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly startPeriodMs: number;
  readonly startIntervalMs: number;
  readonly retries: number;
}

const DEFAULT_SHELL = ['/bin/sh', '-c'];

/** Undefined when there is nothing to probe; `argv` is empty for a check without a command. */
export function probePlan(
  check: Healthcheck | undefined,
  shell: readonly string[] | undefined,
): ProbePlan | undefined {
  const [kind, ...words] = check?.Test ?? [];
  if (!check || (kind !== 'CMD' && kind !== 'CMD-SHELL')) return undefined;
  const isShell = kind === 'CMD-SHELL' && words.length > 0;
  const own = shell && shell.length > 0 ? shell : DEFAULT_SHELL;
  const ms = (ns: number | undefined, otherwise: number): number =>
    ns ? Math.ceil(ns / MS_NS) : otherwise;
  const retries = check.Retries ?? 0;
  return {
    argv: isShell ? [...own, ...words] : words,
    intervalMs: ms(check.Interval, HEALTH.intervalMs),
    timeoutMs: ms(check.Timeout, HEALTH.timeoutMs),
    startPeriodMs: ms(check.StartPeriod, HEALTH.startPeriodMs),
    startIntervalMs: ms(check.StartInterval, HEALTH.startIntervalMs),
    retries: retries > 0 ? retries : HEALTH.retries,
  };
}

export interface HealthRow {
  readonly status: HealthStatus;
  readonly failingStreak: number;
  readonly log: readonly HealthResult[];
}

export const STARTING: HealthRow = { status: 'starting', failingStreak: 0, log: [] };

/** The next state of health after a probe that began `sinceStartMs` after the container. */
export function afterProbe(
  before: HealthRow,
  result: HealthResult,
  sinceStartMs: number,
  { startPeriodMs, retries }: Pick<ProbePlan, 'startPeriodMs' | 'retries'>,
): HealthRow {
  const log = [...before.log, result].slice(-HEALTH.logEntries);
  if (result.ExitCode === HEALTH.healthyExitCode)
    return { status: 'healthy', failingStreak: 0, log };
  // Failures while it still starts up count for nothing.
  if (before.status === 'starting' && sinceStartMs < startPeriodMs) return { ...before, log };
  const failingStreak = before.failingStreak + 1;
  const status = failingStreak >= retries ? 'unhealthy' : before.status;
  return { status, failingStreak, log };
}

/** How long until the next probe. */
export function nextProbeMs(plan: ProbePlan, status: HealthStatus, sinceStartMs: number): number {
  const isStarting = sinceStartMs < plan.startPeriodMs && status === 'starting';
  return isStarting ? plan.startIntervalMs : plan.intervalMs;
}

/** A probe's output as the log keeps it. */
export const keptOutput = (text: string): string =>
  text.length > HEALTH.outputBytes ? `${text.slice(0, HEALTH.outputBytes)}...` : text;
