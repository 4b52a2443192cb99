import type { PortConfig, ServiceSpec } from '../api.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import type { ServiceObject } from '../objects.ts';
import type { SwarmStore } from '../store.ts';
import { failure, NO_LEADER, OUT_OF_SEQUENCE, type Failure } from './failure.ts';
import { isJob, serviceProblem } from './service-validation.ts';

/** Making, changing and removing services (moby/swarmkit v2.1 `manager/controlapi/service.go`). */
export function createService(
  { store, kernel }: SwarmRooms,
  swarm: string,
  spec: ServiceSpec,
): ServiceObject | Failure {
  const problem =
    serviceProblem(spec) ??
    networkProblem(store, swarm, spec) ??
    portConflict(store, swarm, spec) ??
    fileProblem(store, swarm, spec);
  if (problem) return problem;
  if (store.named(swarm, 'service', spec.Name)) {
    const why = `name conflicts with an existing object: service ${spec.Name} already exists`;
    return failure('AlreadyExists', why);
  }
  const id = store.newId();
  const service: ServiceObject = {
    ...{ id, version: 0, createdAtMs: 0, updatedAtMs: 0, spec, specVersion: 0 },
    ...(isJob(spec) && { job: { iteration: 0, lastExecutionMs: kernel.now } }),
  };
  return store.write(swarm, [{ kind: 'service', set: service }]) ? service : NO_LEADER;
}

export interface UpdateOptions {
  /** The version of the service that the change was made from. */
  readonly version: number;
  /** Back to what it was before. */
  readonly rollback: boolean;
}

export function updateService(
  { store, kernel }: SwarmRooms,
  swarm: string,
  service: ServiceObject,
  spec: ServiceSpec,
  { version, rollback }: UpdateOptions,
): Failure | undefined {
  const problem =
    serviceProblem(spec) ??
    networkProblem(store, swarm, spec) ??
    portConflict(store, swarm, spec, service.id) ??
    fileProblem(store, swarm, spec);
  if (problem) return problem;
  if (Object.keys(spec.Mode)[0] !== Object.keys(service.spec.Mode)[0]) {
    return failure('Unimplemented', 'service mode change is not allowed');
  }
  if (spec.Name !== service.spec.Name) {
    return failure('Unimplemented', 'renaming services is not supported');
  }
  const { previousSpec, previousSpecVersion, update: _, ...rest } = service;
  if (rollback && !previousSpec) {
    return failure('FailedPrecondition', `service ${service.id} does not have a previous spec`);
  }
  if (version !== service.version) return OUT_OF_SEQUENCE;
  const before = { previousSpec: service.spec, previousSpecVersion: service.specVersion };
  const { job } = service;
  const set: ServiceObject = {
    ...rest,
    ...before,
    ...(rollback && previousSpec
      ? {
          spec: previousSpec,
          specVersion: previousSpecVersion ?? 0,
          update: {
            ...{ state: 'rollback_started', message: 'manually requested rollback' },
            startedAtMs: kernel.now,
          },
        }
      : { spec, specVersion: service.version }),
    ...(job && { job: { iteration: job.iteration + 1, lastExecutionMs: kernel.now } }),
  };
  return store.write(swarm, [{ kind: 'service', set }]) ? undefined : NO_LEADER;
}

export function removeService(
  { store }: SwarmRooms,
  swarm: string,
  { id }: ServiceObject,
): Failure | undefined {
  return store.write(swarm, [{ kind: 'service', delete: id }]) ? undefined : NO_LEADER;
}

function networkProblem(store: SwarmStore, swarm: string, spec: ServiceSpec): Failure | undefined {
  for (const { Target } of spec.TaskTemplate.Networks ?? []) {
    const network = store.get(swarm, 'network', Target);
    if (!network?.ingress) continue;
    const name = JSON.stringify(network.name);
    const why = `Service cannot be explicitly attached to the ingress network ${name}`;
    return failure('InvalidArgument', why);
  }
  return undefined;
}

const portKey = ({ Protocol, PublishedPort = 0 }: PortConfig): string =>
  `${PublishedPort}/${Protocol}`;

/** A port of the routing mesh belongs to one service; on nodes several may want the same. */
function portConflict(
  store: SwarmStore,
  swarm: string,
  spec: ServiceSpec,
  own = '',
): Failure | undefined {
  const wanted = (spec.EndpointSpec?.Ports ?? []).filter(({ PublishedPort = 0 }) => PublishedPort);
  if (wanted.length === 0) return undefined;
  const all = new Set(wanted.map(portKey));
  const isIngress = ({ PublishMode }: PortConfig): boolean => PublishMode !== 'host';
  const ingress = new Set(wanted.filter(isIngress).map(portKey));
  for (const service of store.list(swarm, 'service')) {
    if (service.id === own) continue;
    const taken = [...(service.spec.EndpointSpec?.Ports ?? []), ...(service.endpoint?.Ports ?? [])];
    for (const port of taken) {
      if (!port.PublishedPort) continue;
      const key = portKey(port);
      if (isIngress(port) ? !all.has(key) : !ingress.has(key)) continue;
      const how = isIngress(port) ? 'an ingress port' : 'a host-published port';
      const whose = `'${service.spec.Name}' (${service.id})`;
      const why = `port '${port.PublishedPort}' is already in use by service ${whose} as ${how}`;
      return failure('InvalidArgument', why);
    }
  }
  return undefined;
}

/** Secrets and configs that are not there, or are called otherwise. */
function fileProblem(store: SwarmStore, swarm: string, spec: ServiceSpec): Failure | undefined {
  const { Secrets = [], Configs = [] } = spec.TaskTemplate.ContainerSpec;
  const secrets = Secrets.filter(
    (one) => store.get(swarm, 'secret', one.SecretID)?.spec.Name !== one.SecretName,
  ).map(({ SecretName }) => SecretName);
  const configs = Configs.filter(
    (one) => store.get(swarm, 'config', one.ConfigID)?.spec.Name !== one.ConfigName,
  ).map(({ ConfigName }) => ConfigName);
  for (const [kind, missing] of [
    ['secret', secrets],
    ['config', configs],
  ] as const) {
    if (missing.length === 0) continue;
    const what = missing.length === 1 ? kind : `${kind}s`;
    return failure('InvalidArgument', `${what} not found: ${missing.join(', ')}`);
  }
  return undefined;
}
