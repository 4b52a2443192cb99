import { goTime } from '../../docker/go-time.ts';
import type { Endpoint, ServiceSpec } from '../api.ts';
import type { ServiceStatus } from '../control-api/service-status.ts';
import type { ServiceObject, UpdateStatus } from '../objects.ts';
import { metaOf, type Meta } from './meta.ts';
import { orderedSpec } from './service-order.ts';

/** `GET /services` (moby/moby v29.7 `api/types/swarm/service.go`). */
export interface ServiceWire extends Meta {
  readonly Spec: ServiceSpec;
  readonly PreviousSpec?: ServiceSpec;
  readonly Endpoint: Endpoint;
  readonly UpdateStatus?: {
    readonly State: UpdateStatus['state'];
    readonly StartedAt: string;
    readonly CompletedAt?: string;
    readonly Message: string;
  };
  readonly ServiceStatus?: ServiceStatus;
  readonly JobStatus?: {
    readonly JobIteration: { readonly Index: number };
    readonly LastExecution: string;
  };
}

/** @param spec with what was left out, where that was asked for */
export function serviceWire(
  service: ServiceObject,
  { spec = service.spec, status }: { spec?: ServiceSpec; status?: ServiceStatus } = {},
): ServiceWire {
  const { previousSpec, endpoint, update, job } = service;
  return {
    ...metaOf(service),
    Spec: orderedSpec(spec),
    ...(previousSpec && { PreviousSpec: orderedSpec(previousSpec) }),
    Endpoint: endpoint ?? { Spec: {} },
    ...(update && { UpdateStatus: updateWire(update) }),
    ...(status && { ServiceStatus: status }),
    ...(job && {
      JobStatus: {
        JobIteration: { Index: job.iteration },
        LastExecution: goTime(job.lastExecutionMs),
      },
    }),
  };
}

const updateWire = ({ state, startedAtMs, completedAtMs, message }: UpdateStatus) => ({
  State: state,
  StartedAt: goTime(startedAtMs),
  ...(completedAtMs !== undefined && { CompletedAt: goTime(completedAtMs) }),
  Message: message,
});
