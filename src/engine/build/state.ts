import { rfc3339Nano } from '../sim/clock.ts';
import { digestOfText } from '../oci/digest.ts';
import { MEDIA, type Descriptor, type HistoryEntry, type RunConfig } from '../oci/image.ts';
import type { CachedLayer } from './api.ts';

/** What a stage has come to after a step: its key in the cache, its layers, its configuration. */
export interface State {
  readonly key: string;
  readonly chainId: string;
  readonly layers: readonly Descriptor[];
  readonly diffIds: readonly string[];
  readonly config: RunConfig;
  readonly history: readonly HistoryEntry[];
  readonly args: Readonly<Record<string, string>>;
  /** Of the newest layer; undefined while there is none. */
  readonly createdMs: number | undefined;
}

/** The cache key of a step: what it is, and on what it stands. */
export const keyOf = (parts: readonly unknown[]): string => digestOfText(JSON.stringify(parts));
const COMMENT = 'buildkit.dockerfile.v0';

/** The state after a step's layer. */
export function advance(state: State, key: string, layer: CachedLayer, history: string): State {
  const created = rfc3339Nano(layer.createdMs);
  const { digest, size, diffId, chainId } = layer;
  const own = state.history.map((entry) => (entry.created === '' ? { ...entry, created } : entry));
  return {
    ...state,
    key,
    chainId,
    layers: [...state.layers, { mediaType: MEDIA.layerGzip, digest, size }],
    diffIds: [...state.diffIds, diffId],
    history: [...own, { created, created_by: history, comment: COMMENT }],
    createdMs: Math.max(state.createdMs ?? layer.createdMs, layer.createdMs),
  };
}

/** History without a layer has the time of the layer before; before the first, of the next. */
export function empty(words: string, { createdMs }: State): HistoryEntry {
  const created = createdMs === undefined ? '' : rfc3339Nano(createdMs);
  return { created, created_by: words, comment: COMMENT, empty_layer: true };
}

export function readEnv({ Env = [] }: RunConfig): Record<string, string> {
  return Object.fromEntries(
    Env.map((pair) => {
      const at = pair.indexOf('=');
      return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
