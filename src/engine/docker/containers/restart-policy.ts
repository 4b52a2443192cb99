import type { RestartPolicy } from '../api.ts';

/**
 * Whether a container that ended is started again, and when (moby/moby v29.7
 * `daemon/internal/restartmanager/restartmanager.go`, `api/types/container/hostconfig.go`,
 * `ValidateRestartPolicy`).
 */
export const RESTART = {
  initialDelayMs: 100,
  multiplier: 2,
  maxDelayMs: 60_000,
  /** A run of this length starts the delays anew. */
  resetAfterMs: 10_000,
} as const;

export interface RestartQuestion {
  readonly policy: RestartPolicy;
  readonly exitCode: number;
  readonly manuallyStopped: boolean;
  readonly restartCount: number;
  readonly ranMs: number;
  /** 0 before the first restart. */
  readonly previousDelayMs: number;
}

export interface RestartDecision {
  readonly restart: boolean;
  /** Kept also when it is not restarted, as the manager keeps it. */
  readonly delayMs: number;
}

export function decideRestart(question: RestartQuestion): RestartDecision {
  const { policy, exitCode, manuallyStopped, restartCount } = question;
  const delayMs = nextDelay(question.previousDelayMs, question.ranMs);
  const most = policy.MaximumRetryCount;
  switch (policy.Name) {
    case 'always':
      return { restart: true, delayMs };
    case 'unless-stopped':
      return { restart: !manuallyStopped, delayMs };
    case 'on-failure':
      return { restart: (most === 0 || restartCount < most) && exitCode !== 0, delayMs };
    default:
      return { restart: false, delayMs: question.previousDelayMs };
  }
}

/** Doubled from the one before, at most a minute; from the start after a run of ten seconds. */
function nextDelay(previousDelayMs: number, ranMs: number): number {
  const before = ranMs >= RESTART.resetAfterMs ? 0 : previousDelayMs;
  if (before === 0) return RESTART.initialDelayMs;
  return Math.min(before * RESTART.multiplier, RESTART.maxDelayMs);
}

export const isNoPolicy = ({ Name }: RestartPolicy): boolean => Name === '' || Name === 'no';

/** The refusal's words; undefined when the policy is a possible one. */
export function restartPolicyProblem(policy: RestartPolicy): string | undefined {
  const { Name, MaximumRetryCount } = policy;
  switch (Name) {
    case '':
      return undefined;
    case 'on-failure':
      return MaximumRetryCount < 0
        ? 'invalid restart policy: maximum retry count cannot be negative'
        : undefined;
    case 'always':
    case 'unless-stopped':
    case 'no': {
      if (MaximumRetryCount === 0) return undefined;
      const only = "invalid restart policy: maximum retry count can only be used with 'on-failure'";
      return MaximumRetryCount < 0 ? `${only} and cannot be negative` : only;
    }
    default:
      return (
        `invalid restart policy: unknown policy '${Name}'; ` +
        "use one of 'no', 'always', 'on-failure', or 'unless-stopped'"
      );
  }
}
