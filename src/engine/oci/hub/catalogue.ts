import { rfc3339 } from '../../sim/clock.ts';
import { encodeJson, MEDIA, type HistoryEntry, type ImageConfig } from '../image.ts';
import { bytesBlob, describeLayer, type Blob } from '../layer.ts';
import type { Registries, StockedImage } from '../registry.ts';
import { HUB_OPTIONS } from '../registry/usual.ts';
import { ALPINE } from './base/alpine.ts';
import { BUSYBOX } from './base/busybox.ts';
import { DEBIAN } from './base/debian.ts';
import { UBUNTU } from './base/ubuntu.ts';
import { PLATFORMS, type CatalogueImage, type Platform } from './image.ts';
import { ECLIPSE_TEMURIN, GRADLE, MAVEN, RUST } from './images/compilers.ts';
import { GOLANG, NODE, PYTHON } from './images/languages.ts';
import { KUBERNETES_IMAGES } from './images/kubernetes.ts';
import { MYSQL } from './images/mysql.ts';
import { NGINX } from './images/nginx.ts';
import { POSTGRES } from './images/postgres.ts';
import { REDIS } from './images/redis.ts';
import { HTTPD, INBOUND_AGENT, JENKINS, NEXUS, REGISTRY } from './images/services.ts';
import { VOTING_RESULT, VOTING_VOTE, VOTING_WORKER } from './images/voting-app.ts';
import { WORDPRESS } from './images/wordpress.ts';
import { APP, CURL, HELLO_WORLD, MARIADB, MONGO, STRESS, TRAEFIK } from './images/small.ts';

export const DOCKER_HUB = 'docker.io';
export const KUBERNETES_REGISTRY = 'registry.k8s.io';

/** The images by repository. */
const CATALOGUE: Readonly<Record<string, readonly CatalogueImage[]>> = {
  'library/alpine': ALPINE,
  'library/busybox': BUSYBOX,
  'library/debian': DEBIAN,
  'library/eclipse-temurin': ECLIPSE_TEMURIN,
  'library/golang': GOLANG,
  'library/gradle': GRADLE,
  'library/hello-world': HELLO_WORLD,
  'library/httpd': HTTPD,
  'library/mariadb': MARIADB,
  'library/maven': MAVEN,
  'library/mongo': MONGO,
  'library/mysql': MYSQL,
  'library/nginx': NGINX,
  'library/node': NODE,
  'library/postgres': POSTGRES,
  'library/python': PYTHON,
  'library/redis': REDIS,
  'library/registry': REGISTRY,
  'library/rust': RUST,
  'library/traefik': TRAEFIK,
  'library/ubuntu': UBUNTU,
  'library/wordpress': WORDPRESS,
  'curlimages/curl': CURL,
  'dockersamples/examplevotingapp_result': VOTING_RESULT,
  'dockersamples/examplevotingapp_vote': VOTING_VOTE,
  'dockersamples/examplevotingapp_worker': VOTING_WORKER,
  'drydock/app': APP,
  'jenkins/inbound-agent': INBOUND_AGENT,
  'jenkins/jenkins': JENKINS,
  'polinux/stress': STRESS,
  'sonatype/nexus3': NEXUS,
};

/** Names of the repositories on the model Docker Hub, in order. */
export const hubRepositories = (): string[] => Object.keys(CATALOGUE);

/**
 * Opens Docker Hub in a world: the service `registry/docker.io`. What it stores is made when it is
 * first asked for, and once for all worlds.
 */
export function addDockerHub(registries: Registries): void {
  registries.addHost(DOCKER_HUB, HUB_OPTIONS);
  registries.addCatalogue(DOCKER_HUB, {
    has: (repository) => Object.hasOwn(CATALOGUE, repository),
    images: stocked,
  });
}

/** Opens the registry of the Kubernetes project in a world: everybody may pull. */
export function addKubernetesRegistry(registries: Registries): void {
  registries.addHost(KUBERNETES_REGISTRY, { transport: 'https' });
  registries.addCatalogue(KUBERNETES_REGISTRY, {
    has: (repository) => Object.hasOwn(KUBERNETES_IMAGES, repository),
    images: (repository, tag) => stockedFrom(KUBERNETES_IMAGES, repository, tag),
  });
}

/** What Docker Hub has under a repository, all of it or one tag: see {@link Registries.addCatalogue}. */
export function stocked(repository: string, tag: string | undefined): readonly StockedImage[] {
  return stockedFrom(CATALOGUE, repository, tag);
}

function stockedFrom(
  catalogue: Readonly<Record<string, readonly CatalogueImage[]>>,
  repository: string,
  tag: string | undefined,
): readonly StockedImage[] {
  const images = Object.hasOwn(catalogue, repository) ? catalogue[repository]! : [];
  const wanted = tag === undefined ? images : images.filter(({ tags }) => tags.includes(tag));
  return wanted.map(built);
}

const known = new WeakMap<CatalogueImage, StockedImage>();

function built(image: CatalogueImage): StockedImage {
  let made = known.get(image);
  if (!made) known.set(image, (made = build(image)));
  return made;
}

/** The index of an image and what it points at. */
function build({ tags, platforms = PLATFORMS, build: recipe }: CatalogueImage): StockedImage {
  const images = platforms.map((platform) => buildPlatform(platform, recipe(platform)));
  const index = bytesBlob(
    encodeJson({
      schemaVersion: 2,
      mediaType: MEDIA.index,
      manifests: images.map(({ manifest, platform: { architecture, variant } }) => ({
        mediaType: MEDIA.manifest,
        digest: manifest.digest,
        size: manifest.size,
        platform: { architecture, os: 'linux', ...(variant === undefined ? {} : { variant }) },
      })),
    }),
  );
  const manifests = images.map(({ manifest }) => ({ blob: manifest, mediaType: MEDIA.manifest }));
  return {
    tags,
    manifests: [{ blob: index, mediaType: MEDIA.index }, ...manifests],
    blobs: images.flatMap(({ blobs }) => blobs),
  };
}

/** Configuration and manifest of an image for one platform, with their digests. */
function buildPlatform(platform: Platform, image: ReturnType<CatalogueImage['build']>) {
  const layers = image.steps.flatMap(({ layer }) => (layer ? [layer] : []));
  const history = image.steps.map(({ createdBy, comment, layer, createdMs }): HistoryEntry => ({
    created: rfc3339(createdMs),
    created_by: createdBy,
    ...(comment === undefined ? {} : { comment }),
    ...(layer ? {} : { empty_layer: true }),
  }));
  const config: ImageConfig = {
    architecture: platform.architecture,
    ...(platform.variant === undefined ? {} : { variant: platform.variant }),
    config: image.config,
    created: rfc3339(image.createdMs),
    history,
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
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
  const blobs: Blob[] = [configBlob, ...layers.map(({ blob }) => blob)];
  return { platform, manifest, blobs };
}
