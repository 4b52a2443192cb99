import type {
  ContainerInspect,
  ContainerSummary,
  MountPoint,
  NetworkInspect,
  Volume,
} from '../../engine/docker/api.ts';
import type { World } from '../../engine/world.ts';
import type { NodeView } from './figure-view.ts';

/**
 * What belongs to a container, or what several share: its first process as it is seen inside and on
 * its machine, its address, a file in it, a network, a volume, a kernel. Each is looked up by the
 * names a reader would type.
 */
interface Found {
  readonly machine: string;
  readonly container: ContainerInspect;
}

/** The first answer of a daemon that has what is asked for. */
// The shape is named where the answer is read.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
function ask<T>(world: World, path: string): { machine: string; found: T } | undefined {
  for (const { name: machine, docker } of world.machines) {
    if (!docker) continue;
    const found = world.look<T & { readonly message?: string }>(machine, path);
    if (found && found.message === undefined) return { machine, found };
  }
  return undefined;
}

function inspect(world: World, name: string): Found | undefined {
  const asked = ask<ContainerInspect>(world, `/containers/${name}/json`);
  return asked && { machine: asked.machine, container: asked.found };
}

function viewOfProcess(world: World, name: string, pidOf: (hostPid: number) => number): NodeView {
  const object = `container ${name}`;
  const pid = inspect(world, name)?.container.State.Pid ?? 0;
  return pid === 0
    ? { state: 'empty', object }
    : { state: 'running', badge: `PID ${pidOf(pid)}`, object };
}

/** The network of a container's on which it has this address. */
export function networkOf(world: World, name: string, ip: unknown): string | undefined {
  const { Networks = {} } = inspect(world, name)?.container.NetworkSettings ?? {};
  return Object.entries(Networks).find(([, { IPAddress }]) => IPAddress === ip)?.[0];
}

/** A volume by its name, and the machine that has it. */
export const volumeOf = (world: World, name: string) => ask<Volume>(world, `/volumes/${name}`);

export const networkNamed = (world: World, name: string) =>
  ask<NetworkInspect>(world, `/networks/${name}`);

/** What the containers of a machine have mounted, each with the name of its container. */
export function mountsOn(
  world: World,
  machine: string,
): readonly (readonly [string, MountPoint])[] {
  const list = world.look<unknown>(machine, '/containers/json', { all: '1' });
  const containers = Array.isArray(list) ? (list as readonly ContainerSummary[]) : [];
  return containers.flatMap(({ Names, Mounts }) => {
    const name = (Names[0] ?? '').replace(/^\//, '');
    return Mounts.map((mount) => [name, mount] as const);
  });
}

/** By the kind in `%% bind node x = KIND/NAME`. */
export const containerParts: Readonly<Record<string, (world: World, name: string) => NodeView>> = {
  /** A container's first process, by its number inside. */
  process: (world, name) => viewOfProcess(world, name, () => 1),
  /** The same process, by its number on the machine. */
  'host-process': (world, name) => viewOfProcess(world, name, (pid) => pid),
  /** `CONTAINER`, or `CONTAINER:NETWORK` for one of several. */
  ip(world, which) {
    const [name = '', network] = which.split(':');
    const object = `container ${name}`;
    const { Networks = {} } = inspect(world, name)?.container.NetworkSettings ?? {};
    const endpoint = network === undefined ? Object.values(Networks)[0] : Networks[network];
    const address = endpoint?.IPAddress ?? '';
    return address === ''
      ? { state: 'empty', object }
      : { state: 'running', badge: address, object };
  },
  /** `CONTAINER:PATH` or `MACHINE:PATH`. */
  file(world, which) {
    const at = which.indexOf(':');
    const [name, path] = [which.slice(0, at), which.slice(at + 1)];
    const isMachine = world.machines.some((machine) => machine.name === name);
    const found = isMachine ? undefined : inspect(world, name);
    const place = isMachine ? name : found && `${found.machine}/${found.container.Id}`;
    const file = place !== undefined && world.files.read(place, path);
    const object = isMachine ? `component ${name}` : `container ${name}`;
    return { state: file ? 'succeeded' : 'empty', object };
  },
  network(world, name) {
    const object = `network ${name}`;
    const network = networkNamed(world, name)?.found;
    return { state: network ? 'running' : 'empty', object };
  },
  volume(world, name) {
    const object = `volume ${name}`;
    const volume = volumeOf(world, name)?.found;
    return { state: volume ? 'running' : 'empty', object };
  },
  /** A machine's, by its version. */
  kernel(world, machine) {
    const object = `component ${machine}`;
    const { KernelVersion } = world.look<{ readonly KernelVersion?: string }>(machine, '/info');
    if (KernelVersion === undefined) return { state: 'unknown', object };
    return { state: 'running', badge: KernelVersion, object };
  },
};
