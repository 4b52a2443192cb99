import type { FaultKind } from './containerd/api.ts';
import type { Containerd } from './containerd/containerd.ts';
import type { Docker } from './docker/daemon.ts';
import type { Effect, FaultCall } from './faults.ts';
import type { Cluster } from './kubernetes/cluster.ts';
import { CONTROL_PLANE_PROCESSES, type ControlPlaneProcess } from './kubernetes/control-plane.ts';
import type { Link, Links } from './net/link.ts';
import type { Registries } from './oci/registry.ts';
import type { MachinePreset } from './presets.ts';
import { parseDuration } from './travel.ts';

/** What each kind of fault of faults.ts does to the rooms of a world. */
export interface FaultyRooms {
  readonly machines: readonly MachinePreset[];
  readonly links: Links;
  /** What the link of a host is when nothing is wrong with it. */
  readonly usualLinks: Readonly<Record<string, Link>>;
  readonly containerd: Containerd;
  readonly docker: Docker;
  readonly registries: Registries;
  readonly registryHosts: readonly string[];
  readonly cluster: () => Cluster | undefined;
}

/** Model figure: 1 Mbit/s and 400 ms, as over a bad line. */
const SLOW = { latencyMs: 400, bytesPerMs: 125 };

export function faultEffects(rooms: FaultyRooms): Record<string, Effect> {
  return {
    machine: machineEffect(rooms),
    container: containerEffect(rooms),
    daemon: daemonEffect(rooms),
    kubelet: kubeletEffect(rooms),
    component: componentEffect(rooms),
    link: linkEffect(rooms),
    registry: registryEffect(rooms),
    disk: diskEffect(rooms),
    memory: memoryEffect(rooms),
  };
}

const noMachine = (name: string): string => `there is no machine ${name}`;

function machineEffect({ machines, links, containerd, docker, cluster }: FaultyRooms): Effect {
  const apply = ({ names: [name = ''], action }: FaultCall): string | undefined => {
    const machine = machines.find((one) => one.name === name);
    if (!machine) return noMachine(name);
    const isUp = action === 'up';
    links.setUp(name, isUp);
    if (!isUp) {
      containerd.tasks.powerOff(name);
      docker.stopDaemon(name, { killed: true });
    } else if (machine.docker) docker.startDaemon(name);
    cluster()?.controlPlane.machineChanged(name);
    cluster()?.setSilent(name, !isUp);
    return undefined;
  };
  return { apply, holds: ({ names: [name = ''] }) => !links.isUp(name, name) };
}

/**
 * A container of the Docker where it is typed, by name or id; else one of a Pod, as
 * `[NAMESPACE/]POD/CONTAINER` or, for a Pod's first in namespace `default`, `POD`.
 */
function containerEffect({ containerd, docker, cluster }: FaultyRooms): Effect {
  /** Where it is, or why it is not to be found. */
  const find = ({ names: [name = ''], machine }: FaultCall) => {
    const found = docker.containers.lookup(machine, name);
    if (!('message' in found)) return { machine, id: found.id };
    return containerOfPod(cluster(), name) ?? found.message;
  };
  return {
    apply: (call) => {
      const place = find(call);
      if (typeof place === 'string') return place;
      const kind = call.action === 'mend' ? 'none' : (call.action as FaultKind);
      const answer = containerd.answer(place.machine, { op: 'fault', id: place.id, kind });
      return answer.ok ? undefined : answer.message;
    },
    holds: (call) => {
      const place = find(call);
      if (typeof place === 'string') return false;
      return containerd.tasks.faultOf(place.machine, place.id) === call.action;
    },
  };
}

/** Where a Pod's container runs, and its id there; undefined when there is none such. */
function containerOfPod(
  cluster: Cluster | undefined,
  path: string,
): { readonly machine: string; readonly id: string } | undefined {
  const words = path.split('/');
  const [namespace, name = '', container] = words.length > 2 ? words : ['default', ...words];
  const pod = cluster?.client('client').get('pods', namespace ?? '', name);
  const { initContainerStatuses = [], containerStatuses = [] } = pod?.status ?? {};
  const chosen = container ?? pod?.spec.containers[0]?.name;
  const status = [...containerStatuses, ...initContainerStatuses].find(
    (one) => one.name === chosen,
  );
  const id = status?.containerID?.replace('containerd://', '');
  const machine = pod?.spec.nodeName;
  return id !== undefined && machine !== undefined ? { machine, id } : undefined;
}

