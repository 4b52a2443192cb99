import { goQuote } from '../../go/quote.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import type { Random } from '../../sim/random.ts';
import { generatedName } from '../../docker/names.ts';
import type { EndpointSpec, ServiceMode, ServiceSpec, UpdateConfig } from '../api.ts';

/**
 * A service's specification as it comes over the wire becomes one that says which mode it has
 * (moby/moby v29.7 `daemon/cluster/convert/service.go`). Refusals are the daemon's own.
 */
const CONDITIONS = ['', 'none', 'on-failure', 'any'];
const ACTIONS = ['', 'pause', 'continue', 'rollback'];
const ORDERS = ['', 'stop-first', 'start-first'];
const MOUNTS = ['bind', 'volume', 'tmpfs', 'npipe', 'cluster'];
const MODES = ['', 'vip', 'dnsrr'];

export function readServiceSpec(
  asked: Partial<ServiceSpec>,
  random: Random,
): ServiceSpec | Refused {
  const { TaskTemplate: task, EndpointSpec, UpdateConfig, RollbackConfig } = asked;
  const runtime = task?.Runtime ?? '';
  if (runtime !== '' && runtime !== 'container') return refuse('unsupported runtime');
  if (!task?.ContainerSpec) return refuse('mismatched Runtime and *Spec fields');
  const mount = (task.ContainerSpec.Mounts ?? []).find(({ Type }) => !MOUNTS.includes(Type));
  if (mount) return refuse(`invalid MountType: ${goQuote(mount.Type)}`);
  const { SwapBytes, Limits } = task.Resources ?? {};
  if (SwapBytes !== undefined && (Limits?.MemoryBytes ?? 0) === 0) {
    return refuse('memory swap provided, but no memory-limit was set');
  }
  const condition = task.RestartPolicy?.Condition ?? '';
  if (!CONDITIONS.includes(condition)) {
    return refuse(`invalid RestartCondition: ${goQuote(condition)}`);
  }
  const wrong = updateProblem(UpdateConfig) ?? updateProblem(RollbackConfig);
  if (wrong !== undefined) return refuse(wrong);
  const resolution = EndpointSpec?.Mode ?? '';
  if (!MODES.includes(resolution)) return refuse(`invalid resolution mode: ${goQuote(resolution)}`);
  const Mode = modeOf(asked.Mode ?? {});
  if (isRefused(Mode)) return Mode;
  const Name = asked.Name ?? '';
  return {
    ...asked,
    Name: Name === '' ? generatedName(random, 0) : Name,
    Labels: asked.Labels ?? {},
    TaskTemplate: {
      ...task,
      ...(task.RestartPolicy && {
        RestartPolicy: { ...task.RestartPolicy, Condition: task.RestartPolicy.Condition || 'any' },
      }),
      ForceUpdate: task.ForceUpdate ?? 0,
      Runtime: 'container',
    },
    Mode,
    ...(EndpointSpec && {
      EndpointSpec: { Mode: EndpointSpec.Mode || 'vip', ...portsOf(EndpointSpec) },
    }),
    ...(UpdateConfig && { UpdateConfig: spelledOut(UpdateConfig) }),
    ...(RollbackConfig && { RollbackConfig: spelledOut(RollbackConfig) }),
  };
}

const portsOf = ({ Ports = [] }: EndpointSpec): Pick<EndpointSpec, 'Ports'> =>
  Ports.length > 0 ? { Ports } : {};

/** What was left out is the first of its choices. */
const spelledOut = (config: UpdateConfig): UpdateConfig => ({
  Parallelism: config.Parallelism,
  ...(config.Delay && { Delay: config.Delay }),
  FailureAction: config.FailureAction || 'pause',
  ...(config.Monitor && { Monitor: config.Monitor }),
  MaxFailureRatio: config.MaxFailureRatio,
  Order: config.Order || 'stop-first',
});

function updateProblem(config: UpdateConfig | undefined): string | undefined {
  const action = config?.FailureAction ?? '';
  if (!ACTIONS.includes(action)) return `unrecognized update failure action ${action}`;
  const order = config?.Order ?? '';
  return ORDERS.includes(order) ? undefined : `unrecognized update order ${order}`;
}

function modeOf(mode: ServiceMode): ServiceMode | Refused {
  const { Global, Replicated, ReplicatedJob, GlobalJob } = mode;
  const given = [Global, Replicated, ReplicatedJob, GlobalJob].filter(Boolean);
  if (given.length > 1) return refuse('must specify only one service mode');
  if (Global) return { Global: {} };
  if (GlobalJob) return { GlobalJob: {} };
  if (ReplicatedJob) {
    const MaxConcurrent = ReplicatedJob.MaxConcurrent ?? 1;
    const TotalCompletions = ReplicatedJob.TotalCompletions ?? MaxConcurrent;
    return { ReplicatedJob: { MaxConcurrent, TotalCompletions } };
  }
  return { Replicated: { Replicas: Replicated?.Replicas ?? 1 } };
}
