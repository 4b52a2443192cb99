import { imageName } from '../../compose-file/project/names.ts';
import { selectedNames, withServicesEnabled } from '../../compose-file/project/profiles.ts';
import type { Project } from '../../compose-file/project.ts';
import type { Build } from '../../compose-file/service-build.ts';
import type { Service } from '../../compose-file/service.ts';
import { prepareBuild } from '../../build/client/build.ts';
import type { BuildFlags } from '../../build/client/options.ts';
import type { SolveResult } from '../../build/solve-result.ts';
import { failed, messageOf, type Step } from '../../docker/cli/invocation.ts';
import type { Compose } from '../compose.ts';
import { DryInvocation } from '../dry-run.ts';
import { Failure, refuse } from '../failure.ts';
import { COMPOSE_VERSION, LABEL } from '../labels.ts';
import { done, working } from '../progress/resource.ts';
import type { LocalImage } from './local.ts';

/**
 * Builds what has a `build` section (docker/compose v5.5 `pkg/compose/build*.go`).
 *
 * Simplified: images are built one after the other, and each build prints as `docker build` does.
 */
export interface BuildWish {
  /** Services that were named; none means all. */
  readonly services: readonly string[];
  readonly dependencies: boolean;
  readonly noCache?: boolean;
  readonly args?: readonly string[];
  readonly push?: boolean;
  readonly quiet?: boolean;
}

/** Gives the images that were built. */
export function* buildImages(
  compose: Compose,
  whole: Project,
  wish: BuildWish,
  local: ReadonlyMap<string, LocalImage> = new Map(),
): Step<string[]> {
  const project = withServicesEnabled(whole, wish.services);
  const wanted = wish.services.length > 0 ? wish.services : Object.keys(project.services);
  const policy = wish.dependencies ? 'dependencies' : 'none';
  const names = withContexts(project, [...selectedNames(project, wanted, policy)]);
  const built: string[] = [];
  const due = names.filter((name) => {
    const service = project.services[name];
    if (!service?.build) return false;
    const isHere = local.has(imageName(project.name, service, compose.separator));
    return !isHere || service.pull_policy === 'build';
  });
  const images = due.map((name) =>
    imageName(project.name, project.services[name]!, compose.separator),
  );
  for (const image of images) yield* compose.progress.on(working(`Image ${image}`, 'Building'));
  for (const [at, name] of due.entries()) {
    const image = images[at] ?? '';
    yield* buildOne(compose, project, project.services[name]!, image, wish);
    yield* compose.progress.on(done(`Image ${image}`, 'Built'));
    built.push(image);
  }
  return built;
}

const SERVICE = 'service:';

/** Those first whose images others are built upon. */
function withContexts({ services }: Project, names: readonly string[]): string[] {
  const ordered = new Set<string>();
  const visit = (name: string): void => {
    if (ordered.has(name)) return;
    for (const source of Object.values(services[name]?.build?.additional_contexts ?? {})) {
      if (source.startsWith(SERVICE)) visit(source.slice(SERVICE.length));
    }
    ordered.add(name);
  };
  for (const name of names) visit(name);
  return [...ordered];
}

function* buildOne(
  compose: Compose,
  project: Project,
  service: Service,
  image: string,
  wish: BuildWish,
): Step<void> {
  const { call } = compose;
  if (call instanceof DryInvocation) refuse('docker compose --dry-run: a build is not modelled');
  const build = service.build!;
  const inline = build.dockerfile_inline;
  const flags = buildFlags(compose, project, service, image, wish);
  const line = { ...call.line, cwd: build.context ?? project.workingDir };
  const prepared = yield* prepareBuild(line, flags, line.cwd, function* () {
    return yield* constant(inline ?? '');
  });
  if (!prepared.ok) refuse(prepared.message.replace(/^failed to build: /, ''));
  const request = { method: 'POST', path: '/build', body: prepared.value.request } as const;
  const isQuiet = (wish.quiet ?? false) || compose.progress.mode === 'quiet';
  const answer = isQuiet
    ? yield* call.ask<unknown>(request)
    : yield* call.streamed<unknown>(request, 'stderr');
  if (failed(answer)) refuse(messageOf(answer));
  const result = answer as unknown as SolveResult;
  if (!result.ok) {
    yield* call.err(result.excerpt);
    const target = build.target === undefined ? '' : `target ${build.target}: `;
    throw new Failure(`${target}failed to solve: ${result.message}`);
  }
  if (!wish.push) return;
  for (const tag of prepared.value.request.tags) {
    const pushed = yield* call.post<unknown>(`/images/${tag}/push`);
    if (failed(pushed)) refuse(`failed to push ${tag}: ${messageOf(pushed)}`);
  }
}

function* constant(text: string): Step<string> {
  yield* [];
  return text;
}

/** The section as the words of `docker build` would say it. */
function buildFlags(
  { separator }: Compose,
  project: Project,
  service: Service,
  image: string,
  wish: BuildWish,
): BuildFlags {
  const build = service.build!;
  const labels = {
    ...build.labels,
    [LABEL.version]: COMPOSE_VERSION,
    [LABEL.project]: project.name,
    [LABEL.service]: service.name,
  };
  const platform = service.platform ?? build.platforms?.[0];
  const lists: Readonly<Record<string, readonly string[]>> = {
    tag: [image, ...(build.tags ?? [])],
    'build-arg': [...argsOf(build, project), ...(wish.args ?? [])],
    label: Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    secret: secretsOf(build, project),
    'build-context': Object.entries(build.additional_contexts ?? {}).map(
      ([key, value]) => `${key}=${contextOf(value, project, separator)}`,
    ),
    'no-cache-filter': build.no_cache_filter ?? [],
    'add-host': Object.entries(build.extra_hosts ?? {}).flatMap(([name, addresses]) =>
      addresses.map((address) => `${name}:${address}`),
    ),
    allow: build.entitlements ?? [],
    platform: platform === undefined ? [] : [platform],
    ...(build.target !== undefined && { target: [build.target] }),
    ...(build.network !== undefined && { network: [build.network] }),
    file: fileOf(build),
  };
  const noCache = build.no_cache === true || wish.noCache === true;
  return {
    has: (name) => name === 'no-cache' && noCache,
    last: (name) => lists[name]?.at(-1),
    all: (name) => lists[name] ?? [],
  };
}

function fileOf({ dockerfile, dockerfile_inline: inline, context = '' }: Build): string[] {
  if (inline !== undefined) return ['-'];
  if (dockerfile === undefined) return [];
  return [dockerfile.startsWith('/') ? dockerfile : `${context}/${dockerfile}`];
}

const argsOf = ({ args = {} }: Build, { environment }: Project): string[] =>
  Object.entries(args).flatMap(([name, value]) => {
    const known = value ?? environment[name];
    return known === undefined ? [] : [`${name}=${known}`];
  });

function secretsOf({ secrets = [] }: Build, project: Project): string[] {
  return secrets.map(({ source = '', target = source }) => {
    const { file, environment } = project.secrets[source] ?? {};
    return environment ? `id=${target},env=${environment}` : `id=${target},src=${file ?? ''}`;
  });
}

function contextOf(value: string, { name, services }: Project, separator: '-' | '_'): string {
  if (!value.startsWith(SERVICE)) return value;
  const other = value.slice(SERVICE.length);
  const service = services[other] ?? { name: other };
  return `docker-image://${imageName(name, service, separator)}`;
}
