import { answer } from '../../docker/answer.ts';
import type { EngineResponse, NetworkCreateAnswer, NetworkCreateBody } from '../../docker/api.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import type { NetworkObject } from '../objects.ts';
import { compareStates } from '../task.ts';
import { ingressOf, needsIngress } from '../allocator/service-endpoint.ts';
import { failure, NO_LEADER, refused, type Failure } from './failure.ts';
import { nameProblem } from './service-validation.ts';

/** Of networks that every machine has, such as `host`: nobody may put it on another. */
const PREDEFINED_LABEL = 'com.docker.swarm.predefined';

/** Networks of a swarm, made and removed (moby/swarmkit v2.1 `manager/controlapi/network.go`). */
export function createNetwork(
  { store }: SwarmRooms,
  swarm: string,
  body: NetworkCreateBody,
): EngineResponse {
  const { Name = '', Driver = '', Ingress = false, Attachable = false, Internal = false } = body;
  const problem = networkProblem(Name, body);
  if (problem) return refused(problem);
  const present = Ingress ? ingressOf(store, swarm) : undefined;
  if (present) {
    const why = `ingress network (${present.id}) is already present`;
    return refused(failure('AlreadyExists', why));
  }
  const [pool = {}] = body.IPAM?.Config ?? [];
  const id = store.newId();
  const set: NetworkObject = {
    ...{ id, version: 0, createdAtMs: 0, updatedAtMs: 0, name: Name },
    labels: body.Labels ?? {},
    driver: Driver === '' ? 'overlay' : Driver,
    options: body.Options ?? {},
    ...{ attachable: Attachable, ingress: Ingress, internal: Internal, subnet: '', gateway: '' },
    requested: { subnet: pool.Subnet ?? '', gateway: pool.Gateway ?? '' },
  };
  if (!store.write(swarm, [{ kind: 'network', set }])) return refused(NO_LEADER);
  return answer<NetworkCreateAnswer>(201, { Id: id, Warning: '' });
}

function networkProblem(name: string, body: NetworkCreateBody): Failure | undefined {
  const { Attachable = false, Ingress = false, Labels } = body;
  if (Attachable && Ingress) {
    return failure('InvalidArgument', 'ingress network cannot be attachable');
  }
  const problem = nameProblem(name);
  if (problem || Labels?.[PREDEFINED_LABEL] === undefined) return problem;
  const why =
    `label ${PREDEFINED_LABEL} is for internally created predefined networks and cannot be ` +
    'applied by users';
  return failure('PermissionDenied', why);
}

export function removeNetwork(
  { store }: SwarmRooms,
  swarm: string,
  network: NetworkObject,
): Failure | undefined {
  const problem = network.ingress
    ? ingressUse(store.list(swarm, 'service').find(({ spec }) => needsIngress(spec))?.id)
    : useOf({ store }, swarm, network.id);
  if (problem !== undefined) return failure('FailedPrecondition', problem);
  const change = { kind: 'network', delete: network.id } as const;
  return store.write(swarm, [change]) ? undefined : NO_LEADER;
}

const ingressUse = (service: string | undefined): string | undefined =>
  service === undefined
    ? undefined
    : `ingress network cannot be removed because service ${service} depends on it`;

function useOf(
  { store }: Pick<SwarmRooms, 'store'>,
  swarm: string,
  id: string,
): string | undefined {
  const service = store
    .list(swarm, 'service')
    .find(({ spec }) => (spec.TaskTemplate.Networks ?? []).some(({ Target }) => Target === id));
  if (service) return `network ${id} is in use by service ${service.id}`;
  const task = store
    .list(swarm, 'task')
    .find(
      ({ attachments, desired, status }) =>
        attachments.some(({ network }) => network === id) &&
        compareStates(desired, 'running') <= 0 &&
        compareStates(status.state, 'running') <= 0,
    );
  return task ? `network ${id} is in use by task ${task.id}` : undefined;
}
