import { isRefused } from '../../go/refused.ts';
import { goQuote } from '../../go/quote.ts';
import { parseReference } from '../../oci/reference.ts';
import { expandSpec } from '../agent/expand.ts';
import type {
  ContainerSpec,
  EndpointSpec,
  FileTarget,
  HealthConfig,
  Resources,
  ServiceSpec,
  TaskSpec,
  UpdateConfig,
} from '../api.ts';
import type { TaskObject } from '../objects.ts';
import { parseConstraint } from '../scheduler/constraint.ts';
import { failure, type Failure } from './failure.ts';

/** What a service may be (moby/swarmkit v2.1 `manager/controlapi/service.go`, `common.go`). */
type Problem = Failure | undefined;

const NAME = /^[a-zA-Z0-9](?:[-_]*[A-Za-z0-9]+)*$/;
const NAME_LIMIT = 63;
const MIN_NANO_CPUS = 1e6;
const NANO = 1e9;
const MIN_MEMORY = 4 * 1024 * 1024;
const MIN_DURATION_NS = 1_000_000;

const invalid = (message: string): Failure => failure('InvalidArgument', message);

export function serviceProblem(spec: ServiceSpec): Problem {
  return (
    nameProblem(spec.Name) ??
    taskProblem(spec.TaskTemplate, spec.Name) ??
    modeProblem(spec) ??
    (isJob(spec) && spec.UpdateConfig
      ? invalid('Jobs may not have an update config')
      : updateProblem(spec.UpdateConfig)) ??
    endpointProblem(spec.EndpointSpec)
  );
}

export const isJob = ({ Mode }: ServiceSpec): boolean =>
  Mode.ReplicatedJob !== undefined || Mode.GlobalJob !== undefined;

/** What is wrong with the name of a service or network. */
export function nameProblem(name: string): Problem {
  if (name === '') return invalid('meta: name must be provided');
  if (!NAME.test(name)) return invalid('name must be valid as a DNS name component');
  return name.length > NAME_LIMIT ? invalid('name must be 63 characters or fewer') : undefined;
}

function taskProblem(task: TaskSpec, name: string): Problem {
  const { Resources, RestartPolicy, Placement, ContainerSpec: container } = task;
  const negative = (['Delay', 'Window'] as const).find((key) => (RestartPolicy?.[key] ?? 0) < 0);
  const resources = resourceProblem(Resources?.Limits) ?? resourceProblem(Resources?.Reservations);
  if (resources) return resources;
  if (negative) return invalid(`TaskSpec: restart-${negative.toLowerCase()} cannot be negative`);
  for (const text of Placement?.Constraints ?? []) {
    const constraint = parseConstraint(text);
    if (isRefused(constraint)) return failure('Unknown', constraint.refused);
  }
  return (
    referenceProblem('secret', secretsOf(container)) ??
    referenceProblem('config', configsOf(container)) ??
    containerProblem(task, name)
  );
}

function resourceProblem({ NanoCPUs = 0, MemoryBytes = 0 }: Resources = {}): Problem {
  if (NanoCPUs !== 0 && NanoCPUs < MIN_NANO_CPUS) {
    return invalid(`invalid cpu value ${shortest(NanoCPUs / NANO)}: Must be at least 0.001`);
  }
  return MemoryBytes !== 0 && MemoryBytes < MIN_MEMORY
    ? invalid(`invalid memory value ${MemoryBytes}: Must be at least 4MiB`)
    : undefined;
}

