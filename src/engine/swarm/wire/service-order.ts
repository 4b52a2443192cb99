import type { ServiceSpec } from '../api.ts';

/** Fields in the order in which the daemon writes them (moby/moby v29.7 `api/types/swarm`). */
const SPEC = [
  ...['Name', 'Labels', 'TaskTemplate', 'Mode', 'UpdateConfig', 'RollbackConfig', 'EndpointSpec'],
];
const TASK = [
  ...['ContainerSpec', 'Resources', 'RestartPolicy', 'Placement', 'Networks', 'LogDriver'],
  ...['ForceUpdate', 'Runtime'],
];
const CONTAINER = [
  ...['Image', 'Labels', 'Command', 'Args', 'Hostname', 'Env', 'Dir', 'User', 'Groups'],
  ...['Init', 'StopSignal', 'TTY', 'OpenStdin', 'ReadOnly', 'Mounts', 'StopGracePeriod'],
  ...['Healthcheck', 'Hosts', 'DNSConfig', 'Secrets', 'Configs', 'Isolation', 'Sysctls'],
  ...['CapabilityAdd', 'CapabilityDrop'],
];
const RESTART = ['Condition', 'Delay', 'MaxAttempts', 'Window'];
const UPDATE = ['Parallelism', 'Delay', 'FailureAction', 'Monitor', 'MaxFailureRatio', 'Order'];

/** Fields that are not named come last. */
function inOrder<T extends object>(value: T, names: readonly string[]): T {
  const entries = Object.entries(value);
  const place = (name: string): number => {
    const at = names.indexOf(name);
    return at === -1 ? names.length : at;
  };
  return Object.fromEntries(entries.sort(([a], [b]) => place(a) - place(b))) as T;
}

export function orderedSpec(spec: ServiceSpec): ServiceSpec {
  const { TaskTemplate: task, UpdateConfig: update, RollbackConfig: rollback } = spec;
  const { ContainerSpec: container, RestartPolicy: restart } = task;
  const TaskTemplate = {
    ...task,
    ContainerSpec: inOrder(container, CONTAINER),
    ...(restart && { RestartPolicy: inOrder(restart, RESTART) }),
  };
  const ordered: ServiceSpec = {
    ...spec,
    TaskTemplate: inOrder(TaskTemplate, TASK),
    ...(update && { UpdateConfig: inOrder(update, UPDATE) }),
    ...(rollback && { RollbackConfig: inOrder(rollback, UPDATE) }),
  };
  return inOrder(ordered, SPEC);
}
