import { imageName } from '../../compose-file/project/names.ts';
import type { Project } from '../../compose-file/project.ts';
import type { Hook, Service } from '../../compose-file/service.ts';
import type { ContainerSummary, CreateAnswer } from '../../docker/api.ts';
import type { Compose } from '../compose.ts';
import { numberOf } from '../containers.ts';
import { DryInvocation } from '../dry-run.ts';
import { bodyOf, Failure, refuse } from '../failure.ts';
import { COMPOSE_VERSION, LABEL, labelFilter, ofProject } from '../labels.ts';
import { answerTo, listen, next, type Strand } from '../together.ts';
import { variablesOf } from './body.ts';
import { networkWish } from './networking.ts';
import { tailOf } from './said.ts';

/**
 * `pre_start`: containers that run one after the other before a service is started, with the volumes
 * of its first container and on its networks (docker/compose v5.5 `pkg/compose/pre_start.go`). What
 * fails is kept to be looked at; what succeeds is removed.
 *
 * Simplified: what a hook says is shown when it fails only. A dry run leaves hooks out.
 */
export function* runPreStart(
  compose: Compose,
  project: Project,
  service: Service,
  stopped: readonly ContainerSummary[],
): Strand {
  const { name, pre_start: hooks = [] } = service;
  if (hooks.length === 0 || compose.call instanceof DryInvocation) return;
  const several = hooks.findIndex(({ per_replica: isEach }) => isEach === true);
  if (several !== -1) {
    const what = 'per_replica is not yet supported; remove per_replica or set it to false';
    refuse(`service "${name}" pre_start[${several}]: ${what}`);
  }
  yield* removePreStart(project.name, [name]);
  const [first] = [...stopped].sort((a, b) => numberOf(a) - numberOf(b));
  for (const [at, hook] of hooks.entries()) {
    const id = yield* createHook(compose, project, service, hook, first?.Id ?? '');
    yield* runToEnd(`service "${name}" pre_start[${at}]`, id);
  }
}

/** What an earlier run left behind, of these services or of all. */
export function* removePreStart(project: string, services: readonly string[]): Strand {
  const hook = `${LABEL.hook}=${PRE_START}`;
  const wanted = services.map((name) => [`${LABEL.service}=${name}`]);
  for (const labels of wanted.length > 0 ? wanted : [[]]) {
    const query = { ...labelFilter(ofProject(project), hook, ...labels), all: '1' };
    const request = { method: 'GET', path: '/containers/json', query } as const;
    const found = bodyOf(yield* answerTo<ContainerSummary[]>(request));
    for (const { Id } of found) yield* remove(Id, true);
  }
}

const PRE_START = 'pre_start';

function* remove(id: string, force: boolean): Strand {
  const query = { v: '1', ...(force && { force: '1' }) };
  yield* answerTo({ method: 'DELETE', path: `/containers/${id}`, query });
}

function* createHook(
  compose: Compose,
  project: Project,
  service: Service,
  hook: Hook,
  volumesFrom: string,
): Strand<string> {
  const { separator } = compose;
  const place = { number: 0, separator, aliased: true, links: [] };
  const network = networkWish(project, service, place);
  const body = {
    Image: hook.image ?? imageName(project.name, service, separator),
    Cmd: hook.command ? [...hook.command] : null,
    User: hook.user ?? '',
    WorkingDir: hook.working_dir ?? '',
    Env: [...variablesOf(service), ...variablesOf(hook)],
    Labels: {
      [LABEL.project]: project.name,
      [LABEL.service]: service.name,
      [LABEL.version]: COMPOSE_VERSION,
      [LABEL.hook]: PRE_START,
    },
    HostConfig: {
      ...{ Privileged: hook.privileged ?? false, VolumesFrom: [volumesFrom] },
      NetworkMode: network.mode,
    },
    ...(network.config && { NetworkingConfig: network.config }),
  };
  const path = '/containers/create';
  return bodyOf(yield* answerTo<CreateAnswer>({ method: 'POST', path, body })).Id;
}

function* runToEnd(what: string, id: string): Strand {
  const path = `/containers/${id}`;
  const query = { condition: 'next-exit' };
  const waiting = yield* listen({ method: 'POST', path: `${path}/wait`, query });
  const started = yield* answerTo({ method: 'POST', path: `${path}/start` });
  if (started.status >= 400) yield* remove(id, true);
  bodyOf(started);
  const code = yield* exitCodeOf(waiting);
  if (code === 0) return yield* remove(id, false);
  const streams = { stdout: '1', stderr: '1' };
  const tail = yield* tailOf(
    yield* listen({ method: 'GET', path: `${path}/logs`, query: streams }),
  );
  const said = tail === '' ? '' : `: ${tail}`;
  const kept = `(hook container ${id.slice(0, 12)} retained for inspection)`;
  throw new Failure(`${what} exited with code ${code}${said} ${kept}`);
}

function* exitCodeOf(waiting: number): Strand<number> {
  for (;;) {
    const { answer } = yield* next<never, { StatusCode: number }>(waiting);
    if (answer) return bodyOf(answer).StatusCode;
  }
}
