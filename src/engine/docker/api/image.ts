import type { Descriptor, RunConfig } from '../../oci/image.ts';
import type { Platform } from '../../oci/platform.ts';

/** Images as the Engine API tells of them (moby/moby v29.7 `api/types/image/*.go`). */
export interface ImageSummary {
  /** How many containers use it. */
  readonly Containers: number;
  /** Seconds since 1970. */
  readonly Created: number;
  readonly Id: string;
  readonly Labels: Readonly<Record<string, string>>;
  readonly ParentId: string;
  readonly Descriptor: Descriptor;
  readonly Manifests?: readonly ManifestSummary[];
  readonly RepoDigests: readonly string[];
  readonly RepoTags: readonly string[];
  /** -1 when it was not asked for. */
  readonly SharedSize: number;
  readonly Size: number;
}

/** One manifest of an image: of a platform, here or not. */
export interface ManifestSummary {
  readonly ID: string;
  readonly Descriptor: Descriptor;
  readonly Available: boolean;
  readonly Size: { readonly Content: number; readonly Total: number };
  readonly Kind: 'image' | 'attestation' | 'unknown';
  readonly ImageData?: {
    readonly Platform: Platform;
    readonly Containers: readonly string[];
    readonly Size: { readonly Unpacked: number };
  };
}

export interface ImageInspect {
  readonly Id: string;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
  readonly Comment?: string;
  readonly Created?: string;
  readonly Author?: string;
  readonly Config: RunConfig;
  readonly Architecture: string;
  readonly Variant?: string;
  readonly Os: string;
  readonly Size: number;
  readonly RootFS: { readonly Type: string; readonly Layers: readonly string[] };
  readonly Metadata: { readonly LastTagTime: string };
  readonly Descriptor: Descriptor;
  readonly Manifests?: readonly ManifestSummary[];
}

export interface HistoryItem {
  readonly Comment: string;
  /** Seconds since 1970. */
  readonly Created: number;
  readonly CreatedBy: string;
  readonly Id: string;
  readonly Size: number;
  readonly Tags: readonly string[] | null;
}

export type DeletedImage = { readonly Untagged: string } | { readonly Deleted: string };

export interface PrunedImages {
  readonly ImagesDeleted: readonly DeletedImage[] | null;
  readonly SpaceReclaimed: number;
}

export interface SearchResult {
  readonly star_count: number;
  readonly is_official: boolean;
  readonly name: string;
  readonly is_automated: boolean;
  readonly description: string;
}
