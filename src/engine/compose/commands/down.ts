import { imageName } from '../../compose-file/project/names.ts';
import type { Project } from '../../compose-file/project.ts';
import type { ImageSummary, NetworkInspect, NetworkSummary } from '../../docker/api.ts';
import { daemonError, failed, type Step } from '../../docker/cli/invocation.ts';
import { familiarString, parseReference, withDefaultTag } from '../../oci/reference.ts';
import { isOn, type Compose } from '../compose.ts';
import { containersOf, serviceOf } from '../containers.ts';
import { isOrphan } from '../convergence/observed.ts';
import { removePreStart } from '../convergence/pre-start.ts';
import { inOrder } from '../convergence/start.ts';
import { stopAndRemove } from '../convergence/stop.ts';
import { bodyOf, Failure, refuse } from '../failure.ts';
import { projectWithResources } from '../from-labels.ts';
import { LABEL, labelFilter, ofProject } from '../labels.ts';
import { broken, done, warned, working } from '../progress/resource.ts';
import { answerTo, beside, Crew, type Strand } from '../together.ts';
import { numberFlag, type ComposeCommand } from './command.ts';

/** `docker compose down` (docker/compose v5.5 `pkg/compose/down.go`, `image_pruner.go`). */
export interface DownWish {
  readonly name: string;
  readonly project?: Project;
  readonly services: readonly string[];
  readonly removeOrphans: boolean;
  readonly volumes: boolean;
  readonly images: string;
  readonly timeout?: number;
}

export const down: ComposeCommand = function* (compose) {
  const { flags, args, env, progress } = compose;
  const images = flags.text('rmi');
  if (!['', 'all', 'local'].includes(images)) refuse(`invalid value for --rmi: "${images}"`);
  const { project, name } = yield* compose.projectOrName(args);
  const timeout = numberFlag(compose, 'timeout');
  const removeOrphans = flags.changed('remove-orphans')
    ? flags.has('remove-orphans')
    : isOn(env.COMPOSE_REMOVE_ORPHANS ?? '');
  const wish: DownWish = {
    ...{ name, services: args, removeOrphans, images, volumes: flags.has('volumes') },
    ...(project && { project }),
    ...(timeout !== undefined && { timeout }),
  };
  yield* progress.during('down', takeDown(compose, wish));
  return 0;
};

export function* takeDown(compose: Compose, wish: DownWish): Step<void> {
  const { name, removeOrphans, volumes, timeout } = wish;
  const oneOff = removeOrphans ? 'include' : 'exclude';
  const containers = yield* containersOf(compose, name, { oneOff });
  const project = wish.project ?? (yield* projectWithResources(compose, name, containers));
  const services = wish.services.filter((service) => service in project.services);
  if (wish.services.length > 0 && services.length === 0) return;
  const ignored = (service: string): boolean =>
    services.length > 0 && !services.some((one) => reaches(project, service, one));
  const crew = new Crew(compose.call);
  const how = { volumes, ...(timeout !== undefined && { timeout }) };
  crew.add(
    inOrder(
      crew,
      project,
      function* (service) {
        if (ignored(service.name)) return;
        const own = containers.filter((one) => serviceOf(one) === service.name);
        yield* beside(
          crew,
          own.map((one) => stopAndRemove(compose, one, { ...how, service })),
        );
      },
      true,
    ),
  );
  yield* crew.run();
  const orphans = removeOrphans ? containers.filter(isOrphan(project)) : [];
  yield* allOf(
    compose,
    orphans.map((one) => stopAndRemove(compose, one, { ...how, volumes: false })),
  );
  yield* allOf(compose, [removePreStart(name, wish.services)]);
  const rest = yield* remainders(compose, project, wish);
  if (containers.length === 0 && rest.length === 0) {
    yield* compose.warn(`Warning: No resource found to remove for project "${name}".`);
  }
  yield* allOf(compose, rest);
}

/** Whether it is the service, or depends on it. */
function reaches(project: Project, from: string, to: string): boolean {
  if (from === to) return true;
  const dependencies = Object.keys(project.services[from]?.depends_on ?? {});
  return dependencies.some((name) => reaches(project, name, to));
}

