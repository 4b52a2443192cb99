import { ask, now, write, type Program } from '../sim/process.ts';
import { fetchConfig } from '../containerd/pull.ts';
import type { ImageConfig } from '../oci/image.ts';
import type { Platform } from '../oci/platform.ts';
import { builderService, type BuilderRequest } from './api.ts';
import type { WorkEvent } from './work.ts';

/**
 * Asks for an image's digest and configuration. As the daemon's builder does by default, the
 * registry is asked first, and an image of the machine serves when that fails
 * (moby/buildkit v0.32 `util/resolver/pool.go`, `ResolveModeDefault`).
 */
export interface MetadataArgs {
  readonly machine: string;
  readonly by: string;
  readonly reference: string;
  readonly platform?: Platform;
  readonly vertex: string;
  readonly name: string;
  readonly events: number;
}

export interface LocalImage {
  readonly digest: string;
  readonly config: ImageConfig;
}

/** What the builder knows before the registry is asked. */
export interface Lookup {
  /** The world has registries at all. */
  readonly canAsk: boolean;
  readonly local?: LocalImage;
}

export const metadata: Program<MetadataArgs, void> = function* (args) {
  const { machine, by, reference, platform, vertex, name, events } = args;
  const tell = (event: WorkEvent) => write(events, event);
  yield* tell({ kind: 'start', vertex, name, atMs: yield* now() });
  const own: BuilderRequest = { op: 'lookup', reference };
  const { canAsk, local } = yield* ask<Lookup>(builderService(machine), own);
  const wanted = platform === undefined ? {} : { platform };
  const found = yield* fetchConfig({ machine, by, reference, canAsk, ...wanted });
  if (found.ok) {
    const { digest, config } = found;
    yield* tell({ kind: 'metadata', vertex, answer: { ok: true, digest, config } });
  } else if (local) yield* tell({ kind: 'metadata', vertex, answer: { ok: true, ...local } });
  else {
    const error = found.message;
    const message = error.replace(/^failed to resolve reference "[^"]*": /, '');
    yield* tell({ kind: 'metadata', vertex, answer: { ok: false, message } });
    yield* tell({ kind: 'done', vertex, atMs: yield* now(), error });
    return;
  }
  yield* tell({ kind: 'done', vertex, atMs: yield* now() });
};
