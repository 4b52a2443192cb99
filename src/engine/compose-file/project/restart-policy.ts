import type { Service } from '../service.ts';

/**
 * The daemon's restart policy for a service: `deploy.restart_policy` replaces `restart`; its delay
 * and window are Swarm's alone (docker/compose v5.5 `pkg/compose/create.go` getRestartPolicy).
 */
export interface RestartPolicy {
  readonly name: string;
  readonly maximumRetryCount: number;
}

const NAMES: Readonly<Record<string, string>> = { none: 'no', any: 'always' };

/** Undefined where the service says nothing of it: the daemon's own holds. */
export function restartPolicy({
  restart,
  deploy,
}: Pick<Service, 'restart' | 'deploy'>): RestartPolicy | undefined {
  const policy = deploy?.restart_policy;
  if (policy) {
    const { condition = '', max_attempts: attempts = 0 } = policy;
    return { name: engineName(condition), maximumRetryCount: attempts };
  }
  if (!restart) return undefined;
  const [name = '', count = '0'] = restart.split(':');
  return { name: engineName(name), maximumRetryCount: /^\d+$/.test(count) ? Number(count) : 0 };
}

const engineName = (condition: string): string => NAMES[condition] ?? condition;