function daemonEffect({ machines, docker }: FaultyRooms): Effect {
  return {
    apply: ({ names: [name = ''], action }) => {
      if (!machines.some((one) => one.name === name && one.docker)) {
        return `there is no Docker on a machine ${name}`;
      }
      if (action === 'stop') docker.stopDaemon(name);
      else docker.startDaemon(name);
      return undefined;
    },
    holds: ({ names: [name = ''] }) => docker.containers.phase(name) !== 'up',
  };
}

function kubeletEffect({ machines, cluster }: FaultyRooms): Effect {
  return {
    apply: ({ names: [name = ''], action }) => {
      if (!machines.some((one) => one.name === name && one.node)) return `there is no node ${name}`;
      cluster()?.setSilent(name, action === 'stop');
      return undefined;
    },
    holds: ({ names: [name = ''] }) => cluster()?.isSilent(name) ?? false,
  };
}

/** `kube-scheduler` wherever it runs, or `kube-scheduler-control-2` on one machine. */
function componentEffect({ cluster }: FaultyRooms): Effect {
  const find = (asked: string | undefined): [ControlPlaneProcess, string][] => {
    const machines = cluster()?.controlPlane.machines ?? [];
    return CONTROL_PLANE_PROCESSES.flatMap((process) =>
      machines.map((machine): [ControlPlaneProcess, string] => [process, machine]),
    ).filter(([process, machine]) => [process, `${process}-${machine}`].includes(asked ?? ''));
  };
  return {
    apply: ({ names: [name = ''], action }) => {
      const found = cluster();
      if (!found) return 'this world has no cluster';
      const meant = find(name);
      if (meant.length === 0) {
        const [machine = ''] = found.controlPlane.machines;
        const all = CONTROL_PLANE_PROCESSES.join(', ');
        return `there is no component ${name}; there are ${all}, or one of them: etcd-${machine}`;
      }
      for (const [process, machine] of meant) {
        found.setProcess(process, machine, action === 'start');
      }
      return undefined;
    },
    holds: ({ names: [name] }) =>
      find(name).some(([process, machine]) => cluster()?.controlPlane.isStopped(process, machine)),
    meant: ([name]) => find(name).map(([process, machine]) => [`${process}-${machine}`]),
  };
}

/** The longest that a packet is under way: longer than anybody waits. */
const LATENCY_LIMIT_MS = 60_000;

function linkEffect({ machines, links, registryHosts, usualLinks }: FaultyRooms): Effect {
  return {
    apply: ({ names: [a = '', b = ''], action, amount = '' }) => {
      const outside = [...registryHosts, ...Object.keys(usualLinks)];
      const ends = [...machines.map(({ name }) => name), ...outside];
      const unknown = [a, b].find((end) => !ends.includes(end));
      if (unknown !== undefined) return `there is nothing called ${unknown}`;
      if (a === b) return `a link has two ends, and ${a} is one`;
      const latencyMs = action === 'latency' ? parseDuration(amount) : undefined;
      if (action === 'latency' && (latencyMs === undefined || latencyMs > LATENCY_LIMIT_MS)) {
        return 'latency wants a time one way such as 250ms or 1.5s, at most 60s';
      }
      links.setLatency(a, b, latencyMs);
      links[action === 'cut' ? 'cut' : 'mend'](a, b);
      return undefined;
    },
    holds: ({ names: [a = '', b = ''], action, amount = '' }) =>
      action === 'cut' ? links.isCut(a, b) : links.latencyOf(a, b) === parseDuration(amount),
  };
}

function registryEffect({ links, registries, registryHosts, usualLinks }: FaultyRooms): Effect {
  return {
    apply: ({ names: [name = ''], action }) => {
      if (!registryHosts.includes(name)) return `there is no registry ${name}`;
      links.setUp(name, action !== 'down');
      links.setEnd(name, action === 'slow' ? SLOW : usualLinks[name]);
      const fault = action === 'rate-limit' || action === 'unauthorized' ? action : undefined;
      registries.setFault(name, fault);
      return undefined;
    },
    holds: () => true,
  };
}

function diskEffect({ machines, containerd, cluster }: FaultyRooms): Effect {
  return {
    apply: ({ names: [name = ''], action }) => {
      if (!machines.some((one) => one.name === name)) return noMachine(name);
      containerd.content.disks.setSlow(name, action === 'slow');
      cluster()?.controlPlane.setSlowDisk(name, action === 'slow');
      containerd.space.fill(name, action === 'fill');
      return undefined;
    },
    holds: () => true,
  };
}

function memoryEffect({ machines, containerd }: FaultyRooms): Effect {
  return {
    apply: ({ names: [name = ''], action }) => {
      if (!machines.some((one) => one.name === name)) return noMachine(name);
      containerd.fillMemory(name, action === 'fill');
      return undefined;
    },
    holds: () => true,
  };
}
