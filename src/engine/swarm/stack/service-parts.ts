import type { HealthCheck, Service } from '../../compose-file/service.ts';
import type { Resource, Resources, UpdateConfig } from '../../compose-file/service-deploy.ts';
import type { ServicePort } from '../../compose-file/service-attachments.ts';
import { parseRestart } from '../../docker/cli/options/restart.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import type {
  EndpointSpec,
  HealthConfig,
  PortConfig,
  RestartPolicy,
  ServiceMode,
  TaskSpec,
  Ulimit,
  UpdateConfig as UpdateSpec,
} from '../api.ts';

/**
 * Parts of a stack's service as the swarm wants them (docker/cli v29.7
 * `cli/compose/convert/service.go`).
 */
const NANO = 1e9;

export function modeOf({
  mode = '',
  replicas,
}: Partial<Service['deploy']> & object): ServiceMode | Refused {
  const given = replicas === undefined ? {} : { Replicas: replicas };
  switch (mode) {
    case 'global':
    case 'global-job':
      if (replicas !== undefined) {
        return refuse('replicas can only be used with replicated or replicated-job mode');
      }
      return mode === 'global' ? { Global: {} } : { GlobalJob: {} };
    case 'replicated-job':
      return {
        ReplicatedJob: {
          ...(replicas !== undefined && { MaxConcurrent: replicas, TotalCompletions: replicas }),
        },
      };
    case 'replicated':
    case '':
      return { Replicated: given };
    default:
      return refuse(`unknown mode: ${mode}`);
  }
}

/** Without a policy of the swarm's, the one that Compose knows. */
export function restartPolicyOf({
  restart = '',
  deploy,
}: Pick<Service, 'restart' | 'deploy'>): RestartPolicy | undefined | Refused {
  const own = deploy?.restart_policy;
  if (own) {
    const { condition, delay, max_attempts: attempts, window } = own;
    return {
      ...(condition && { Condition: condition as NonNullable<RestartPolicy['Condition']> }),
      ...(delay !== undefined && { Delay: delay }),
      ...(attempts !== undefined && { MaxAttempts: attempts }),
      ...(window !== undefined && { Window: window }),
    };
  }
  if (restart === '') return undefined;
  const policy = parseRestart(restart);
  if (isRefused(policy)) return policy;
  const { Name, MaximumRetryCount: count } = policy;
  if (count < 0) return refuse('invalid restart policy: maximum retry count cannot be negative');
  const attempts = count > 0 ? { MaxAttempts: count } : {};
  if (Name === 'no' || Name === '') return undefined;
  if (Name === 'always' || Name === 'unless-stopped') return { Condition: 'any', ...attempts };
  if (Name === 'on-failure') return { Condition: 'on-failure', ...attempts };
  const known = `(must be one of 'no', 'always', 'on-failure', or 'unless-stopped')`;
  return refuse(`invalid restart policy: unknown policy '${Name}' ${known}`);
}

export function updateConfigOf(config: UpdateConfig | undefined): UpdateSpec | undefined {
  if (!config) return undefined;
  const { parallelism = 1, delay, failure_action: action, monitor, order } = config;
  return {
    Parallelism: parallelism,
    ...(delay && { Delay: delay }),
    ...(action && { FailureAction: action as NonNullable<UpdateSpec['FailureAction']> }),
    ...(monitor && { Monitor: monitor }),
    MaxFailureRatio: config.max_failure_ratio ?? 0,
    ...(order && { Order: order as NonNullable<UpdateSpec['Order']> }),
  };
}

export function resourcesOf({ limits, reservations }: Resources = {}): NonNullable<
  TaskSpec['Resources']
> {
  const generic = reservations?.generic_resources?.map(({ discrete_resource_spec: discrete }) => ({
    DiscreteResourceSpec: { Kind: discrete?.kind ?? '', Value: discrete?.value ?? 0 },
  }));
  const amounts = ({ cpus, memory }: Resource) => ({
    ...(cpus && { NanoCPUs: Math.round(cpus * NANO) }),
    ...(memory && { MemoryBytes: memory }),
  });
  return {
    ...(limits && {
      Limits: { ...amounts(limits), ...(limits.pids && { Pids: limits.pids }) },
    }),
    ...(reservations && {
      Reservations: { ...amounts(reservations), ...(generic && { GenericResources: generic }) },
    }),
  };
}

/** By their names. */
export const ulimitsOf = ({ ulimits = {} }: Pick<Service, 'ulimits'>): Ulimit[] =>
  Object.entries(ulimits)
    .map(([Name, { single, soft = 0, hard = 0 }]) =>
      single ? { Name, Hard: single, Soft: single } : { Name, Hard: hard, Soft: soft },
    )
    .sort((a, b) => (a.Name < b.Name ? -1 : 1));

/** Ports in the order of what is published. */
export function endpointOf(mode = '', ports: readonly ServicePort[] = []): EndpointSpec {
  const converted = ports.map(({ protocol, target, published = '', mode: how }): PortConfig => ({
    Protocol: (protocol ?? 'tcp') as PortConfig['Protocol'],
    TargetPort: target,
    ...(Number(published) > 0 && { PublishedPort: Number(published) }),
    PublishMode: how === 'host' ? 'host' : 'ingress',
  }));
  const order = (text: string, other: string): number => (text < other ? -1 : text > other ? 1 : 0);
  const Ports = converted.sort(
    (a, b) =>
      (a.PublishedPort ?? 0) - (b.PublishedPort ?? 0) ||
      a.TargetPort - b.TargetPort ||
      order(a.Protocol, b.Protocol) ||
      order(a.PublishMode, b.PublishMode),
  );
  const lower = mode.toLowerCase();
  return {
    ...(lower !== '' && { Mode: lower as NonNullable<EndpointSpec['Mode']> }),
    ...(Ports.length > 0 && { Ports }),
  };
}

export function healthcheckOf(check: HealthCheck | undefined): HealthConfig | undefined | Refused {
  if (!check) return undefined;
  if (check.disable) {
    return (check.test ?? []).length > 0
      ? refuse("test and disable can't be set at the same time")
      : { Test: ['NONE'] };
  }
  const { test, interval, timeout, start_period: period, start_interval: first, retries } = check;
  return {
    ...(test && { Test: test }),
    ...(interval && { Interval: interval }),
    ...(timeout && { Timeout: timeout }),
    ...(period && { StartPeriod: period }),
    ...(first && { StartInterval: first }),
    ...(retries && { Retries: retries }),
  };
}

const ALL = 'ALL';

/** What is added is not dropped; `ALL` says it all (docker/cli v29.7 `opts/capabilities.go`). */
export function capabilitiesOf({ cap_add: add = [], cap_drop: drop = [] }: Service) {
  const [added, dropped] = [normalized(add), normalized(drop)];
  const left = dropped.filter((one) => !added.includes(one));
  return {
    ...(added.length > 0 && { CapabilityAdd: added }),
    ...(left.length > 0 && { CapabilityDrop: left }),
  };
}

function normalized(names: readonly string[]): string[] {
  const all = names
    .map((name) => name.trim().toUpperCase())
    .map((name) => (name === ALL || name.startsWith('CAP_') ? name : `CAP_${name}`));
  return all.includes(ALL) ? [ALL] : [...new Set(all)].sort();
}
