import { imageName } from '../../compose-file/project/names.ts';
import type { Project } from '../../compose-file/project.ts';
import type { Service } from '../../compose-file/service.ts';
import type { Step } from '../../docker/cli/invocation.ts';
import type { Compose } from '../compose.ts';
import { Failure, refuse } from '../failure.ts';
import { warned } from '../progress/resource.ts';
import { together, type Strand } from '../together.ts';
import { buildImages, type BuildWish } from './build.ts';
import { hookImages, localImage, localImages, type LocalImage } from './local.ts';
import { mustPull } from './policy.ts';
import { pullImage } from './pull.ts';

/**
 * Pulls and builds what is missing (docker/compose v5.5 `pkg/compose/build.go` ensureImagesExists).
 * Gives the digest of each service's image; without `build` nothing is built.
 */
export function* ensureImages(
  compose: Compose,
  project: Project,
  { build, quietPull }: { readonly build?: BuildWish; readonly quietPull: boolean },
): Step<Record<string, string>> {
  const { services } = project;
  for (const service of Object.values(services)) {
    const { name, image, build: section } = service;
    const unknown = NOT_MODELLED.find((field) => service[field] !== undefined);
    if (unknown !== undefined) refuse(`service ${name}: ${unknown} is not modelled`);
    if (image || section) continue;
    refuse(`invalid service "${name}". Must specify either image or build`);
  }
  const images = yield* localImages(compose, project);
  yield* pullMissing(compose, project, images, quietPull);
  const built = build ? yield* buildImages(compose, project, build, images) : [];
  for (const name of built) yield* refresh(compose, images, name);
  const digests: Record<string, string> = {};
  for (const [name, service] of Object.entries(services)) {
    const image = images.get(imageName(project.name, service, compose.separator));
    if (image) digests[name] = image.digest;
  }
  return digests;
}

function* refresh(compose: Compose, images: Map<string, LocalImage>, name: string): Step<void> {
  const image = yield* localImage(compose, name);
  if (image) images.set(name, image);
}

/** What would change what runs, and cannot be done here. */
const NOT_MODELLED = ['provider', 'models', 'use_api_socket'] as const;

/** Hooks have no policy of their own; an image of theirs cannot be built. */
const hookPolicy = ({ pull_policy: policy }: Service): string | undefined =>
  policy === 'build' ? 'missing' : policy;

type Wanted = Pick<Service, 'image' | 'platform' | 'build'>;

function* pullMissing(
  compose: Compose,
  project: Project,
  images: Map<string, LocalImage>,
  quiet: boolean,
): Step<void> {
  const nowMs = yield* compose.call.now();
  const wanted = new Map<string, Wanted>();
  for (const service of Object.values(project.services)) {
    const { image = '' } = service;
    if (mustPull(service, images.get(image), nowMs) && !wanted.has(image)) {
      wanted.set(image, service);
    }
    for (const { type, source = '' } of service.volumes ?? []) {
      if (type === 'image' && !images.has(source)) wanted.set(source, { image: source });
    }
    for (const one of hookImages(compose, project, service)) {
      const policy = hookPolicy(service);
      const like = { name: service.name, image: one, ...(policy && { pull_policy: policy }) };
      if (mustPull(like, images.get(one), nowMs) && !wanted.has(one)) {
        wanted.set(one, { image: one });
      }
    }
  }
  const under = new Set(wanted.keys());
  const strands = [...wanted.values()].map(function* (service): Strand {
    try {
      yield* tryPull(compose, project, service, quiet);
      under.delete(service.image ?? '');
    } catch (problem) {
      // The first failure is the end of the others.
      under.delete(service.image ?? '');
      for (const image of under)
        yield* compose.progress.on(warned(`Image ${image}`, 'Interrupted'));
      throw problem;
    }
  });
  yield* together(compose.call, strands);
  for (const image of wanted.keys()) yield* refresh(compose, images, image);
}

/** What can be built need not be pulled. */
function* tryPull(compose: Compose, project: Project, service: Wanted, quiet: boolean): Strand {
  try {
    yield* pullImage(compose, service, project, quiet);
  } catch (problem) {
    if (problem instanceof Failure && canBeBuilt(service, project)) return;
    throw problem;
  }
}

const canBeBuilt = ({ image, build }: Wanted, { services }: Project): boolean =>
  build !== undefined ||
  Object.values(services).some((other) => other.build && other.image === image);
