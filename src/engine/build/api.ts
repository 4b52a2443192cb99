import type { Entry, LayerEntries } from '../oci/entry.ts';
import type { ImageConfig } from '../oci/image.ts';
import type { Platform } from '../oci/platform.ts';
import type { Vertex } from './ops.ts';

/** What the programs of a build ask of their machine's builder, the service `buildkit/MACHINE`. */

/** A file, directory or link of a build context, relative to its root. */
export interface ContextFile {
  readonly path: string;
  readonly entry: Entry;
}

/** A layer as an image's manifest has it, and when it was made. */
export interface BuiltLayer {
  readonly digest: string;
  readonly diffId: string;
  readonly size: number;
  readonly created: string;
}

/** What a vertex has come to: layers and their tree, or a context. */
export interface Result {
  /** Of the cache: what stands upon this result is known by it. */
  readonly key: string;
  readonly chainId: string;
  readonly layers: readonly BuiltLayer[];
  /** A context's name, when it is no image. */
  readonly context?: string;
}

/** Where a RUN's or a COPY's own doing is done. */
export interface StepRequest {
  /** Contexts are kept under it while the build lasts. */
  readonly build: string;
  readonly vertex: Vertex;
  readonly inputs: readonly Result[];
}

export type Probe =
  | { readonly found: 'hit'; readonly result: Result }
  | { readonly found: 'miss'; readonly keys: readonly string[] }
  | { readonly found: 'fault'; readonly message: string };

export type StepOutcome =
  | {
      readonly ok: true;
      readonly entries: LayerEntries;
      readonly durationMs: number;
    }
  | { readonly ok: false; readonly message: string };

export type BuilderRequest =
  | {
      readonly op: 'open';
      readonly build: string;
      readonly contexts: Readonly<Record<string, readonly ContextFile[]>>;
    }
  | { readonly op: 'close'; readonly build: string }
  /** What is transferred of a context: what changed since it was last built from. */
  | {
      readonly op: 'transfer';
      readonly build: string;
      readonly context: string;
      readonly paths: readonly string[];
    }
  | ({ readonly op: 'probe'; readonly noCache: boolean } & StepRequest)
  | ({ readonly op: 'step' } & StepRequest)
  /** Makes an image of the tree that a RUN begins with, to create its container from. */
  | {
      readonly op: 'stage';
      readonly id: string;
      readonly base: Result | undefined;
      readonly platform: string;
    }
  | { readonly op: 'unstage'; readonly id: string }
  /** What is below a path of an input, the path itself as `''`. */
  | {
      readonly op: 'subtree';
      readonly build: string;
      readonly input: Result | undefined;
      readonly path: string;
    }
  | { readonly op: 'mounted'; readonly id: string; readonly sizeBytes: number }
  | {
      readonly op: 'commit';
      readonly keys: readonly string[];
      readonly base: Result | undefined;
      readonly entries: LayerEntries;
      readonly description: string;
    }
  | {
      readonly op: 'merge';
      readonly keys: readonly string[];
      readonly inputs: readonly Result[];
      readonly description: string;
    }
  /** An image of which every layer is there. */
  | { readonly op: 'base'; readonly digest: string; readonly platform?: Platform }
  | { readonly op: 'lookup'; readonly reference: string }
  | {
      readonly op: 'export';
      readonly images: readonly ExportImage[];
      readonly names: readonly string[];
    }
  | { readonly op: 'files'; readonly chainId: string };

export interface ExportImage {
  readonly config: ImageConfig;
  readonly layers: readonly BuiltLayer[];
}

export interface ExportAnswer {
  /** Of the index, or of the manifest when there is one image. */
  readonly digest: string;
  readonly manifests: readonly { readonly digest: string; readonly configDigest: string }[];
}

/** A record of the build cache, as `docker buildx du` and `system df` show it. */
export interface CacheRecord {
  /** 25 characters, as BuildKit makes them. */
  readonly id: string;
  readonly type: 'regular' | 'source.local' | 'exec.cachemount';
  readonly description: string;
  readonly sizeBytes: number;
  readonly createdMs: number;
  readonly lastUsedMs: number;
  readonly usageCount: number;
  readonly parents: readonly string[];
  /** An image of the machine has its layer. */
  readonly shared: boolean;
  readonly inUse: boolean;
}

export const builderService = (machine: string): string => `buildkit/${machine}`;
