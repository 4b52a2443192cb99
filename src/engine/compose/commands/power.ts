import {
  selectedNames,
  withSelectedServices,
  withServicesEnabled,
} from '../../compose-file/project/profiles.ts';
import type { Project } from '../../compose-file/project.ts';
import type { Service } from '../../compose-file/service.ts';
import type { ContainerInspect, ContainerSummary } from '../../docker/api.ts';
import { daemonError, failed, type Step } from '../../docker/cli/invocation.ts';
import type { Compose } from '../compose.ts';
import { containersOf, isOf, nameOf, titleOf } from '../containers.ts';
import { confirm } from '../convergence/create.ts';
import { runHooks } from '../convergence/hooks.ts';
import { inOrder, startProject } from '../convergence/start.ts';
import { stopProject } from '../convergence/stop.ts';
import { waitFor } from '../convergence/waiting.ts';
import { DryInvocation } from '../dry-run.ts';
import { bodyOf, Failure, refuse } from '../failure.ts';
import { projectOfContainers, projectWithResources } from '../from-labels.ts';
import { broken, done, working } from '../progress/resource.ts';
import { answerTo, beside, Crew, together, type Strand } from '../together.ts';
import { numberFlag, type ComposeCommand } from './command.ts';
import { takeDown } from './down.ts';

/** Commands that start and stop what is there (docker/compose v5.5 `pkg/compose/*.go`). */
function* projectAndName(compose: Compose, services: readonly string[]) {
  const { project, name } = yield* compose.projectOrName(services);
  if (project) return { project, name };
  const containers = yield* containersOf(compose, name);
  return { project: yield* projectWithResources(compose, name, containers), name };
}

export const start: ComposeCommand = function* (compose) {
  const { flags, args, progress, call } = compose;
  const { project: read, name } = yield* compose.projectOrName(args);
  let project = read;
  if (!project) {
    const containers = yield* containersOf(compose, name);
    if (containers.length === 0) refuse(`no container found for project "${name}": not found`);
    project = projectOfContainers(name, containers);
    const unknown = args.find((one) => !(one in project!.services));
    if (unknown !== undefined) refuse(`no such service: "${unknown}": not found`);
    project = withSelectedServices(project, args);
  }
  const crew = new Crew(call);
  const seconds = numberFlag(compose, 'wait-timeout') ?? 0;
  crew.add(startProject(compose, crew, project, flags.has('wait') ? { wait: { seconds } } : {}));
  yield* progress.during('start', crew.run());
  return 0;
};

export const stop: ComposeCommand = function* (compose) {
  const { args } = compose;
  const { project } = yield* projectAndName(compose, args);
  yield* compose.progress.during('stop', stopAll(compose, project, args));
  return 0;
};

function* stopAll(compose: Compose, project: Project, services: readonly string[]): Step<void> {
  const timeout = numberFlag(compose, 'timeout');
  const crew = new Crew(compose.call);
  const wish = { services, ...(timeout !== undefined && { timeout }) };
  crew.add(stopProject(compose, crew, project, wish));
  yield* crew.run();
}

export const restart: ComposeCommand = function* (compose) {
  const { flags, args, call } = compose;
  const { project: read, name } = yield* compose.projectOrName();
  const containers = yield* containersOf(compose, name);
  let project = read
    ? withServicesEnabled(read, args)
    : yield* projectWithResources(compose, name, containers);
  if (flags.has('no-deps')) {
    project = withSelectedServices(project, args, 'none');
  }
  project = restartingTogether(project);
  if (args.length > 0) {
    const names = selectedNames(project, args, 'dependents');
    const kept = Object.entries(project.services).filter(([name]) => names.has(name));
    project = { ...project, services: Object.fromEntries(kept) };
  }
  const timeout = numberFlag(compose, 'timeout');
  const crew = new Crew(call);
  crew.add(
    inOrder(crew, project, (service) =>
      restartService(compose, crew, project, service, containers, timeout),
    ),
  );
  yield* compose.progress.during('restart', crew.run());
  return 0;
};

/** Only dependencies that say `restart: true` matter. */
function restartingTogether(project: Project): Project {
  const services = Object.entries(project.services).map(([name, service]) => {
    const { depends_on: on, ...rest } = service;
    const kept = Object.entries(on ?? {}).filter(([, one]) => one.restart === true);
    return [name, { ...rest, depends_on: Object.fromEntries(kept) }];
  });
  return { ...project, services: Object.fromEntries(services) as Project['services'] };
}

function* restartService(
  compose: Compose,
  crew: Crew,
  project: Project,
  service: Service,
  containers: readonly ContainerSummary[],
  timeout: number | undefined,
): Strand {
  const { progress } = compose;
  const { name, depends_on: on = {} } = service;
  const inProject = Object.entries(on).filter(([other]) => other in project.services);
  yield* beside(
    crew,
    inProject.map((one) => waitFor(compose, project, name, one, containers)),
  );
  const query: Record<string, string> = timeout === undefined ? {} : { t: String(timeout) };
  const own = containers.filter(isOf([name])).map(function* (one): Strand {
    yield* runHooks(service, service.pre_stop, one.Id);
    yield* progress.on(working(titleOf(one), 'Restarting'));
    const path = `/containers/${one.Id}/restart`;
    bodyOf(yield* answerTo({ method: 'POST', path, query }));
    yield* progress.on(done(titleOf(one), 'Started'));
    yield* runHooks(service, service.post_start, one.Id);
  });
  yield* beside(crew, own);
}

