import { parsePort } from '../../compose-file/canonical/port-spec.ts';
import { parseVolume } from '../../compose-file/canonical/volume-spec.ts';
import { readEnv } from '../../compose-file/dotenv/dotenv.ts';
import { attemptOr } from '../../compose-file/failure.ts';
import { oneOffName } from '../../compose-file/project/names.ts';
import { withSelectedServices } from '../../compose-file/project/profiles.ts';
import type { Project } from '../../compose-file/project.ts';
import type { Service } from '../../compose-file/service.ts';
import { splitWords } from '../../compose-file/shape/words.ts';
import type { ContainerSummary } from '../../docker/api.ts';
import { start } from '../../docker/cli/commands/container-attach.ts';
import { resolvePath } from '../../machine/command.ts';
import { readFile } from '../../machine/files.ts';
import { digestOfText } from '../../oci/digest.ts';
import type { Step } from '../../docker/cli/invocation.ts';
import type { Compose } from '../compose.ts';
import { containersOf, serviceOf } from '../containers.ts';
import { create, DEFAULT_CREATE, serviceLabels } from '../convergence/create.ts';
import { createContainer } from '../convergence/execute.ts';
import { injectFiles } from '../convergence/inject.ts';
import { withSharedContainers } from '../convergence/references.ts';
import { startProject } from '../convergence/start.ts';
import { waitFor } from '../convergence/waiting.ts';
import { Failure, refuse } from '../failure.ts';
import { ensureImages } from '../images/ensure.ts';
import { LABEL } from '../labels.ts';
import { done, working } from '../progress/resource.ts';
import { isTerminal } from '../terminal.ts';
import { Crew, together, type Strand } from '../together.ts';
import { createWishOf, withCreateFlags } from './create-options.ts';
import type { ComposeCommand } from './command.ts';
import { asDocker, flagsOf } from './delegate.ts';

/**
 * `docker compose run`: what the service depends on, then one container beside those of the service
 * (docker/compose v5.5 `cmd/compose/run.go`, `pkg/compose/run.go`).
 */
export const run: ComposeCommand = function* (compose) {
  const { flags, args, progress } = compose;
  const [name = '', ...command] = args;
  if (flags.changed('publish') && flags.has('service-ports')) {
    refuse('--service-ports and --publish are incompatible');
  }
  let project = yield* compose.project({ services: [name] });
  if (flags.has('no-deps')) {
    project = withSelectedServices(project, [name], 'none');
  }
  project = withCreateFlags(compose, project);
  const service = yield* serviceToRun(compose, project, name, command);
  yield* progress.during('run', startDependencies(compose, project, name));
  const made: { id: string } = { id: '' };
  yield* prepare(compose, project, service, made);
  const typed = flagsOf({
    attach: !flags.has('detach'),
    interactive: !flags.has('detach') && service.stdin_open === true,
  });
  if (!flags.has('detach')) {
    return yield* asDocker(compose, start, 'container start', { flags: typed, args: [made.id] });
  }
  const answer = yield* compose.call.post(`/containers/${made.id}/start`);
  if (answer.status >= 400)
    throw new Failure(String((answer.body as { message?: string }).message));
  yield* compose.call.out(`${made.id}\n`);
  return 0;
};

function* serviceToRun(
  compose: Compose,
  project: Project,
  name: string,
  command: readonly string[],
): Step<Service> {
  const { flags, call } = compose;
  const target = project.services[name];
  if (!target) refuse(`no such service: ${name}`);
  const onTerminal = yield* isTerminal(call.self.stdout);
  const interactive = !flags.changed('interactive') || flags.has('interactive');
  const published = flags.all('publish').flatMap((text) => parsePort(text));
  const volumes = flags.all('volume').map((text) => parseVolume(text));
  const entrypoint = flags.last('entrypoint');
  const { restart: _restart, container_name: _own, scale: _scale, ...rest } = target;
  const { restart_policy: _policy, ...deploy } = target.deploy ?? {};
  return {
    ...rest,
    ...(target.deploy && { deploy }),
    scale: 1,
    tty: onTerminal && !flags.has('no-tty'),
    stdin_open: interactive,
    ports: flags.has('service-ports') ? (target.ports ?? []) : published,
    volumes: [...(target.volumes ?? []), ...volumes],
    ...(command.length > 0 && { command }),
    ...(entrypoint !== undefined && {
      entrypoint: entrypoint === '' ? [] : splitWords(entrypoint),
      command,
    }),
    ...(flags.changed('user') && { user: flags.text('user') }),
    ...(flags.changed('workdir') && { working_dir: flags.text('workdir') }),
    cap_add: [...(target.cap_add ?? []), ...flags.all('cap-add')],
    cap_drop: [...(target.cap_drop ?? []), ...flags.all('cap-drop')],
    environment: { ...target.environment, ...(yield* environmentOf(compose, project)) },
    labels: { ...target.labels, ...labelsOf(flags.all('label')) },
  };
}

