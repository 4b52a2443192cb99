import type {
  ContainerInspect,
  ContainerSummary,
  NetworkSummary,
  VolumeList,
} from '../../src/engine/docker/api.ts';
import type { Session } from '../../src/engine/session.ts';
import { JOB, usedBy, type FileModel, type ServiceModel } from './compose-files.ts';

/**
 * What holds of a project after `docker compose up -d`: what runs is what the file says. Each gives
 * what is wrong, in words.
 */
const PREFIX = 'com.docker.compose';
export const PROJECT = 'app';

/** How the name of a replacement begins until the old one is gone. */
const UNFINISHED = /^[0-9a-f]{12}_/;

export interface Seen {
  readonly containers: readonly ContainerInspect[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

const labelOf = ({ Config }: ContainerInspect, name: string): string =>
  Config.Labels?.[`${PREFIX}.${name}`] ?? '';

/** All that carries the label of the project. */
export function seenOf({ world, machine }: Session, project = PROJECT): Seen {
  const query = { filters: JSON.stringify({ label: [`${PREFIX}.project=${project}`] }) };
  const summaries = world.look<unknown>(machine, '/containers/json', { ...query, all: '1' });
  // A daemon that is stopped tells nothing.
  if (!Array.isArray(summaries)) return { containers: [], networks: [], volumes: [] };
  return {
    containers: (summaries as ContainerSummary[]).map(({ Id }) =>
      world.look<ContainerInspect>(machine, `/containers/${Id}/json`),
    ),
    networks: world.look<NetworkSummary[]>(machine, '/networks', query).map(({ Name }) => Name),
    volumes: (world.look<VolumeList>(machine, '/volumes', query).Volumes ?? []).map(
      ({ Name }) => Name,
    ),
  };
}

export const isOneOff = (one: ContainerInspect): boolean => labelOf(one, 'oneoff') === 'True';
export const serviceOf = (one: ContainerInspect): string => labelOf(one, 'service');
export const nameOf = ({ Name }: ContainerInspect): string => Name.slice(1);

export const ownOf = ({ containers }: Seen, service: string): ContainerInspect[] =>
  containers.filter((one) => serviceOf(one) === service && labelOf(one, 'oneoff') === 'False');

/** What ran before a service; it goes when it has ended well. */
export const isHook = (one: ContainerInspect): boolean => labelOf(one, 'hook') !== '';

const differs = (what: string, got: unknown, wanted: unknown): string[] =>
  JSON.stringify(got) === JSON.stringify(wanted)
    ? []
    : [`${what} is ${JSON.stringify(got)}, not ${JSON.stringify(wanted)}`];

/** How a service's container is called; a replacement that was cut off keeps its first name. */
function nameProblem(one: ContainerInspect, { name, ownName }: ServiceModel): string[] {
  const wanted = ownName ?? `${PROJECT}-${name}-${labelOf(one, 'container-number')}`;
  const bare = nameOf(one).replace(UNFINISHED, '');
  return differs('the name', bare, wanted);
}

function wrongContainer(one: ContainerInspect, service: ServiceModel, hash: string): string[] {
  const { Config, HostConfig, State, Mounts, NetworkSettings } = one;
  const isJob = service.name === JOB;
  const joined = Object.keys(NetworkSettings.Networks).sort();
  const networks = service.networks.length > 0 ? service.networks : ['default'];
  const targets = service.volumes.map((text) => text.split(':').at(-1) ?? '');
  const named = Mounts.filter(({ Name = '' }) => Name.startsWith(`${PROJECT}_`));
  const wantsData = service.volumes.includes('data:/stuff');
  const has = (text: string): boolean => (Config.Env ?? []).includes(text);
  return [
    ...nameProblem(one, service),
    ...(isJob && State.Status === 'exited' && State.ExitCode === 0
      ? []
      : differs('the state', State.Status, 'running')),
    ...differs('the image', Config.Image, service.image),
    ...differs('the hash', labelOf(one, 'config-hash'), hash),
    ...(has(`MODE=${service.mode}`) ? [] : [`MODE is not ${service.mode}`]),
    ...differs('the restart policy', HostConfig.RestartPolicy?.Name, service.restart),
    ...differs('networks', joined, networks.map((key) => `${PROJECT}_${key}`).sort()),
    ...targets
      .filter((target) => !Mounts.some(({ Destination }) => Destination === target))
      .map((target) => `nothing is mounted on ${target}`),
    ...differs(
      'named volumes',
      named.map(({ Name }) => Name),
      wantsData ? ['app_data'] : [],
    ),
  ].map((text) => `${nameOf(one)}: ${text}`);
}

/** @param hashes as `docker compose config --hash '*'` gives them */
export function wrongWithProject(
  session: Session,
  file: FileModel,
  hashes: ReadonlyMap<string, string>,
): string[] {
  const seen = seenOf(session);
  const services = file.flatMap((service) => {
    const own = ownOf(seen, service.name);
    // A replacement that was cut off has the number of the one it was to replace.
    const named = own.filter((one) => !UNFINISHED.test(nameOf(one)));
    const numbers = named.map((one) => labelOf(one, 'container-number'));
    return [
      ...differs(`the count of ${service.name}`, own.length, service.count),
      ...differs(`numbers of ${service.name}`, new Set(numbers).size, numbers.length),
      ...own.flatMap((one) => wrongContainer(one, service, hashes.get(service.name) ?? '')),
      ...own.flatMap((one) => wrongImage(session, one)),
    ];
  });
  const missing = (kind: 'networks' | 'volumes'): string[] =>
    usedBy(file, kind)
      .filter((key) => !seen[kind].includes(`${PROJECT}_${key}`))
      .map((key) => `there is no ${kind} ${key}`);
  return [...services, ...missing('networks'), ...missing('volumes')];
}

/** What runs is the image that has the name now. */
function wrongImage({ world, machine }: Session, one: ContainerInspect): string[] {
  const path = `/images/${one.Config.Image}/json`;
  const { Id } = world.look<{ Id?: string }>(machine, path);
  return differs(`the image of ${nameOf(one)}`, one.Image, Id);
}

/** Who depends on another was started after it was as far as asked. */
export function wrongOrder(session: Session, file: FileModel, sinceMs: number): string[] {
  const seen = seenOf(session);
  const since = (text: string): number => Date.parse(text);
  return file.flatMap(({ name, dependsOn }) =>
    Object.entries(dependsOn).flatMap(([other, condition]) =>
      ownOf(seen, name).flatMap((one) => {
        const startedMs = since(one.State.StartedAt);
        if (startedMs < sinceMs) return [];
        return ownOf(seen, other).flatMap((before) => {
          if (since(before.State.StartedAt) < sinceMs) return [];
          const isShot = condition === 'service_completed_successfully';
          const fromMs = since(isShot ? before.State.FinishedAt : before.State.StartedAt);
          const healthyMs = since(before.State.Health?.Log?.[0]?.End ?? '');
          const readyMs = condition === 'service_healthy' ? healthyMs : fromMs;
          return readyMs <= startedMs
            ? []
            : [`${nameOf(one)} was started before ${nameOf(before)} was ready (${condition})`];
        });
      }),
    ),
  );
}
