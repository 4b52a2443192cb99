import type { Descriptor } from '../oci/image.ts';
import type { Blob } from '../oci/layer.ts';
import type { Platform } from '../oci/platform.ts';

export const contentService = (machine: string): string => `content/${machine}`;

/** What programs ask of `content/MACHINE`. */
export type ContentRequest =
  | { readonly op: 'read'; readonly digest: string }
  /** Gives {@link Unpacking}. */
  | { readonly op: 'unpacking'; readonly digest: string }
  /** `have` when it is there, also after waiting for another's fetch; else it is the asker's. */
  | { readonly op: 'claim'; readonly digest: string }
  /** Ends a claim, with the blob or without. */
  | {
      readonly op: 'ingest';
      readonly digest: string;
      readonly blob?: Blob;
      /** The registry and repository it is from. */
      readonly source?: string;
      /** Kept though no image needs it: what a build stands on. */
      readonly lease?: boolean;
    }
  | { readonly op: 'sources'; readonly digest: string }
  | { readonly op: 'add-source'; readonly digest: string; readonly source: string }
  | { readonly op: 'has-snapshot'; readonly chainId: string }
  | { readonly op: 'unpack'; readonly digest: string; readonly parent?: string }
  | { readonly op: 'name'; readonly reference: string; readonly digest: string }
  | { readonly op: 'view'; readonly digest: string; readonly platform?: Platform }
  | { readonly op: 'resolve'; readonly reference: string }
  | { readonly op: 'unname'; readonly reference: string }
  /** An image that has no name any more is kept without one. */
  | { readonly op: 'keep'; readonly digest: string }
  | { readonly op: 'describe'; readonly digest: string }
  | { readonly op: 'manifests'; readonly digest: string }
  | { readonly op: 'queue'; readonly queue: string; readonly blobs: readonly Descriptor[] }
  | { readonly op: 'take'; readonly queue: string };
