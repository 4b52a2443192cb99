import { rfc3339Nano } from '../../sim/clock.ts';
import { changeConfig } from '../../build/config.ts';
import { parseDockerfile } from '../../build/dockerfile/parse.ts';
import {
  encodeJson,
  type HistoryEntry,
  type ImageConfig,
  type RunConfig,
} from '../../oci/image.ts';
import { bytesBlob, describeLayer, layerOf, readManifest } from '../../oci/layer.ts';
import {
  familiarName,
  formatReference,
  parseReference,
  withDefaultTag,
} from '../../oci/reference.ts';
import { daemonOn } from '../actor.ts';
import { answer, fail } from '../answer.ts';
import type { ContainerConfig, EngineResponse } from '../api.ts';
import type { Containers } from '../containers.ts';
import type { ContainerRow } from './row.ts';
import { isRefusal } from './store.ts';

/**
 * `docker commit`: a container's own files as one more layer on its image (moby/moby v29.7
 * `daemon/commit.go`, `daemon/containerd/image_commit.go`).
 */
const COMMANDS = [
  ...['CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'ENV', 'EXPOSE', 'LABEL', 'ONBUILD', 'STOPSIGNAL'],
  ...['USER', 'VOLUME', 'WORKDIR'],
];

export interface CommitOptions {
  readonly container: string;
  readonly repository: string;
  readonly tag: string;
  readonly author: string;
  readonly comment: string;
  readonly pause: boolean;
  /** Dockerfile instructions. */
  readonly changes: readonly string[];
}

type Named = { readonly name: string; readonly familiar: string } | undefined;

export function commit(
  containers: Containers,
  machine: string,
  options: CommitOptions,
): EngineResponse {
  const { store, rooms } = containers;
  const named = nameOf(options);
  if (named && 'message' in named) return fail(400, named.message);
  const row = store.find(machine, options.container);
  if (isRefusal(row)) return fail(row.status, row.message);
  const { id, state } = row;
  if (state.dead) return fail(409, `You cannot commit container ${id} which is Dead`);
  if (state.removing) {
    return fail(409, `You cannot commit container ${id} which is being removed`);
  }
  const changed = applyChanges(row.config, options.changes);
  if ('message' in changed) return fail(400, changed.message);
  const pauses = options.pause && state.running && !state.paused;
  if (pauses) containers.pause(machine, id);
  const made = makeImage(containers, row, changed.config, options);
  if (pauses) containers.unpause(machine, id);
  if ('message' in made) return fail(500, made.message);
  if (named) rooms.containerd.content.name(machine, named.name, made.digest);
  const more = { comment: options.comment, imageID: made.digest, imageRef: named?.familiar ?? '' };
  store.emit(row, 'commit', more);
  return answer(201, { Id: made.digest });
}

/** `RepoTagReference`. */
function nameOf({ repository, tag }: CommitOptions): Named | { readonly message: string } {
  if (repository === '') return undefined;
  const parsed = parseReference(tag === '' ? repository : `${repository}:${tag}`);
  if (!parsed.ok) return { message: parsed.message };
  if (parsed.reference.digest !== undefined) {
    return { message: 'cannot import digest reference' };
  }
  const full = withDefaultTag(parsed.reference);
  return { name: formatReference(full), familiar: `${familiarName(full)}:${full.tag ?? ''}` };
}

function applyChanges(
  config: ContainerConfig,
  changes: readonly string[],
): { readonly config: RunConfig } | { readonly message: string } {
  let result = runConfigOf(config);
  if (changes.length === 0) return { config: result };
  for (const change of changes) {
    const word = /^\s*(\S+)/.exec(change)?.[1] ?? '';
    if (!COMMANDS.includes(word.toUpperCase())) {
      return { message: `${word.toUpperCase()} is not a valid change command` };
    }
  }
  const parsed = parseDockerfile(`FROM scratch\n${changes.join('\n')}\n`);
  if (!parsed.ok) return { message: withoutLine(parsed.error.message) };
  for (const step of parsed.dockerfile.stages[0]?.instructions ?? []) {
    if (step.kind === 'WORKDIR') {
      const { path } = step;
      const below = `${(result.WorkingDir ?? '').replace(/\/$/, '')}/${path}`;
      result = { ...result, WorkingDir: path.startsWith('/') ? path : below };
      continue;
    }
    const next = changeConfig(result, step);
    if (next && !next.ok) return { message: next.message };
    if (next) result = next.config;
  }
  return { config: result };
}

const withoutLine = (message: string): string =>
  message.replace(/^dockerfile parse error on line \d+: /, '');

/** What of a container's configuration an image keeps (`containerConfigToDockerOCIImageConfig`). */
function runConfigOf(config: ContainerConfig): RunConfig {
  const { Env, Cmd, Entrypoint, Volumes, Labels } = config;
  return {
    ...(config.User === '' ? {} : { User: config.User }),
    ...(config.ExposedPorts ? { ExposedPorts: config.ExposedPorts } : {}),
    ...(Env ? { Env } : {}),
    ...(Entrypoint ? { Entrypoint } : {}),
    ...(Cmd ? { Cmd } : {}),
    ...(Volumes ? { Volumes } : {}),
    ...(config.WorkingDir === '' ? {} : { WorkingDir: config.WorkingDir }),
    ...(Labels && Object.keys(Labels).length > 0 ? { Labels } : {}),
    ...(config.StopSignal ? { StopSignal: config.StopSignal } : {}),
    ...(config.Healthcheck ? { Healthcheck: config.Healthcheck } : {}),
    ...(config.Shell ? { Shell: config.Shell } : {}),
  };
}

function makeImage(
  { rooms }: Containers,
  row: ContainerRow,
  config: RunConfig,
  { author, comment }: CommitOptions,
): { readonly digest: string } | { readonly message: string } {
  const { machine, id } = row;
  const { containerd, kernel } = rooms;
  const { content } = containerd;
  const said = containerd.answer(machine, { op: 'layer', id });
  if (!said.ok) return { message: `failed to export layer: ${said.message}` };
  if (!content.blob(machine, row.digest)) {
    return { message: `content digest ${row.digest}: not found` };
  }
  const base = content.view(machine, row.digest);
  const manifest = readManifest(content.manifestOf(machine, row.digest));
  // Nothing changed: no layer, an empty line of history.
  const layer = said.entries.length === 0 ? undefined : layerOf(said.entries);
  const created = rfc3339Nano(kernel.now);
  const entry: HistoryEntry = {
    created,
    created_by: (row.config.Cmd ?? []).join(' '),
    ...(author === '' ? {} : { author }),
    ...(comment === '' ? {} : { comment }),
    ...(layer ? {} : { empty_layer: true }),
  };
  const own: ImageConfig = {
    ...base.config,
    created,
    ...(author === '' ? {} : { author }),
    config,
    rootfs: {
      type: 'layers',
      diff_ids: [...base.config.rootfs.diff_ids, ...(layer ? [layer.diffId] : [])],
    },
    history: [...base.config.history, entry],
  };
  const configBlob = bytesBlob(encodeJson(own));
  const { digest, size } = configBlob;
  const made = bytesBlob(
    encodeJson({
      ...manifest,
      config: { ...manifest.config, digest, size },
      layers: [...manifest.layers, ...(layer ? [describeLayer(layer)] : [])],
    }),
  );
  if (layer) {
    content.add(machine, layer.blob);
    content.unpack(machine, layer.blob.digest, base.chainId);
  }
  content.add(machine, configBlob);
  content.add(machine, made);
  kernel.record({ actor: daemonOn(machine), verb: 'commit', object: `container ${row.name}` });
  return { digest: made.digest };
}
