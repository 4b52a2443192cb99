import type { CreateBody, HostConfig, Mount, PortMap } from '../../docker/api.ts';
import { familiarString, parseReference, withDefaultTag } from '../../oci/reference.ts';
import type { ContainerSpec, PortConfig, ServiceMount, TaskSpec } from '../api.ts';
import type { TaskObject } from '../objects.ts';

/**
 * The container of a task (moby/moby v29.7 `daemon/cluster/executor/container/container.go`).
 */
const LABEL = 'com.docker.swarm';

/** The service's name, out of `SERVICE.SLOT.ID`. */
export const serviceNameOf = ({ name }: TaskObject): string => name.split('.')[0] ?? '';

/** With its tag, as people write it. */
export function imageOf(image: string): string {
  const parsed = parseReference(image);
  return parsed.ok ? familiarString(withDefaultTag(parsed.reference)) : image;
}

export function containerBody(
  task: TaskObject,
  spec: ContainerSpec,
  needs: CreateBody,
): CreateBody {
  const hostPorts = (task.endpoint?.Ports ?? []).filter(isOnHost);
  return {
    Labels: labelsOf(task, spec),
    Image: imageOf(spec.Image),
    Env: [...(spec.Env ?? [])],
    Tty: spec.TTY ?? false,
    OpenStdin: spec.OpenStdin ?? false,
    User: spec.User ?? '',
    Hostname: spec.Hostname ?? '',
    WorkingDir: spec.Dir ?? '',
    ExposedPorts: Object.fromEntries(hostPorts.map((port) => [portName(port), {}])),
    ...(spec.StopSignal !== undefined && { StopSignal: spec.StopSignal }),
    ...(spec.Healthcheck && { Healthcheck: spec.Healthcheck as CreateBody['Healthcheck'] }),
    ...commandOf(spec),
    NetworkingConfig: needs.NetworkingConfig ?? {},
    HostConfig: {
      ...hostConfigOf(task.spec, spec),
      PortBindings: bindingsOf(hostPorts),
      ...needs.HostConfig,
    },
  };
}

const isOnHost = ({ PublishMode }: PortConfig): boolean => PublishMode === 'host';

const portName = ({ TargetPort, Protocol }: PortConfig): string => `${TargetPort}/${Protocol}`;

const bindingsOf = (ports: readonly PortConfig[]): PortMap =>
  Object.fromEntries(
    ports.map((port) => [
      portName(port),
      [port.PublishedPort ? { HostPort: String(port.PublishedPort) } : {}],
    ]),
  );

/** Arguments alone are for the image's own entry point. */
function commandOf({ Command = [], Args = [] }: ContainerSpec): Partial<CreateBody> {
  if (Command.length > 0) return { Entrypoint: Command, Cmd: Args };
  return Args.length > 0 ? { Cmd: Args } : {};
}

const labelsOf = (task: TaskObject, spec: ContainerSpec): Record<string, string> => ({
  ...spec.Labels,
  ...task.labels,
  [`${LABEL}.node.id`]: task.node,
  [`${LABEL}.service.id`]: task.service,
  [`${LABEL}.service.name`]: serviceNameOf(task),
  [`${LABEL}.task`]: '',
  [`${LABEL}.task.id`]: task.id,
  [`${LABEL}.task.name`]: task.name,
});

function hostConfigOf(taskSpec: TaskSpec, spec: ContainerSpec): Partial<HostConfig> {
  const { Limits = {}, SwapBytes, MemorySwappiness } = taskSpec.Resources ?? {};
  const { Nameservers, Search, Options } = spec.DNSConfig ?? {};
  const log = taskSpec.LogDriver as { Name?: string; Options?: Record<string, string> } | undefined;
  return {
    ...(Limits.MemoryBytes !== undefined && { Memory: Limits.MemoryBytes }),
    ...(Limits.NanoCPUs !== undefined && { NanoCpus: Limits.NanoCPUs }),
    ...(Limits.Pids !== undefined && Limits.Pids > 0 && { PidsLimit: Limits.Pids }),
    ...(Limits.MemoryBytes !== undefined &&
      SwapBytes !== undefined && { MemorySwap: withSwap(Limits.MemoryBytes, SwapBytes) }),
    ...(MemorySwappiness !== undefined && { MemorySwappiness }),
    ...(spec.Ulimits && { Ulimits: spec.Ulimits }),
    ...(spec.OomScoreAdj !== undefined && { OomScoreAdj: spec.OomScoreAdj }),
    ...(spec.Groups && { GroupAdd: spec.Groups }),
    ...(spec.Mounts && { Mounts: spec.Mounts.map(mountOf) }),
    ...(spec.ReadOnly !== undefined && { ReadonlyRootfs: spec.ReadOnly }),
    ...(spec.Init !== undefined && { Init: spec.Init }),
    ...(spec.Sysctls && { Sysctls: spec.Sysctls }),
    ...(spec.CapabilityAdd && { CapAdd: spec.CapabilityAdd }),
    ...(spec.CapabilityDrop && { CapDrop: spec.CapabilityDrop }),
    ...(Nameservers && { Dns: Nameservers }),
    ...(Search && { DnsSearch: Search }),
    ...(Options && { DnsOptions: Options }),
    ...(spec.Hosts && { ExtraHosts: spec.Hosts.flatMap(extraHost) }),
    ...(log?.Name !== undefined && { LogConfig: { Type: log.Name, Config: log.Options ?? {} } }),
  };
}

/** Docker counts memory and swap as one; −1 is no limit. */
const withSwap = (memoryBytes: number, swapBytes: number): number =>
  swapBytes === -1 ? -1 : memoryBytes + swapBytes;

const mountOf = (mount: ServiceMount): Mount => mount as Mount;

/** `ADDRESS NAME` as hosts(5) has it becomes `NAME:ADDRESS`. */
function extraHost(entry: string): string[] {
  const [address = '', name] = entry.trim().split(/\s+/);
  return name === undefined ? [] : [`${name}:${address}`];
}
