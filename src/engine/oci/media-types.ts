/**
 * Names of what blobs hold: image-spec v1.1 `media-types.md` with its table of compatible Docker
 * types; which is which as containerd 2.2 `core/images/mediatypes.go` tells them apart.
 */
export const MEDIA = {
  descriptor: 'application/vnd.oci.descriptor.v1+json',
  layout: 'application/vnd.oci.layout.header.v1+json',
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar',
  layerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  layerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  foreignLayer: 'application/vnd.oci.image.layer.nondistributable.v1.tar',
  foreignLayerGzip: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
  foreignLayerZstd: 'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd',
  empty: 'application/vnd.oci.empty.v1+json',
} as const;

export const DOCKER_MEDIA = {
  manifestList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layer: 'application/vnd.docker.image.rootfs.diff.tar',
  layerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  layerZstd: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
  foreignLayer: 'application/vnd.docker.image.rootfs.foreign.diff.tar',
  foreignLayerGzip: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
  plugin: 'application/vnd.docker.plugin.v1+json',
} as const;

export const isManifestType = (type: string): boolean =>
  type === MEDIA.manifest || type === DOCKER_MEDIA.manifest;

export const isIndexType = (type: string): boolean =>
  type === MEDIA.index || type === DOCKER_MEDIA.manifestList;

export const isLayerType = (type: string): boolean =>
  type.startsWith('application/vnd.oci.image.layer.') ||
  type.startsWith('application/vnd.docker.image.rootfs.');
