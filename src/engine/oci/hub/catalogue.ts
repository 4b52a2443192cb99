import { rfc3339 } from '../../sim/clock.ts';
import { encodeJson, MEDIA, type HistoryEntry, type ImageConfig } from '../image.ts';
import { bytesBlob, describeLayer, type Blob } from '../layer.ts';
import type { Registries } from '../registry.ts';
import { alpineImage } from './alpine.ts';
import { busyboxImage } from './busybox.ts';
import type { CatalogueImage } from './image.ts';
import { nginxImage } from './nginx.ts';

export const DOCKER_HUB = 'docker.io';

const CATALOGUE: readonly (() => CatalogueImage)[] = [alpineImage, busyboxImage, nginxImage];

let built: readonly BuiltImage[] | undefined;

interface BuiltImage {
  readonly image: CatalogueImage;
  readonly manifest: Blob;
  readonly blobs: readonly Blob[];
}

/** Opens Docker Hub in a world: the service `registry/docker.io` and all it stores. */
export function addDockerHub(registries: Registries): void {
  registries.addHost(DOCKER_HUB);
  built ??= CATALOGUE.map((image) => buildImage(image()));
  for (const { image, manifest, blobs } of built) {
    for (const tag of image.tags) {
      registries.seed(DOCKER_HUB, image.repository, tag, manifest, blobs);
    }
  }
}

/** Configuration and manifest of an image, with their digests. */
function buildImage(image: CatalogueImage): BuiltImage {
  const layers = image.steps.flatMap(({ layer }) => (layer ? [layer] : []));
  const created = rfc3339(image.createdMs);
  const history = image.steps.map(({ createdBy, comment, layer }): HistoryEntry => ({
    created,
    created_by: createdBy,
    ...(comment === undefined ? {} : { comment }),
    ...(layer ? {} : { empty_layer: true }),
  }));
  const diffIds = layers.map(({ diffId }) => diffId);
  const config: ImageConfig = {
    architecture: 'amd64',
    config: image.config,
    created,
    history,
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: diffIds },
  };
  const configBlob = bytesBlob(encodeJson(config));
  const manifest = bytesBlob(
    encodeJson({
      schemaVersion: 2,
      mediaType: MEDIA.manifest,
      config: { mediaType: MEDIA.config, digest: configBlob.digest, size: configBlob.size },
      layers: layers.map(describeLayer),
    }),
  );
  return { image, manifest, blobs: [configBlob, ...layers.map(({ blob }) => blob)] };
}
