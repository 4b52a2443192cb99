import type { LayerEntries } from '../oci/entry.ts';
import type { ImageConfig, Manifest } from '../oci/image.ts';
import type { ContextFile, CopySpec } from './context.ts';
import type { RunRequest } from './run/run.ts';

/** What the build program asks of its machine's builder, the service `buildkit/MACHINE`. */
export interface CachedLayer {
  readonly chainId: string;
  readonly digest: string;
  readonly diffId: string;
  readonly size: number;
  readonly createdMs: number;
}

/** Which files of a step's tree change, before the step has taken its time. */
export type StepWork =
  | { readonly do: 'copy'; readonly spec: CopySpec; readonly context: readonly ContextFile[] }
  | { readonly do: 'run'; readonly request: RunRequest }
  | { readonly do: 'workdir'; readonly path: string };

export interface StepOutcome {
  readonly ok: boolean;
  readonly entries: LayerEntries;
  readonly durationMs: number;
  readonly output: readonly string[];
  readonly exitCode: number;
  readonly simplified: readonly string[];
}

export type BuilderRequest =
  | { readonly op: 'lookup'; readonly key: string }
  | { readonly op: 'work'; readonly chainId: string; readonly work: StepWork }
  | {
      readonly op: 'commit';
      readonly key: string;
      readonly chainId: string;
      readonly entries: LayerEntries;
    }
  | { readonly op: 'base'; readonly digest: string }
  | {
      readonly op: 'export';
      readonly config: ImageConfig;
      readonly manifest: Omit<Manifest, 'config'>;
      readonly configType: string;
      readonly names: readonly string[];
    };

export interface ExportAnswer {
  readonly digest: string;
  readonly configDigest: string;
}

export const builderService = (machine: string): string => `buildkit/${machine}`;
