import { stateOfContainer } from '../../../diagram/projection/docker-subjects.ts';
import { LABEL } from '../../../engine/compose/labels.ts';
import type {
  ContainerSummary,
  ImageSummary,
  NetworkSummary,
  Volume,
} from '../../../engine/docker/api.ts';
import type { World } from '../../../engine/world.ts';
import type { Strings } from '../../../i18n/strings.ts';
import type { ObjectRow } from './messages.ts';

/**
 * The branches of the tree that show what a machine's Docker has, and the projects and services of
 * Compose, which are labels of its containers.
 *
 * Ids: `docker|MACHINE`, `docker|MACHINE|WHAT`, `compose|MACHINE`, `compose|MACHINE|PROJECT`,
 * `compose|MACHINE|PROJECT|SERVICE`.
 */
export type GroupWord = 'containers' | 'images' | 'volumes' | 'networks' | 'compose';

/** Whether the daemon of a machine answers. */
export const hasDaemon = (world: World, machine: string): boolean =>
  Array.isArray(world.look<unknown>(machine, '/containers/json'));

/** The containers of a machine; none where its daemon is down. */
export function containersOn(world: World, machine: string): readonly ContainerSummary[] {
  const list = world.look<unknown>(machine, '/containers/json', { all: '1' });
  return Array.isArray(list) ? (list as ContainerSummary[]) : [];
}

export function dockerBranch(
  world: World,
  id: string,
  words: Strings<GroupWord>,
): readonly ObjectRow[] {
  const [head, machine = '', what, service] = id.split('|');
  if (head === 'compose') return composeRows(world, machine, what, service);
  if (what === undefined) return groups(world, machine, words);
  return rowsOf[what]?.(world, machine) ?? [];
}

function groups(world: World, machine: string, words: Strings<GroupWord>): ObjectRow[] {
  const rows = Object.entries(rowsOf).map(([what, list]): ObjectRow => {
    const count = list(world, machine).length;
    return {
      id: `docker|${machine}|${what}`,
      label: words[what as GroupWord],
      count,
      opens: count > 0,
    };
  });
  const projects = projectsOn(world, machine).length;
  if (projects === 0) return rows;
  const compose = { id: `compose|${machine}`, label: words.compose, count: projects, opens: true };
  return [compose, ...rows];
}

const rowsOf: Readonly<Record<string, (world: World, machine: string) => ObjectRow[]>> = {
  containers: (world, machine) =>
    containersOn(world, machine).map((container) => containerRow(machine, container)),
  images(world, machine) {
    const list = world.look<readonly ImageSummary[]>(machine, '/images/json');
    return listOf(list).map(({ Id, RepoTags, RepoDigests }) => {
      const label = RepoTags[0] ?? RepoDigests[0] ?? Id.slice(0, 19);
      const object = `image ${label}`;
      return { id: `${machine}|image|${Id}`, label, ref: { object, machine }, opens: false };
    });
  },
  volumes(world, machine) {
    const { Volumes } = world.look<{ Volumes?: readonly Volume[] }>(machine, '/volumes');
    return listOf(Volumes).map(({ Name, Driver }) => ({
      id: `${machine}|volume|${Name}`,
      label: Name,
      ref: { object: `volume ${Name}`, machine },
      word: Driver,
      opens: false,
    }));
  },
  networks(world, machine) {
    const list = world.look<readonly NetworkSummary[]>(machine, '/networks');
    return listOf(list).map(({ Name, Id, Driver }) => ({
      id: `${machine}|network|${Id}`,
      label: Name,
      ref: { object: `network ${Name}`, machine },
      word: Driver,
      opens: false,
    }));
  },
};

/** A daemon that is down answers with a message instead. */
const listOf = <T>(list: readonly T[] | undefined): readonly T[] =>
  Array.isArray(list) ? (list as readonly T[]) : [];

export const nameOf = ({ Names, Id }: ContainerSummary): string =>
  (Names[0] ?? Id.slice(0, 12)).replace(/^\//, '');

export function containerRow(machine: string, container: ContainerSummary): ObjectRow {
  const name = nameOf(container);
  return {
    id: `${machine}|container|${container.Id}`,
    label: name,
    ref: { object: `container ${name}`, machine },
    state: stateOfContainer(container),
    word: container.Status,
    opens: false,
  };
}

const projectsOn = (world: World, machine: string): string[] => [
  ...new Set(containersOn(world, machine).flatMap(({ Labels }) => Labels[LABEL.project] ?? [])),
];

function composeRows(
  world: World,
  machine: string,
  project: string | undefined,
  service: string | undefined,
): ObjectRow[] {
  const all = containersOn(world, machine);
  const group = (id: string, label: string, inside: readonly ContainerSummary[]): ObjectRow => {
    const running = inside.filter(({ State }) => State === 'running').length;
    return {
      ...{ id, label, count: inside.length, opens: true },
      state: running === inside.length ? 'running' : 'starting',
      word: `${running}/${inside.length}`,
    };
  };
  if (project === undefined) {
    return projectsOn(world, machine).map((name) =>
      group(`compose|${machine}|${name}`, name, of(all, LABEL.project, name)),
    );
  }
  const mine = of(all, LABEL.project, project);
  if (service !== undefined) {
    return of(mine, LABEL.service, service).map((one) => containerRow(machine, one));
  }
  const services = new Set(mine.flatMap(({ Labels }) => Labels[LABEL.service] ?? []));
  return [...services].map((name) =>
    group(`compose|${machine}|${project}|${name}`, name, of(mine, LABEL.service, name)),
  );
}

const of = (
  containers: readonly ContainerSummary[],
  label: string,
  value: string,
): ContainerSummary[] => containers.filter(({ Labels }) => Labels[label] === value);
