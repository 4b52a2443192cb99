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

/** Counters, records and stocks that stay, and what is handed out again: none is a thing. */
const STAYS = /counts?$|pids$|last-ports$|^sim\/(trace|queue|counters)$|events$|^registry\/|freed$/;
/**
 * A fault stays until somebody mends it; what a client sent is kept for its next build. Simplified:
 * blobs and snapshots that nothing needs stay when an image was removed while a container used it,
 * or was only looked at by a build; nobody is told of them.
 */
const KEPT = [
  ...['faults', 'net/down', 'build/sent'],
  ...['containerd/content', 'containerd/sources', 'containerd/snapshots'],
];

/**
 * How many rows each table has in which something can be left behind. Those without rows are left out:
 * a swarm's tables are made when somebody first asks for one.
 */
export function rowsOf({ world }: Session): Record<string, number> {
  const tables = [...world.kernel.store.tables()];
  const counted = tables.filter(([name]) => !STAYS.test(name) && !KEPT.includes(name));
  const sizes = counted.map(([name, { size }]) => [name, size] as const);
  return Object.fromEntries(sizes.filter(([, size]) => size > 0));
}

/** Removes everything; then no table may have more rows than before anything was done. */
export function removeAll(session: Session): void {
  const remove = [
    // A daemon that is being stopped stops its containers first.
    'sleep 1m',
    'drydock fault daemon host start',
    'docker rm -f -v $(docker ps -aq)',
    'docker builder prune -a -f',
    'docker system prune -a -f --volumes',
    'docker volume prune -a -f',
    'sleep 1m',
  ];
  for (const line of remove) session.type(line);
}
