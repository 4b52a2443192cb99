import { imageName } from '../../compose-file/project/names.ts';
import type { Project } from '../../compose-file/project.ts';
import type { Service } from '../../compose-file/service.ts';
import type { ImageInspect } from '../../docker/api.ts';
import type { Step } from '../../docker/cli/invocation.ts';
import type { Compose } from '../compose.ts';
import { bodyOf, Failure } from '../failure.ts';

/** An image that the daemon has, by the name that a file gives it. */
export interface LocalImage {
  /** Of its own content: what `com.docker.compose.image` holds. */
  readonly digest: string;
  readonly lastTagTime: string;
}

/**
 * The digest by which a container is known to be of this image: that of the platform's manifest,
 * so that a new attestation alone replaces nothing (docker/compose v5.5 `images.go`
 * localContentDigest).
 */
export function contentDigest({ Id, Manifests = [] }: ImageInspect): string {
  const images = Manifests.filter(({ Kind, Available }) => Kind === 'image' && Available);
  return images[0]?.ID ?? Id;
}

export function* localImage(compose: Compose, name: string): Step<LocalImage | undefined> {
  const path = `/images/${name}/json`;
  const seen = yield* compose.call.get<ImageInspect>(path, { manifests: '1' });
  if (seen.status === 404) return undefined;
  try {
    const image = bodyOf(seen);
    return { digest: contentDigest(image), lastTagTime: image.Metadata?.LastTagTime ?? '' };
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem;
    throw new Failure(`unable to get image '${name}': ${problem.message}`);
  }
}

/** Images of `pre_start` hooks beside the service's own (`pkg/api/api.go` GetDependentImages). */
export function hookImages(
  { separator }: Pick<Compose, 'separator'>,
  { name }: Pick<Project, 'name'>,
  service: Service,
): string[] {
  const own = imageName(name, service, separator);
  const all = (service.pre_start ?? []).map(({ image = '' }) => image);
  return all.filter((image) => image !== '' && image !== own);
}

/** Those of the project's images that are here. */
export function* localImages(
  compose: Compose,
  { name, services }: Project,
): Step<Map<string, LocalImage>> {
  const names = new Set<string>();
  for (const service of Object.values(services)) {
    names.add(imageName(name, service, compose.separator));
    for (const { type, source = '' } of service.volumes ?? []) {
      if (type === 'image') names.add(source);
    }
    for (const image of hookImages(compose, { name }, service)) names.add(image);
  }
  const found = new Map<string, LocalImage>();
  for (const one of names) {
    const image = yield* localImage(compose, one);
    if (image) found.set(one, image);
  }
  return found;
}
