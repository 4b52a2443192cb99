import type { Project } from '../../compose-file/project.ts';
import type { Service } from '../../compose-file/service.ts';
import type { ContainerSummary } from '../../docker/api.ts';
import { daemonError, failed } from '../../docker/cli/invocation.ts';
import type { Compose } from '../compose.ts';
import { containersOf, isOf, isOneOff, titleOf } from '../containers.ts';
import { Failure } from '../failure.ts';
import { broken, done, working } from '../progress/resource.ts';
import { answerTo, beside, type Crew, type Strand } from '../together.ts';
import { runHooks } from './hooks.ts';
import { inOrder } from './start.ts';

/** Stops containers, those first that others do not depend on (docker/compose v5.5 `stop.go`). */
export interface StopWish {
  /** None means all. */
  readonly services?: readonly string[];
  /** Seconds; each container's own when left out. */
  readonly timeout?: number;
}

export function* stopProject(
  compose: Compose,
  crew: Crew,
  project: Project,
  { services = [], timeout }: StopWish,
): Strand {
  const containers = yield* containersOf(compose, project.name);
  yield* inOrder(
    crew,
    project,
    function* (service) {
      const { name } = service;
      if (services.length > 0 && !services.includes(name)) return;
      const own = containers.filter((one) => isOf([name])(one) && !isOneOff(one));
      yield* beside(
        crew,
        own.map((one) => stopOne(compose, one, timeout, service)),
      );
    },
    true,
  );
}

export function* stopOne(
  { progress }: Compose,
  container: ContainerSummary,
  timeout: number | undefined,
  service?: Service,
): Strand {
  const title = titleOf(container);
  yield* progress.on(working(title, 'Stopping'));
  if (service && !(yield* preStop(service, container))) return;
  const query: Record<string, string> = timeout === undefined ? {} : { t: String(timeout) };
  const path = `/containers/${container.Id}/stop`;
  const answer = yield* answerTo({ method: 'POST', path, query });
  if (failed(answer)) {
    if (answer.status !== 404) yield* progress.on(broken(title, 'Error while Stopping'));
    throw new Failure(daemonError(answer), { status: answer.status });
  }
  yield* progress.on(done(title, 'Stopped'));
}

/** False when the container is not there to run them, or does not run: it is left alone. */
function* preStop(service: Service, container: ContainerSummary): Strand<boolean> {
  try {
    yield* runHooks(service, service.pre_stop, container.Id);
    return true;
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem;
    if (problem.status === 404 || problem.status === 409) return false;
    throw problem;
  }
}

export interface RemovalWish {
  readonly timeout?: number;
  /** Unnamed volumes as well. */
  readonly volumes: boolean;
  /** Whose hooks run before. */
  readonly service?: Service;
}

export function* stopAndRemove(
  compose: Compose,
  container: ContainerSummary,
  { timeout, volumes, service }: RemovalWish,
): Strand {
  const { progress } = compose;
  const title = titleOf(container);
  try {
    yield* stopOne(compose, container, timeout, service);
  } catch (problem) {
    if (!(problem instanceof Failure) || problem.status !== 404) throw problem;
    return yield* progress.on(done(title, 'Removed'));
  }
  yield* progress.on(working(title, 'Removing'));
  const query = { force: '1', ...(volumes && { v: '1' }) };
  const path = `/containers/${container.Id}`;
  const answer = yield* answerTo({ method: 'DELETE', path, query });
  if (failed(answer) && answer.status !== 404 && answer.status !== 409) {
    yield* progress.on(broken(title, 'Error while Removing'));
    throw new Failure(daemonError(answer), { status: answer.status });
  }
  yield* progress.on(done(title, 'Removed'));
}
