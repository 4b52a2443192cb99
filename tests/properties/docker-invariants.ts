import type { ContainerInspect } from '../../src/engine/docker/api/container.ts';
import type { Session } from '../../src/engine/session.ts';
import type { World } from '../../src/engine/world.ts';

/**
 * What holds on every Docker host at every moment, whoever has typed what. Each gives what is
 * wrong, in words; an empty list is a sound host.
 */
interface Listed {
  readonly Id: string;
}

export function wrongWith({ world, machine }: Session): string[] {
  const listed = world.look<readonly Listed[]>(machine, '/containers/json', { all: '1' });
  // A daemon that is stopped tells nothing, and has nothing to be wrong about.
  if (!Array.isArray(listed)) return [];
  const containers = listed.map(({ Id }) =>
    world.look<ContainerInspect>(machine, `/containers/${Id}/json`),
  );
  return [
    ...containers.flatMap(wrongState),
    ...doubles('the address', containers.flatMap(addressesOf)),
    ...doubles('the host port', containers.flatMap(portsOf)),
    ...doubles(
      'the name',
      containers.map(({ Name }) => Name),
    ),
    ...wrongImages(world, machine),
  ];
}

/**
 * A running container has a live process; one that does not run has none and holds nothing. One
 * that is about to be restarted counts as running and has no process (moby v29
 * daemon/container/state.go: `SetRestarting`); while it is being started anew it has its address
 * already, and is said to be restarting until its process lives.
 */
function wrongState(container: ContainerInspect): string[] {
  const { State, Name, NetworkSettings, HostConfig } = container;
  const wrong: string[] = [];
  const lives = State.Running && !State.Restarting;
  if (lives !== State.Pid > 0) wrong.push(`${Name} is ${State.Status}, PID ${State.Pid}`);
  const networks = Object.entries(NetworkSettings.Networks);
  const hasAddresses = !['host', 'none'].includes(HostConfig.NetworkMode ?? '');
  for (const [name, { IPAddress }] of networks) {
    if (hasAddresses && !State.Restarting && lives !== (IPAddress !== '')) {
      wrong.push(`${Name} (${State.Status}) has "${IPAddress}" on ${name}`);
    }
  }
  const ports = Object.values(NetworkSettings.Ports ?? {});
  if (!State.Running && ports.some((bindings) => bindings?.length)) {
    wrong.push(`${Name} (${State.Status}) holds ports`);
  }
  return wrong;
}

function addressesOf({ NetworkSettings }: ContainerInspect): string[] {
  return Object.entries(NetworkSettings.Networks).flatMap(([name, { IPAddress }]) =>
    IPAddress === '' ? [] : [`${name} ${IPAddress}`],
  );
}

function portsOf({ State, NetworkSettings }: ContainerInspect): string[] {
  if (!State.Running) return [];
  return Object.entries(NetworkSettings.Ports ?? {}).flatMap(([port, bindings]) =>
    (bindings ?? []).map(({ HostIp, HostPort }) => `${HostIp}:${HostPort}/${port.split('/')[1]}`),
  );
}

function doubles(what: string, all: readonly string[]): string[] {
  const twice = all.filter((one, i) => all.indexOf(one) !== i);
  return [...new Set(twice)].map((one) => `${what} ${one} is held twice`);
}

/** Whatever has a name can be looked into: its configuration and every layer are there. */
function wrongImages(world: World, machine: string): string[] {
  const images = world.look<readonly { Id: string; Size: number }[]>(machine, '/images/json');
  return images.flatMap(({ Id, Size }) => {
    const { RootFS } = world.look<{ RootFS?: { Layers?: readonly string[] } }>(
      machine,
      `/images/${Id}/json`,
    );
    return Size > 0 && (RootFS?.Layers?.length ?? 0) > 0 ? [] : [`the image ${Id} is not whole`];
  });
}

interface Usage {
  readonly LayersSize?: number;
  readonly Images?: readonly unknown[] | null;
  readonly Containers?: readonly unknown[] | null;
  readonly Volumes?: readonly unknown[] | null;
}

/** With everything removed, nothing is left that somebody refers to: no count was forgotten. */
export function leftBehind(session: Session): unknown {
  const remove = [
    'drydock fault daemon host start',
    'docker rm -f -v $(docker ps -aq)',
    'docker system prune -a -f --volumes',
    'docker volume prune -a -f',
    'docker builder prune -a -f',
  ];
  for (const line of remove) session.type(line);
  const usage = session.world.look<Usage>(session.machine, '/system/df');
  const { LayersSize = 0, Images, Containers, Volumes } = usage;
  const left = { LayersSize, images: Images?.length ?? 0 };
  return { ...left, containers: Containers?.length ?? 0, volumes: Volumes?.length ?? 0 };
}