function* allOf({ call }: Compose, strands: readonly Strand[]): Step<void> {
  const crew = new Crew(call);
  for (const strand of strands) crew.add(strand);
  yield* crew.run();
}

/** Networks, images and volumes: what is left when the containers are gone. */
function* remainders(compose: Compose, project: Project, wish: DownWish): Step<Strand[]> {
  const networks = Object.entries(project.networks)
    .filter(([, { external }]) => external !== true)
    .map(([key, { name = key }]) => removeNetwork(compose, project.name, key, name));
  const images = yield* imagesToRemove(compose, project, wish);
  const volumes = wish.volumes ? Object.entries(project.volumes) : [];
  return [
    ...networks,
    ...images.map((image) => removeResource(compose, `Image ${image}`, `/images/${image}`)),
    ...volumes
      .filter(([, { external }]) => external !== true)
      .map(([key, { name = key }]) => removeVolume(compose, name)),
  ];
}

function* removeNetwork(compose: Compose, project: string, key: string, name: string): Strand {
  const { progress } = compose;
  const query = labelFilter(ofProject(project), `${LABEL.network}=${key}`);
  const request = { method: 'GET', path: '/networks', query } as const;
  const found = bodyOf(yield* answerTo<NetworkSummary[]>(request));
  if (found.length === 0) return;
  const title = `Network ${name}`;
  yield* progress.on(working(title, 'Removing'));
  const own = found.filter(({ Name }) => Name === name);
  for (const { Id } of own) {
    const path = `/networks/${Id}`;
    const { Containers } = bodyOf(yield* answerTo<NetworkInspect>({ method: 'GET', path }));
    if (Object.keys(Containers ?? {}).length > 0) {
      yield* progress.on(warned(title, 'Resource is still in use'));
      continue;
    }
    const answer = yield* answerTo({ method: 'DELETE', path });
    if (failed(answer)) {
      if (answer.status === 404) continue;
      const why = daemonError(answer);
      yield* progress.on(broken(title, why));
      throw new Failure(`failed to remove network ${name}: ${why}`);
    }
    yield* progress.on(done(title, 'Removed'));
  }
  if (own.length === 0) yield* progress.on(warned(title, 'No resource found to remove'));
}

function* removeVolume(compose: Compose, name: string): Strand {
  const path = `/volumes/${name}`;
  const { status } = yield* answerTo({ method: 'GET', path });
  if (status === 404) return;
  yield* removeResource(compose, `Volume ${name}`, path, { force: '1' });
}

function* removeResource(
  { progress }: Compose,
  title: string,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Strand {
  yield* progress.on(working(title, 'Removing'));
  const answer = yield* answerTo({ method: 'DELETE', path, query });
  if (answer.status === 409) return yield* progress.on(warned(title, 'Resource is still in use'));
  if (answer.status === 404) {
    return yield* progress.on(done(title, 'Warning: No resource found to remove'));
  }
  bodyOf(answer);
  yield* progress.on(done(title, 'Removed'));
}

function* imagesToRemove(
  compose: Compose,
  project: Project,
  { images: mode, removeOrphans }: DownWish,
): Step<string[]> {
  if (mode === '') return [];
  const names = new Set<string>();
  const wanted = Object.values(project.services)
    .filter(({ image }) => (image ? mode === 'all' : true))
    .map((service) => imageName(project.name, service, compose.separator));
  for (const image of wanted) {
    const seen = yield* compose.call.get(`/images/${image}/json`);
    if (seen.status !== 404) names.add(familiar(image));
  }
  const filters = { label: { [ofProject(project.name)]: true }, dangling: { false: true } };
  const query = { filters: JSON.stringify(filters) };
  for (const { RepoTags, Labels } of yield* compose.get<ImageSummary[]>('/images/json', query)) {
    const [tag] = RepoTags ?? [];
    const isKnown = (Labels?.[LABEL.service] ?? '') in project.services;
    if (tag !== undefined && (removeOrphans || isKnown)) names.add(familiar(tag));
  }
  return [...names].sort();
}

function familiar(image: string): string {
  const parsed = parseReference(image);
  return parsed.ok ? familiarString(withDefaultTag(parsed.reference)) : image;
}
