import type { ServiceSpec, UpdateConfig } from '../api.ts';

/** What a service is where its specification says nothing (moby/swarmkit v2.1 `api/defaults/service.go`). */
const NS = 1_000_000_000;

export const DEFAULT_STOP_GRACE_NS = 10 * NS;
export const DEFAULT_RESTART_DELAY_NS = 5 * NS;
export const DEFAULT_MONITOR_NS = 5 * NS;

const UPDATE: UpdateConfig = {
  Parallelism: 1,
  FailureAction: 'pause',
  Monitor: DEFAULT_MONITOR_NS,
  MaxFailureRatio: 0,
  Order: 'stop-first',
};

export function withDefaults(spec: ServiceSpec): ServiceSpec {
  const { TaskTemplate: task, UpdateConfig: update, RollbackConfig: rollback } = spec;
  const { ContainerSpec: container, RestartPolicy: restart } = task;
  return {
    ...spec,
    TaskTemplate: {
      ...task,
      ContainerSpec: {
        ...container,
        StopGracePeriod: container.StopGracePeriod ?? DEFAULT_STOP_GRACE_NS,
        DNSConfig: container.DNSConfig ?? {},
        Isolation: container.Isolation ?? 'default',
      },
      Resources: task.Resources ?? { Limits: {}, Reservations: {} },
      RestartPolicy: restart
        ? { ...restart, Delay: restart.Delay ?? DEFAULT_RESTART_DELAY_NS }
        : { Condition: 'any', Delay: DEFAULT_RESTART_DELAY_NS, MaxAttempts: 0 },
      Placement: task.Placement ?? {},
    },
    UpdateConfig: update ? monitored(update) : UPDATE,
    RollbackConfig: rollback ? monitored(rollback) : UPDATE,
  };
}

/** In the order of the wire. */
const monitored = (config: UpdateConfig): UpdateConfig => ({
  Parallelism: config.Parallelism,
  ...(config.Delay && { Delay: config.Delay }),
  ...(config.FailureAction && { FailureAction: config.FailureAction }),
  Monitor: config.Monitor ?? DEFAULT_MONITOR_NS,
  MaxFailureRatio: config.MaxFailureRatio,
  ...(config.Order && { Order: config.Order }),
});