/** What `-e` says, and below it the files of `--env-from-file`, the first before the others. */
function* environmentOf({ flags, call }: Compose, project: Project): Step<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const text of flags.all('env')) {
    const at = text.indexOf('=');
    if (at !== -1) found[text.slice(0, at)] = text.slice(at + 1);
    else if (project.environment[text] !== undefined) found[text] = project.environment[text];
  }
  for (const name of flags.all('env-from-file')) {
    const file = yield* readFile(call.line.machine, resolvePath(call.line.cwd, name));
    if (!file) refuse(`open ${name}: no such file or directory`);
    const into = new Map<string, string>();
    const lookup = (key: string): string | undefined => found[key];
    // Upstream leaves all out, in silence, when a file cannot be read.
    const isRead = attemptOr(() => {
      readEnv({ text: file.content, into, lookup });
      return true;
    }, false);
    if (!isRead) return {};
    for (const [key, value] of into) found[key] ??= value;
  }
  return found;
}

const labelsOf = (texts: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      return at === -1
        ? refuse('label must be set as KEY=VALUE')
        : [text.slice(0, at), text.slice(at + 1)];
    }),
  );

/** All but the service itself are made and started. */
function* startDependencies(compose: Compose, project: Project, name: string): Step<void> {
  const { [name]: own, ...services } = project.services;
  const others: Project = {
    ...project,
    services,
    disabledServices: { ...project.disabledServices, ...(own && { [name]: own }) },
  };
  const { removeOrphans, ignoreOrphans, build, quietPull } = createWishOf(compose, others, []);
  const wish = { ...DEFAULT_CREATE, removeOrphans, ignoreOrphans, quietPull };
  yield* create(compose, others, { ...wish, ...(build && { build }) });
  if (Object.keys(services).length === 0) return;
  const crew = new Crew(compose.call);
  crew.add(startProject(compose, crew, others));
  yield* crew.run();
}

function* prepare(
  compose: Compose,
  project: Project,
  service: Service,
  made: { id: string },
): Step<void> {
  const { flags, call, progress, separator } = compose;
  const only = { ...project, services: { [service.name]: service } };
  const build = { services: [service.name], dependencies: false };
  const digests = yield* ensureImages(compose, only, {
    ...(!flags.has('no-build') && { build }),
    quietPull: flags.has('quiet-pull'),
  });
  const containers = yield* containersOf(compose, project.name, { oneOff: 'include' });
  const strand = function* (): Strand {
    if (!flags.has('no-deps')) {
      for (const one of Object.entries(service.depends_on ?? {})) {
        yield* waitFor(compose, project, service.name, one, containers);
      }
    }
    const found = (other: string): ContainerSummary[] =>
      containers.filter((one) => serviceOf(one) === other);
    const resolved = withSharedContainers(service, found);
    if ('problem' in resolved) refuse(resolved.problem);
    const slug = yield* newSlug(compose, service.name, containers.length);
    const name =
      flags.text('name') || oneOffName(project.name, service.name, slug.slice(0, 12), separator);
    const digest = digests[service.name];
    yield* progress.on(working(`Container ${name}`, 'Creating'));
    const labels = {
      ...service.labels,
      ...serviceLabels(compose, project, service.name),
      [LABEL.slug]: slug,
      [LABEL.oneOff]: 'True',
      ...(digest && { [LABEL.image]: digest }),
    };
    const summary = yield* createContainer({ compose, project, labels: {} }, name, {
      ...{ service: { ...resolved.service, container_name: name }, number: -1, labels },
      autoRemove: flags.has('rm'),
      attachStdin: service.stdin_open === true && !flags.has('detach'),
      aliased: flags.has('use-aliases'),
    });
    yield* progress.on(done(`Container ${name}`, 'Created'));
    made.id = summary.Id;
    yield* injectFiles(project, service, summary.Id);
  };
  yield* together(call, [strand()]);
}

/**
 * What tells one-off containers apart.
 *
 * Simplified: derived from the moment and the process, where the real one draws lots.
 */
function* newSlug({ call }: Compose, service: string, count: number): Step<string> {
  const nowMs = yield* call.now();
  return digestOfText(`${service} ${nowMs} ${call.self.pid} ${count}`).slice('sha256:'.length);
}
