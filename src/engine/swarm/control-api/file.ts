import { decodeBase64 } from '../../oci/base64.ts';
import type { ContainerSpec, SecretSpec } from '../api.ts';
import type { SwarmRooms } from '../managers/rooms.ts';
import type { ConfigObject, SecretObject } from '../objects.ts';
import type { Change } from '../store.ts';
import { failure, NO_LEADER, OUT_OF_SEQUENCE, type Failure } from './failure.ts';

/**
 * Secrets and configs, made, changed and removed (moby/swarmkit v2.1 `manager/controlapi/secret.go`,
 * `config.go`).
 */
export type FileKind = 'secret' | 'config';
export type FileObject = SecretObject | ConfigObject;

const NAME = /^[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?$/;
const NAME_LIMIT = 64;
/** Bytes. */
const LIMITS = { secret: 500 * 1024, config: 1000 * 1024 };

const invalid = (message: string): Failure => failure('InvalidArgument', message);

const setOf = (kind: FileKind, set: FileObject): Change =>
  kind === 'secret' ? { kind, set } : { kind, set };

function specProblem(kind: FileKind, spec: SecretSpec): Failure | undefined {
  const { Name, Data = '', Driver } = spec;
  if (Name === '') return invalid('name must be provided');
  if (Name.length > NAME_LIMIT || !NAME.test(Name)) {
    const rule = 'only 64 [a-zA-Z0-9-_.] characters allowed';
    const ends = 'and the start and end character must be [a-zA-Z0-9]';
    return invalid(`invalid name, ${rule}, ${ends}`);
  }
  if (Driver && kind === 'secret') {
    if (Driver.Name === '') return invalid('secret driver must have a name');
    return failure('Unknown', `plugin ${JSON.stringify(Driver.Name)} not found`);
  }
  const size = decodeBase64(Data)?.length ?? 0;
  if (size >= 1 && size < LIMITS[kind]) return undefined;
  return invalid(`${kind} data must be larger than 0 and less than ${LIMITS[kind]} bytes`);
}

export function createFile(
  { store }: SwarmRooms,
  swarm: string,
  kind: FileKind,
  asked: Partial<SecretSpec>,
): FileObject | Failure {
  const spec: SecretSpec = { ...asked, Name: asked.Name ?? '', Labels: asked.Labels ?? {} };
  const problem = specProblem(kind, spec);
  if (problem) return problem;
  if (store.named(swarm, kind, spec.Name)) {
    return failure('AlreadyExists', `${kind} ${spec.Name} already exists`);
  }
  const id = store.newId();
  const set: FileObject = { id, version: 0, createdAtMs: 0, updatedAtMs: 0, spec };
  return store.write(swarm, [setOf(kind, set)]) ? set : NO_LEADER;
}

/** Nothing but the labels may change. */
export function updateFile(
  { store }: SwarmRooms,
  swarm: string,
  kind: FileKind,
  file: FileObject,
  { spec, version }: { readonly spec: Partial<SecretSpec>; readonly version: number },
): Failure | undefined {
  const isOther = spec.Data !== undefined && spec.Data !== file.spec.Data;
  if (spec.Name !== file.spec.Name || isOther) return invalid('only updates to Labels are allowed');
  if (version !== file.version) return OUT_OF_SEQUENCE;
  const set = { ...file, spec: { ...file.spec, Labels: spec.Labels ?? {} } };
  return store.write(swarm, [setOf(kind, set)]) ? undefined : NO_LEADER;
}

export function removeFile(
  { store }: SwarmRooms,
  swarm: string,
  kind: FileKind,
  { id, spec }: FileObject,
): Failure | undefined {
  const users = store
    .list(swarm, 'service')
    .filter((service) => references(kind, service.spec.TaskTemplate.ContainerSpec).includes(id))
    .map((service) => service.spec.Name);
  if (users.length > 0) {
    const what = users.length === 1 ? 'service' : 'services';
    const whom = `the following ${what}: ${users.join(', ')}`;
    return invalid(`${kind} '${spec.Name}' is in use by ${whom}`);
  }
  return store.write(swarm, [kind === 'secret' ? { kind, delete: id } : { kind, delete: id }])
    ? undefined
    : NO_LEADER;
}

/** Ids of those that a container has. */
const references = (kind: FileKind, { Secrets = [], Configs = [] }: ContainerSpec): string[] =>
  kind === 'secret'
    ? Secrets.map(({ SecretID }) => SecretID)
    : Configs.map(({ ConfigID }) => ConfigID);
