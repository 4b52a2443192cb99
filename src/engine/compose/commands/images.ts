import { withSelectedServices } from '../../compose-file/project/profiles.ts';
import type { Project } from '../../compose-file/project.ts';
import type { Service } from '../../compose-file/service.ts';
import type { ContainerSummary, ImageInspect } from '../../docker/api.ts';
import { authHeaders } from '../../docker/cli/credentials.ts';
import { since } from '../../docker/cli/formatter/time.ts';
import { tabulate } from '../../docker/cli/formatter/tabwriter.ts';
import { failed, messageOf, type Step } from '../../docker/cli/invocation.ts';
import { humanSize, shortId } from '../../docker/units.ts';
import { familiarName, parseReference, withDefaultTag } from '../../oci/reference.ts';
import { parseRfc3339 } from '../../sim/clock.ts';
import type { Compose } from '../compose.ts';
import { containersOf, nameOf } from '../containers.ts';
import { bodyOf, Failure, refuse } from '../failure.ts';
import { buildImages } from '../images/build.ts';
import { localImages } from '../images/local.ts';
import { mustPull } from '../images/policy.ts';
import { pullImage } from '../images/pull.ts';
import { done, warned, working } from '../progress/resource.ts';
import { listen, next, together, type Strand } from '../together.ts';
import type { ComposeCommand } from './command.ts';

/** `docker compose images`, `build`, `pull` and `push` (docker/compose v5.5 `pkg/compose`). */
export const build: ComposeCommand = function* (compose) {
  const { flags, args, progress } = compose;
  for (const name of ['print', 'check']) {
    if (flags.has(name)) refuse(`docker compose build --${name} is not modelled`);
  }
  const project = yield* compose.project({
    allResources: true,
    skip: { environmentResolution: true },
  });
  const wish = {
    services: args,
    dependencies: flags.has('with-dependencies'),
    noCache: flags.has('no-cache'),
    args: flags.all('build-arg'),
    push: flags.has('push'),
    quiet: flags.has('quiet'),
  };
  const steps = function* (): Step<void> {
    const built = yield* buildImages(compose, project, wish);
    if (built.length === 0) yield* compose.warn('No services to build');
  };
  yield* progress.during('build', steps());
  return 0;
};

/** The services named on the command line, those they depend on only by `--include-deps`. */
function* withNamed(compose: Compose): Step<Project> {
  const { flags, args } = compose;
  const deps = flags.has('include-deps');
  const skip = { environmentResolution: true };
  const project = yield* compose.project({ services: deps ? args : [], skip });
  return args.length > 0 && !deps ? withSelectedServices(project, args, 'none') : project;
}

export const pull: ComposeCommand = function* (compose) {
  const { flags, call, progress } = compose;
  const project = yield* withNamed(compose);
  const policy = flags.last('policy');
  if (policy !== undefined && policy !== 'missing' && policy !== 'always') {
    refuse(`--policy should be either "missing" or "always"`);
  }
  const local = yield* localImages(compose, project);
  const nowMs = yield* call.now();
  const due = new Map<string, Service>();
  const mustBuild: string[] = [];
  const steps = function* (): Step<void> {
    for (const service of Object.values(project.services)) {
      const { name, image = '', build: section } = service;
      const skipped = (id: string, details: string) =>
        progress.on({ id, status: 'done', text: 'Skipped', details });
      if (image === '') yield* skipped(name, 'No image to be pulled');
      else if (!isDue(service, policy, local.has(image), nowMs)) {
        yield* skipped(`Image ${image}`, 'Image is already present locally');
      } else if (section && flags.has('ignore-buildable')) {
        yield* skipped(`Image ${image}`, 'Image can be built');
      } else if (!due.has(image)) due.set(image, service);
    }
    const strands = [...due.values()].map(function* (service): Strand {
      try {
        yield* pullImage(compose, service, project, flags.has('quiet'));
      } catch (problem) {
        if (!(problem instanceof Failure)) throw problem;
        if (service.build) mustBuild.push(service.name);
        else if (!flags.has('ignore-pull-failures')) throw problem;
      }
    });
    yield* together(call, strands);
  };
  yield* progress.during('pull', steps());
  if (mustBuild.length === 0) return 0;
  const text = 'WARNING: Some service image(s) must be built from source by running:';
  yield* compose.warn(`${text}\n    docker compose build ${mustBuild.join(' ')}`);
  return 0;
};

