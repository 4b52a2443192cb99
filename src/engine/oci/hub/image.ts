import type { RunConfig } from '../image.ts';
import type { Layer } from '../layer.ts';

/**
 * The images of the model Docker Hub: real names, commands, ports and the files that matter, in
 * layers that are shared where the real ones share. Versions are those of January 2026.
 *
 * Simplified: the layers' bulk is model files with realistic sizes, so their digests are not those
 * of the real images; each image is there for linux/amd64 and linux/arm64/v8 only.
 */
export interface CatalogueImage {
  readonly tags: readonly string[];
  readonly platforms?: readonly Platform[];
  readonly build: (platform: Platform) => BuiltSteps;
}

export interface Platform {
  readonly architecture: 'amd64' | 'arm64';
  readonly variant?: string;
  /** What `uname -m` says. */
  readonly machine: 'x86_64' | 'aarch64';
}

export const AMD64: Platform = { architecture: 'amd64', machine: 'x86_64' };
export const ARM64: Platform = { architecture: 'arm64', variant: 'v8', machine: 'aarch64' };
export const PLATFORMS: readonly Platform[] = [AMD64, ARM64];

export interface BuiltSteps {
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
  /** When the step was made, if not with the rest: the steps of a base image. */
  readonly createdMs: number;
}

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
