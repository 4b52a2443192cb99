import { goTime } from '../../docker/go-time.ts';
import type { TaskWire } from '../api.ts';
import type { NetworkObject, TaskObject } from '../objects.ts';
import type { SwarmStore } from '../store.ts';
import { metaOf } from './meta.ts';

/** `GET /tasks` (moby/moby v29.7 `daemon/cluster/convert/task.go`). */
export function taskWire(store: SwarmStore, swarm: string, task: TaskObject): TaskWire {
  const { status, slot, node, jobIteration } = task;
  const { container } = status;
  return {
    ...metaOf(task),
    Labels: task.labels,
    Spec: task.spec,
    ServiceID: task.service,
    ...(slot !== 0 && { Slot: slot }),
    ...(node !== '' && { NodeID: node }),
    Status: {
      Timestamp: goTime(status.atMs),
      State: status.state,
      Message: status.message,
      ...(status.err !== undefined && status.err !== '' && { Err: status.err }),
      ...(container && {
        ContainerStatus: {
          ContainerID: container.id,
          PID: container.pid,
          ExitCode: container.exitCode,
        },
      }),
      PortStatus: status.ports ? { Ports: status.ports } : {},
    },
    DesiredState: task.desired,
    ...(task.attachments.length > 0 && {
      NetworksAttachments: task.attachments.map(({ network, addresses }) => ({
        Network: networkWire(store.get(swarm, 'network', network), network),
        ...(addresses.length > 0 && { Addresses: addresses }),
      })),
    }),
    ...(jobIteration !== undefined && { JobIteration: { Index: jobIteration } }),
  };
}

function networkWire(network: NetworkObject | undefined, id: string): object {
  if (!network) return { ID: id };
  const { name, labels, driver, options, subnet, gateway, ingress, attachable } = network;
  return {
    ...metaOf(network),
    Spec: {
      ...{ Name: name, Labels: labels, DriverConfiguration: { Name: driver } },
      ...(attachable && { Attachable: true }),
      ...(ingress && { Ingress: true }),
      Scope: 'swarm',
    },
    DriverState: { Name: driver, Options: options },
    ...(subnet !== '' && {
      IPAMOptions: {
        ...{ Driver: { Name: 'default' } },
        Configs: [{ Subnet: subnet, Gateway: gateway }],
      },
    }),
  };
}