/** Who asks for it gets it, but for those that are told to be content with what is here. */
function isDue(
  service: Service,
  policy: string | undefined,
  isHere: boolean,
  nowMs: number,
): boolean {
  const wish = policy ?? service.pull_policy;
  if (wish === undefined || wish === 'always') return true;
  if (wish === 'missing' || wish === 'if_not_present') {
    return !isHere || /^[^:@]+$|:latest$/.test(service.image?.split('/').at(-1) ?? '');
  }
  return wish !== 'never' && wish !== 'build'
    ? true
    : mustPull({ ...service, pull_policy: wish }, undefined, nowMs);
}

export const push: ComposeCommand = function* (compose) {
  const { call, progress } = compose;
  const project = yield* withNamed(compose);
  const strands: Strand[] = [];
  const skipped: string[] = [];
  for (const { name, image, build: section } of Object.values(project.services)) {
    if (!section || !image) skipped.push(name);
    else for (const tag of [image, ...(section.tags ?? [])]) strands.push(pushOne(compose, tag));
  }
  yield* progress.during(
    'push',
    (function* (): Step<void> {
      yield* progress.on(...skipped.map((name) => done(name, 'Skipped')));
      yield* together(call, strands);
    })(),
  );
  return 0;
};

function* pushOne({ call, flags, progress }: Compose, tag: string): Strand {
  yield* progress.on(working(tag, 'Pushing'));
  const headers = yield* authHeaders(call, tag);
  const key = yield* listen({ method: 'POST', path: `/images/${tag}/push`, headers });
  for (;;) {
    const { answer } = yield* next<string>(key);
    if (!answer) continue;
    if (!failed(answer)) return yield* progress.on(done(tag, 'Pushed'));
    const why = messageOf(answer);
    if (flags.has('ignore-push-failures')) return yield* progress.on(warned(tag, why));
    yield* progress.on({ id: tag, status: 'error', text: why });
    throw new Failure(why);
  }
}

interface ListedImage {
  readonly ID: string;
  readonly ContainerName: string;
  readonly Repository: string;
  readonly Tag: string;
  readonly Platform: string;
  readonly Size: number;
  readonly Created?: string;
}

export const images: ComposeCommand = function* (compose) {
  const { flags, args, call } = compose;
  const name = yield* compose.projectName();
  const found = yield* containersOf(compose, name, { oneOff: 'include', services: args });
  const rows: ListedImage[] = [];
  for (const one of found) rows.push(yield* listedImage(compose, one));
  rows.sort((a, b) => (a.ContainerName < b.ContainerName ? -1 : 1));
  if (flags.has('quiet')) {
    const ids = new Set(rows.map(({ ID }) => ID.replace(/^sha256:/, '')));
    yield* call.out([...ids].map((id) => `${id}\n`).join(''));
    return 0;
  }
  if (flags.text('format') === 'json') {
    yield* call.out(`${JSON.stringify(rows)}\n`);
    return 0;
  }
  const nowMs = yield* call.now();
  const lines = rows.map(({ ContainerName, Repository, Tag, Platform, ID, Size, Created }) =>
    [
      ...[ContainerName, Repository || '<none>', Tag || '<none>', Platform, shortId(ID)],
      ...[humanSize(Size), createdText(Created, nowMs)],
    ].join('\t'),
  );
  const heading = 'CONTAINER\tREPOSITORY\tTAG\tPLATFORM\tIMAGE ID\tSIZE\tCREATED';
  yield* call.out(tabulate(`${[heading, ...lines].join('\n')}\n`, 20, 1));
  return 0;
};

function createdText(created: string | undefined, nowMs: number): string {
  const timeMs = created === undefined ? undefined : parseRfc3339(created);
  return timeMs === undefined ? 'N/A' : since(timeMs, nowMs);
}

function* listedImage(compose: Compose, one: ContainerSummary): Step<ListedImage> {
  const parsed = parseReference(one.Image);
  const reference = parsed.ok ? withDefaultTag(parsed.reference) : undefined;
  const common = {
    ContainerName: nameOf(one),
    Repository: reference ? familiarName(reference) : '',
    Tag: reference?.tag ?? '',
  };
  const seen = yield* compose.call.get<ImageInspect>(`/images/${one.Image}/json`);
  if (seen.status === 404) return { ID: one.ImageID, ...common, Platform: '', Size: 0 };
  const { Id, Os, Architecture, Variant, Size, Created } = bodyOf(seen);
  const Platform = [Os, Architecture, Variant].filter(Boolean).join('/');
  return { ID: Id, ...common, Platform, Size, ...(Created !== undefined && { Created }) };
}
