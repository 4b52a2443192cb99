import type { HistoryEntry, ImageConfig, RunConfig } from '../../oci/image.ts';
import { HOST_PLATFORM, type Platform } from '../../oci/platform.ts';

/** The configuration of an image while its stage is planned; history has no times yet. */
export interface DraftHistory {
  readonly created?: string;
  readonly created_by: string;
  readonly comment?: string;
  readonly empty_layer?: true;
}

export interface DraftImage {
  readonly platform: Platform;
  readonly author?: string;
  readonly config: RunConfig;
  readonly history: readonly DraftHistory[];
  readonly diffIds: readonly string[];
}

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const COMMENT = 'buildkit.dockerfile.v0';

/** What FROM scratch begins with (`dockerfile2llb/image.go`, `emptyImage`). */
export const emptyImage = (platform: Platform): DraftImage => ({
  platform,
  config: { Env: [`PATH=${DEFAULT_PATH}`], WorkingDir: '/' },
  history: [],
  diffIds: [],
});

export const draftOf = (image: ImageConfig): DraftImage => ({
  platform: {
    os: image.os || HOST_PLATFORM.os,
    architecture: image.architecture || HOST_PLATFORM.architecture,
    ...(image.variant === undefined ? {} : { variant: image.variant }),
  },
  ...(image.author === undefined ? {} : { author: image.author }),
  config: image.config,
  history: image.history,
  diffIds: image.rootfs.diff_ids,
});

/** One more entry; it has a layer of its own, or none. */
export function commit(image: DraftImage, words: string, withLayer: boolean): DraftImage {
  const entry: DraftHistory = {
    created_by: words,
    comment: COMMENT,
    ...(withLayer ? {} : { empty_layer: true }),
  };
  return { ...image, history: [...image.history, entry] };
}

export const configure = (image: DraftImage, change: RunConfig): DraftImage => ({
  ...image,
  config: { ...image.config, ...change },
});

/** Sets a variable of the list, where it stands or at the end. */
export function setEnv(env: readonly string[], key: string, value: string): string[] {
  const entry = `${key}=${value}`;
  const start = `${key}=`;
  const at = env.findIndex((pair) => pair.startsWith(start) || pair === key);
  return at === -1 ? [...env, entry] : env.map((pair, i) => (i === at ? entry : pair));
}

/** The last of those with a name counts. */
export function readEnv(env: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    env.map((pair) => {
      const at = pair.indexOf('=');
      return at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/**
 * History with a time for each entry: a layer's is its own; without a layer the time of the layer
 * before, or of the first new layer for those in front of it (moby/buildkit v0.32
 * `exporter/containerimage/writer.go`, `normalizeLayersAndHistory`).
 */
export function dateHistory(
  history: readonly DraftHistory[],
  layerTimes: readonly string[],
  otherwise: string,
): HistoryEntry[] {
  let layer = 0;
  const dated = history.map((entry) => {
    if (entry.empty_layer) return entry;
    const created = entry.created ?? layerTimes[layer];
    layer += 1;
    return created === undefined ? entry : { ...entry, created };
  });
  let created: string | undefined;
  let gap = false;
  for (const entry of dated) {
    if (entry.created !== undefined) {
      created = entry.created;
      if (gap) break;
    } else gap = true;
  }
  gap = false;
  return dated.map((entry) => {
    if (entry.created === undefined) gap = true;
    else if (gap) created = entry.created;
    const { created_by, comment, empty_layer } = entry;
    return {
      created: entry.created ?? created ?? otherwise,
      created_by,
      ...(comment === undefined ? {} : { comment }),
      ...(empty_layer ? { empty_layer } : {}),
    };
  });
}

const ORDER: readonly (keyof RunConfig)[] = [
  ...(['User', 'ExposedPorts', 'Env', 'Entrypoint', 'Cmd', 'Volumes', 'WorkingDir'] as const),
  ...(['Labels', 'StopSignal', 'ArgsEscaped', 'Healthcheck', 'OnBuild', 'Shell'] as const),
];

const sorted = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));

/** Fields in the order in which they are written, those that are empty left out. */
export function writtenConfig(config: RunConfig): RunConfig {
  const out: Record<string, unknown> = {};
  for (const key of ORDER) {
    const value = config[key];
    if (value === undefined || value === '') continue;
    if (Array.isArray(value) && value.length === 0 && key !== 'Cmd') continue;
    const isMap = key === 'ExposedPorts' || key === 'Volumes' || key === 'Labels';
    if (isMap && Object.keys(value).length === 0) continue;
    out[key] = isMap ? sorted(value as Record<string, unknown>) : value;
  }
  return out;
}
