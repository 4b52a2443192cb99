import type { Extensions, OptionalStringMap, StringMap } from './plain-maps.ts';
import type { FileReference } from './service-attachments.ts';
import type { Ulimit } from './service-limits.ts';

/** How a service's image is built. */
export interface Build {
  /** A directory (absolute) or the URL of a repository. */
  readonly context?: string;
  readonly dockerfile?: string;
  readonly dockerfile_inline?: string;
  readonly entitlements?: readonly string[];
  readonly args?: OptionalStringMap;
  readonly provenance?: string;
  readonly sbom?: string;
  readonly ssh?: readonly { readonly id: string; readonly path?: string }[];
  readonly labels?: StringMap;
  readonly cache_from?: readonly string[];
  readonly cache_to?: readonly string[];
  readonly no_cache?: boolean;
  readonly no_cache_filter?: readonly string[];
  readonly additional_contexts?: StringMap;
  readonly pull?: boolean;
  readonly extra_hosts?: Readonly<Record<string, readonly string[]>>;
  readonly isolation?: string;
  readonly network?: string;
  readonly target?: string;
  readonly secrets?: readonly FileReference[];
  readonly shm_size?: number;
  readonly tags?: readonly string[];
  readonly ulimits?: Readonly<Record<string, Ulimit>>;
  readonly platforms?: readonly string[];
  readonly privileged?: boolean;
  readonly extensions?: Extensions;
}