export const kill: ComposeCommand = function* (compose) {
  const { flags, args, call, progress } = compose;
  const { project, name } = yield* projectAndName(compose, args);
  const all = yield* containersOf(compose, name, { oneOff: 'include', all: false, services: args });
  const names = Object.keys(project.services);
  const found = flags.has('remove-orphans') ? all : all.filter(isOf(names));
  if (found.length === 0) {
    yield* call.err('No container to kill\n');
    return 0;
  }
  const query = { signal: flags.text('signal', 'SIGKILL') };
  const strands = found.map(function* (one): Strand {
    yield* progress.on(working(titleOf(one), 'Killing'));
    const path = `/containers/${one.Id}/kill`;
    const answer = yield* answerTo({ method: 'POST', path, query });
    if (failed(answer)) yield* progress.on(broken(titleOf(one), 'Error while Killing'));
    bodyOf(answer);
    yield* progress.on(done(titleOf(one), 'Killed'));
  });
  yield* progress.during('kill', run(compose, strands));
  return 0;
};

function* run({ call }: Compose, strands: readonly Strand[]): Step<void> {
  yield* together(call, strands);
}

const freeze = (verb: 'pause' | 'unpause', text: string): ComposeCommand =>
  function* (compose) {
    const { args, progress } = compose;
    const { project, name } = yield* compose.projectOrName(args);
    const all = yield* containersOf(compose, name, { all: false, services: args });
    const found = project ? all.filter(isOf(Object.keys(project.services))) : all;
    const strands = found.map(function* (one): Strand {
      bodyOf(yield* answerTo({ method: 'POST', path: `/containers/${one.Id}/${verb}` }));
      yield* progress.on(done(titleOf(one), text));
    });
    yield* progress.during(verb, run(compose, strands));
    return 0;
  };

export const pause = freeze('pause', 'Paused');
export const unpause = freeze('unpause', 'Unpaused');

export const rm: ComposeCommand = function* (compose) {
  const { flags, args, call, progress } = compose;
  const { project: read, name } = yield* compose.projectOrName(args);
  if (flags.has('stop')) {
    const project = read ?? (yield* projectAndName(compose, args)).project;
    yield* progress.during('stop', stopAll(compose, project, args));
  }
  const all = yield* containersOf(compose, name, { services: args });
  const own = read ? all.filter(isOf(Object.keys(read.services))) : all;
  const isPretended = flags.has('stop') && call instanceof DryInvocation;
  const stopped: ContainerSummary[] = [];
  for (const one of own) {
    const seen = yield* call.get<ContainerInspect>(`/containers/${one.Id}/json`);
    if (failed(seen)) continue;
    if (!seen.body.State.Running || isPretended) stopped.push(one);
  }
  if (stopped.length === 0) {
    yield* call.err('No stopped containers\n');
    return 0;
  }
  const what = `Going to remove ${stopped.map(nameOf).join(', ')}`;
  if (flags.has('force')) yield* call.out(`${what}\n`);
  else if (!(yield* confirm(compose, what))) return 0;
  const query = {
    ...(flags.has('volumes') && { v: '1' }),
    ...(flags.has('force') && { force: '1' }),
  };
  const strands = stopped.map(function* (one): Strand {
    yield* progress.on(working(titleOf(one), 'Removing'));
    const path = `/containers/${one.Id}`;
    bodyOf(yield* answerTo({ method: 'DELETE', path, query }));
    yield* progress.on(done(titleOf(one), 'Removed'));
  });
  yield* progress.during('remove', run(compose, strands));
  return 0;
};

export const wait: ComposeCommand = function* (compose) {
  const { flags, args, call } = compose;
  const name = yield* compose.projectName();
  const found = yield* containersOf(compose, name, {
    oneOff: 'include',
    all: false,
    services: args,
  });
  if (found.length === 0) refuse(`no containers for project "${name}"`);
  let code = 0;
  const strands = found.map(function* ({ Id }): Strand {
    const path = `/containers/${Id}/wait`;
    const answer = yield* answerTo<{ StatusCode: number }>({ method: 'POST', path });
    if (failed(answer)) throw new Failure(daemonError(answer), { exitCode: 42 });
    const { StatusCode } = answer.body;
    yield* call.out(`container "${Id}" exited with status code ${StatusCode}\n`);
    code = StatusCode;
  });
  yield* run(compose, strands);
  if (flags.has('down-project')) {
    const wish = { name, services: [], removeOrphans: true, volumes: false, images: '' };
    yield* compose.progress.during('down', takeDown(compose, wish));
  }
  return code;
};
