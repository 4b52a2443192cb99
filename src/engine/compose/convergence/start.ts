import { scaleOf } from '../../compose-file/project/scale.ts';
import type { Project } from '../../compose-file/project.ts';
import type { Service } from '../../compose-file/service.ts';
import type { ContainerSummary } from '../../docker/api.ts';
import type { Compose } from '../compose.ts';
import { containersOf, isOf, isOneOff, titleOf } from '../containers.ts';
import { bodyOf, Failure, refuse } from '../failure.ts';
import { done, working } from '../progress/resource.ts';
import { answerTo, beside, pause, until, type Crew, type Strand } from '../together.ts';
import { runHooks } from './hooks.ts';
import { injectFiles } from './inject.ts';
import { runPreStart } from './pre-start.ts';
import { waitFor, type Awaited } from './waiting.ts';

/** Starts what does not run, in order of dependency (docker/compose v5.5 `pkg/compose/start.go`). */
export interface StartWish {
  /** Waits until all run or are healthy, so many seconds at most; 0 is for ever. */
  readonly wait?: { readonly seconds: number };
}

export function* startProject(
  compose: Compose,
  crew: Crew,
  project: Project,
  { wait }: StartWish = {},
): Strand {
  const containers = yield* containersOf(compose, project.name);
  const gate = { isTaken: false };
  yield* inOrder(crew, project, (service) =>
    startService({ compose, crew, project, gate }, service, containers),
  );
  if (!wait) return;
  const awaited = Object.values(project.services).map((service) => [
    service.name,
    { condition: conditionOf(project, service.name), required: true } satisfies Awaited,
  ]) as [string, Awaited][];
  const watch = { isOver: false };
  if (wait.seconds > 0) crew.add(limit(watch, wait.seconds));
  const waits = awaited.map((one) => waitFor(compose, project, project.name, one, containers));
  yield* beside(crew, waits);
  watch.isOver = true;
}

function* limit(watch: { readonly isOver: boolean }, seconds: number): Strand {
  yield* pause(seconds * 1000);
  if (!watch.isOver) refuse(`application not healthy after ${durationText(seconds)}`);
}

/** Go's `time.Duration` of whole seconds. */
function durationText(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${tail}`;
  return minutes > 0 ? `${minutes}m${tail}` : tail;
}

/** A one-shot container that others wait for is done when it has ended well. */
function conditionOf({ services }: Project, name: string): Awaited['condition'] {
  const completed = 'service_completed_successfully';
  const isShot = Object.values(services).some(
    ({ depends_on: on = {} }) => on[name]?.condition === completed,
  );
  return isShot ? completed : 'running_or_healthy';
}

/** Each service after those that it depends on, the rest side by side. */
export function* inOrder(
  crew: Crew,
  { services }: Project,
  each: (service: Service) => Strand,
  reverse = false,
): Strand {
  const over = new Set<string>();
  const names = Object.keys(services).sort();
  const dependencies = (name: string): string[] =>
    Object.keys(services[name]?.depends_on ?? {}).filter((other) => other in services);
  const before = (name: string): string[] =>
    reverse ? names.filter((other) => dependencies(other).includes(name)) : dependencies(name);
  const strands = names.map(function* (name): Strand {
    yield* until(() => before(name).every((other) => over.has(other)));
    yield* each(services[name]!);
    over.add(name);
  });
  yield* beside(crew, strands);
}

interface Starting {
  readonly compose: Compose;
  readonly crew: Crew;
  readonly project: Project;
  /** Containers are started one at a time: the daemon gives out ports as it goes. */
  readonly gate: { isTaken: boolean };
}

function* startService(
  starting: Starting,
  service: Service,
  containers: readonly ContainerSummary[],
): Strand {
  const { compose, crew, project } = starting;
  if (service.deploy?.replicas === 0) return;
  const waits = Object.entries(service.depends_on ?? {}).map((one) =>
    waitFor(compose, project, service.name, one, containers),
  );
  yield* beside(crew, waits);
  const own = containers.filter((one) => isOf([service.name])(one) && !isOneOff(one));
  if (own.length === 0) {
    if (scaleOf(service) === 0) return;
    throw new Failure(`service "${service.name}" has no container to start`);
  }
  const stopped = own.filter(({ State }) => State !== 'running');
  // Once a service: not when one of its containers runs.
  if (stopped.length === own.length) yield* runPreStart(compose, project, service, stopped);
  for (const one of stopped) yield* startOne(starting, service, one);
}

function* startOne(
  { compose, project, gate }: Starting,
  service: Service,
  container: ContainerSummary,
): Strand {
  const { progress } = compose;
  yield* injectFiles(project, service, container.Id);
  yield* progress.on(working(titleOf(container), 'Starting'));
  yield* until(() => !gate.isTaken);
  gate.isTaken = true;
  const path = `/containers/${container.Id}/start`;
  const answer = yield* answerTo({ method: 'POST', path });
  gate.isTaken = false;
  bodyOf(answer);
  yield* runHooks(service, service.post_start, container.Id);
  yield* progress.on(done(titleOf(container), 'Started'));
}
