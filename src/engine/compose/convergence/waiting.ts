import { scaleOf } from '../../compose-file/project/scale.ts';
import type { Project } from '../../compose-file/project.ts';
import type { DependencyCondition } from '../../compose-file/service.ts';
import type { ContainerInspect, ContainerSummary } from '../../docker/api.ts';
import type { Compose } from '../compose.ts';
import { isOf, isOneOff, titleOf } from '../containers.ts';
import { bodyOf, Failure, refuse } from '../failure.ts';
import { broken, done, warned, working } from '../progress/resource.ts';
import { answerTo, pause, type Strand } from '../together.ts';

/**
 * Waits until what a service depends on is as far as it has to be: every half second it is looked
 * at again (docker/compose v5.5 `pkg/compose/convergence.go` waitDependencies).
 */
export interface Awaited {
  readonly condition: DependencyCondition | 'running_or_healthy';
  readonly required: boolean;
}

const LOOK_MS = 500;

/** One dependency; undefined when there is nothing to wait for. */
export function* waitFor(
  compose: Compose,
  project: Project,
  dependent: string,
  [name, awaited]: readonly [string, Awaited],
  containers: readonly ContainerSummary[],
): Strand {
  const { progress } = compose;
  if (!shouldWait(project, name, awaited)) return;
  const own = containers.filter((one) => isOf([name])(one) && !isOneOff(one));
  yield* progress.on(...own.map((one) => working(titleOf(one), 'Waiting')));
  if (own.length === 0) {
    const text = `${dependent} is missing dependency ${name}`;
    if (awaited.required) refuse(text);
    return yield* compose.warn(text);
  }
  for (;;) {
    yield* pause(LOOK_MS);
    const isThere =
      awaited.condition === 'service_completed_successfully'
        ? yield* looksCompleted(compose, name, awaited, own)
        : yield* looksHealthy(compose, name, awaited, own);
    if (isThere) return;
  }
}

function shouldWait(
  { services, disabledServices }: Project,
  name: string,
  awaited: Awaited,
): boolean {
  if (awaited.condition === 'service_started') return false;
  const service = services[name];
  if (service) return scaleOf(service) !== 0 && !service.provider;
  return name in disabledServices ? false : refuse(`no such service: ${name}`);
}

type Look =
  | { readonly is: 'there' }
  | { readonly is: 'not yet' }
  | { readonly is: 'never'; readonly why: string };

function* look(containers: readonly ContainerSummary[], orRunning: boolean): Strand<Look> {
  for (const { Id } of containers) {
    const path = `/containers/${Id}/json`;
    const inspect = bodyOf(yield* answerTo<ContainerInspect>({ method: 'GET', path }));
    const state = stateOf(inspect, orRunning);
    if (state.is !== 'there') return state;
  }
  return { is: 'there' };
}

function stateOf({ Name, State, Config }: ContainerInspect, orRunning: boolean): Look {
  const name = Name.slice(1);
  const never = (why: string): Look => ({ is: 'never', why: `container ${name} ${why}` });
  if (State.Status === 'exited') return never(`exited (${State.ExitCode})`);
  const { Test = [] } = Config.Healthcheck ?? {};
  if (orRunning && (!Config.Healthcheck || Test[0] === 'NONE')) {
    return { is: State.Status === 'running' ? 'there' : 'not yet' };
  }
  if (!State.Health) return never('has no healthcheck configured');
  switch (State.Health.Status) {
    case 'healthy':
      return { is: 'there' };
    case 'unhealthy':
      return never('is unhealthy');
    case 'starting':
      return { is: 'not yet' };
    default:
      return never(`had unexpected health status "${State.Health.Status}"`);
  }
}

function* looksHealthy(
  compose: Compose,
  name: string,
  { condition, required }: Awaited,
  containers: readonly ContainerSummary[],
): Strand<boolean> {
  const { progress } = compose;
  const orRunning = condition === 'running_or_healthy';
  const found = yield* look(containers, orRunning);
  if (found.is === 'not yet') return false;
  if (found.is === 'there') {
    yield* progress.on(...containers.map((one) => done(titleOf(one), 'Healthy')));
    return true;
  }
  const what = orRunning ? 'is not running or is unhealthy' : 'failed to start';
  if (!required) {
    const text = `optional dependency "${name}" ${what}`;
    yield* progress.on(...containers.map((one) => warned(titleOf(one), `Skipped: ${text}`)));
    yield* compose.warn(`${text}: ${found.why}`);
    return true;
  }
  if (orRunning) throw new Failure(found.why);
  const text = `dependency ${name} failed to start`;
  yield* progress.on(...containers.map((one) => broken(titleOf(one), text)));
  throw new Failure(`dependency failed to start: ${found.why}`);
}

function* looksCompleted(
  compose: Compose,
  name: string,
  { required }: Awaited,
  containers: readonly ContainerSummary[],
): Strand<boolean> {
  const { progress } = compose;
  for (const { Id } of containers) {
    const path = `/containers/${Id}/json`;
    const { State } = bodyOf(yield* answerTo<ContainerInspect>({ method: 'GET', path }));
    if (State.Status !== 'exited') continue;
    if (State.ExitCode === 0) {
      yield* progress.on(...containers.map((one) => done(titleOf(one), 'Exited')));
      return true;
    }
    const what = `"${name}" didn't complete successfully: exit ${State.ExitCode}`;
    if (required) {
      yield* progress.on(...containers.map((one) => broken(titleOf(one), `service ${what}`)));
      throw new Failure(`service ${what}`);
    }
    const text = `optional dependency ${what}`;
    yield* progress.on(...containers.map((one) => warned(titleOf(one), `Skipped: ${text}`)));
    yield* compose.warn(text);
    return true;
  }
  return false;
}