/** Go's `%g`: an exponent below 10⁻⁴. */
function shortest(value: number): string {
  if (value >= 1e-4 || value === 0) return String(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}

interface Reference {
  readonly id: string;
  readonly name: string;
  readonly file: FileTarget | undefined;
}

const secretsOf = ({ Secrets = [] }: ContainerSpec): Reference[] =>
  Secrets.map(({ SecretID, SecretName, File }) => ({ id: SecretID, name: SecretName, file: File }));

const configsOf = ({ Configs = [] }: ContainerSpec): Reference[] =>
  Configs.map(({ ConfigID, ConfigName, File }) => ({ id: ConfigID, name: ConfigName, file: File }));

function referenceProblem(kind: 'secret' | 'config', references: readonly Reference[]): Problem {
  const targets = new Map<string, string>();
  for (const { id, name, file } of references) {
    if (!id || !name) return invalid(`malformed ${kind} reference`);
    if (!file) return invalid(`malformed ${kind} reference, no target provided`);
    if (file.Name === '') {
      const what = kind === 'secret' ? 'file secret' : 'file config';
      return invalid(`malformed ${what} reference, invalid target file name provided`);
    }
    const other = targets.get(file.Name);
    if (other !== undefined) {
      const both = `'${other}' and '${name}'`;
      return invalid(`${kind} references ${both} have a conflicting target: '${file.Name}'`);
    }
    targets.set(file.Name, name);
  }
  return undefined;
}

/** Somebody to fill templates in for, to see whether they can be filled in. */
const DUMMY_NODE = {
  ...{ id: 'nodeid', hostname: 'nodeHostname', architecture: 'architecture', os: 'os' },
};

function containerProblem(task: TaskSpec, name: string): Problem {
  const dummy = {
    id: 'taskid',
    service: 'serviceid',
    slot: 1,
    name: `${name}.1.taskid`,
    spec: task,
  };
  const filled = expandSpec(dummy as TaskObject, DUMMY_NODE);
  if (isRefused(filled)) return invalid(filled.refused);
  const { Image, Mounts = [], Healthcheck } = filled;
  if (!Image) return invalid('ContainerSpec: image reference must be provided');
  if (!parseReference(Image).ok) {
    return invalid(`ContainerSpec: ${goQuote(Image)} is not a valid repository/tag`);
  }
  const targets = Mounts.map(({ Target }) => Target);
  const twice = targets.find((target, i) => targets.indexOf(target) !== i);
  if (twice !== undefined) return invalid(`ContainerSpec: duplicate mount point: ${twice}`);
  return Healthcheck && healthProblem(Healthcheck);
}

function healthProblem(check: HealthConfig): Problem {
  for (const key of ['Interval', 'Timeout', 'StartPeriod', 'StartInterval'] as const) {
    const value = check[key] ?? 0;
    if (value !== 0 && value < MIN_DURATION_NS) {
      const shown = key === 'StartInterval' ? 'StartInterval' : key;
      return invalid(`ContainerSpec: ${shown} in HealthConfig cannot be less than 1ms`);
    }
  }
  return (check.Retries ?? 0) < 0
    ? invalid('ContainerSpec: Retries in HealthConfig cannot be negative')
    : undefined;
}

function modeProblem({ Mode }: ServiceSpec): Problem {
  if ((Mode.Replicated?.Replicas ?? 0) < 0) {
    return invalid('Number of replicas must be non-negative');
  }
  if ((Mode.ReplicatedJob?.MaxConcurrent ?? 0) < 0) {
    return invalid('Maximum concurrent jobs must not be negative');
  }
  return (Mode.ReplicatedJob?.TotalCompletions ?? 0) < 0
    ? invalid('Total completed jobs must not be negative')
    : undefined;
}

function updateProblem(config: UpdateConfig | undefined): Problem {
  if (!config) return undefined;
  if ((config.Delay ?? 0) < 0) return invalid('TaskSpec: update-delay cannot be negative');
  if ((config.Monitor ?? 0) < 0) return invalid('TaskSpec: update-monitor cannot be negative');
  return config.MaxFailureRatio < 0 || config.MaxFailureRatio > 1
    ? invalid('TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1')
    : undefined;
}

function endpointProblem(endpoint: EndpointSpec | undefined): Problem {
  const seen = new Set<string>();
  for (const { PublishMode, PublishedPort = 0, Protocol } of endpoint?.Ports ?? []) {
    if (endpoint?.Mode === 'dnsrr' && PublishMode !== 'host') {
      const why = "port published with ingress mode can't be used with dnsrr mode";
      return invalid(`EndpointSpec: ${why}`);
    }
    const key = `${PublishedPort}/${Protocol}`;
    if (PublishedPort !== 0 && seen.has(key)) {
      return invalid('EndpointSpec: duplicate published ports provided');
    }
    seen.add(key);
  }
  return undefined;
}
