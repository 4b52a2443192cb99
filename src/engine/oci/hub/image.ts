import type { RunConfig } from '../image.ts';
import type { Layer } from '../layer.ts';

/**
 * The images of the model Docker Hub: real names, commands, ports and the files that matter, in
 * layers that are shared where the real ones share.
 *
 * Simplified: the layers' bulk is model files with realistic sizes, so their digests are not those
 * of the real images, and each image is for linux/amd64 only.
 */
export interface CatalogueImage {
  readonly repository: string;
  readonly tags: readonly string[];
  readonly config: RunConfig;
  readonly steps: readonly CatalogueStep[];
  /** Virtual time it was made; negative: before the world began. */
  readonly createdMs: number;
}

export interface CatalogueStep {
  readonly createdBy: string;
  /** Without a layer it changed the configuration only. */
  readonly layer?: Layer;
  readonly comment?: string;
}
