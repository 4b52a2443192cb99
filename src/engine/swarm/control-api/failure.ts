import type { EngineResponse } from '../../docker/api.ts';
import { fail } from '../../docker/answer.ts';

/**
 * Refusals as the daemon passes them on. Those of swarmkit are gRPC's and carry their code in front
 * (moby/moby v29.7 `daemon/server/httpstatus/status.go`, `daemon/cluster/errors.go`).
 */
const STATUS = {
  InvalidArgument: 400,
  NotFound: 404,
  AlreadyExists: 409,
  PermissionDenied: 403,
  FailedPrecondition: 400,
  Unimplemented: 501,
  Unavailable: 503,
  DeadlineExceeded: 500,
  Internal: 500,
  Unknown: 500,
} as const;

export type Code = keyof typeof STATUS;

export interface Failure {
  readonly code: Code;
  readonly message: string;
}

export const failure = (code: Code, message: string): Failure => ({ code, message });

export const isFailure = (value: unknown): value is Failure =>
  typeof value === 'object' && value !== null && 'code' in value && 'message' in value;

export const refused = ({ code, message }: Failure): EngineResponse =>
  fail(STATUS[code], `rpc error: code = ${code} desc = ${message}`);

/** `notAvailableError` of the daemon itself. */
export const notAvailable = (message: string): EngineResponse => fail(503, message);

export const NO_LEADER = failure(
  'Unknown',
  "The swarm does not have a leader. It's possible that too few managers are online. Make sure " +
    'more than half of the managers are online.',
);

export const OUT_OF_SEQUENCE = failure('Unknown', 'update out of sequence');

export const NOT_A_MEMBER = 'This node is not part of a swarm';
export const ALREADY_A_MEMBER =
  'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join ' +
  'another one.';
export const JOIN_TIMEOUT =
  'Timeout was reached before node joined. The attempt to join the swarm will continue in the ' +
  'background. Use the "docker info" command to see the current swarm status of your node.';
export const LOCKED =
  'Swarm is encrypted and needs to be unlocked before it can be used. Please use "docker swarm ' +
  'unlock" to unlock it.';
export const OUTSIDE =
  'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect ' +
  'this node to swarm and try again.';
export const NOT_READY =
  'This node is not a swarm manager. Manager is being prepared or has trouble connecting to the ' +
  'cluster.';
export const WORKER =
  "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. " +
  'Please run this command on a manager node or promote the current node to a manager.';
