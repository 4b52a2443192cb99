import { MEDIA } from './media-types.ts';
import type { Platform } from './platform.ts';

/**
 * Image manifests and configurations as they are on the wire: field names, media types and order
 * of image-spec v1.1 (`manifest.md`, `config.md`, `descriptor.md`). A digest is taken over the
 * exact bytes that {@link encodeJson} gives, so the order in which fields are written counts.
 */
export { MEDIA } from './media-types.ts';

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly urls?: readonly string[];
  readonly annotations?: Annotations;
  readonly platform?: Platform;
  readonly artifactType?: string;
}

export type Annotations = Readonly<Record<string, string>>;

export interface Manifest {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations?: Annotations;
}

/** Manifests of one image for several platforms. */
export interface Index {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly manifests: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations?: Annotations;
}

/** The empty object, which stands where something must be named (`manifest.md`, empty descriptor). */
export const EMPTY_JSON: Descriptor & { readonly data: string } = {
  mediaType: MEDIA.empty,
  digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
  size: 2,
  data: 'e30=',
};

/** How a container of the image is started; the names are those of `config.md`. */
export interface RunConfig {
  readonly User?: string;
  readonly ExposedPorts?: Readonly<Record<string, Record<string, never>>>;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly Volumes?: Readonly<Record<string, Record<string, never>>>;
  readonly WorkingDir?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly StopSignal?: string;
  /** Set with Cmd by BuildKit; it means something on Windows alone. */
  readonly ArgsEscaped?: boolean;
  readonly Healthcheck?: Healthcheck;
  /** Instructions that a build upon the image begins with. */
  readonly OnBuild?: readonly string[];
  readonly Shell?: readonly string[];
}

/** Durations in nanoseconds, as Docker's image format has them. */
export interface Healthcheck {
  readonly Test: readonly string[];
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly StartPeriod?: number;
  readonly StartInterval?: number;
  readonly Retries?: number;
}

export interface HistoryEntry {
  readonly created: string;
  readonly created_by: string;
  readonly comment?: string;
  readonly empty_layer?: true;
}

export interface ImageConfig {
  readonly architecture: string;
  readonly variant?: string;
  readonly os: string;
  readonly author?: string;
  readonly created: string;
  readonly config: RunConfig;
  readonly rootfs: { readonly type: 'layers'; readonly diff_ids: readonly string[] };
  readonly history: readonly HistoryEntry[];
}

const encoder = new TextEncoder();

/** The bytes a registry stores: JSON without spaces, fields in the order they were written. */
export function encodeJson(value: Manifest | Index | ImageConfig): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}
