import {
  close,
  join,
  now,
  open,
  read,
  record,
  sleep,
  start,
  type Call,
  type Program,
  type Resumption,
} from '../sim/process.ts';
import { chainIds } from '../oci/digest.ts';
import type { Descriptor, ImageConfig } from '../oci/image.ts';
import { readConfig, readIndex, readManifest, type Blob } from '../oci/layer.ts';
import { isIndexType } from '../oci/media-types.ts';
import { HOST_PLATFORM, platformRank, type Platform } from '../oci/platform.ts';
import {
  formatReference,
  parseReference,
  tagOrDigest,
  withDefaultTag,
  type Reference,
} from '../oci/reference.ts';
import type { Answers, Credentials, Failure, ImageView, PullAnswer } from './api.ts';
import { askContent, fetchBlob, tell, type FetchArgs, type Fetched, type Source } from './fetch.ts';
import type { Unpacking } from './disk-speed.ts';
import { FIGURES } from './figures.ts';
import { RegistryClient, unexpected } from './registry-client.ts';

export { fetch } from './fetch.ts';

/**
 * Pulling an image: resolve the name to a digest, choose the manifest of the platform, then fetch
 * the configuration and the layers that are missing, a few at a time, each unpacked as soon as
 * those below it are (containerd 2.2 `client/pull.go`, `core/unpack/unpacker.go`,
 * `core/remotes/docker/resolver.go`; the words of its errors included).
 */
export interface PullArgs {
  readonly machine: string;
  readonly reference: string;
  /** Who pulls, by cast name. */
  readonly by: string;
  /** The world has registries at all. */
  readonly canAsk: boolean;
  readonly unnamed?: boolean;
  readonly platform?: Platform;
  readonly credentials?: Credentials;
  readonly progress?: number;
}

type Step<T> = Generator<Call, T, Resumption>;

export const pull: Program<PullArgs, PullAnswer | Failure> = function* (args, self) {
  const answer = yield* pullImage(args, self.pid);
  if (args.progress !== undefined) yield* close(args.progress);
  return answer;
};

function* pullImage(args: PullArgs, pid: number): Step<PullAnswer | Failure> {
  const { machine, by } = args;
  const startedMs = yield* now();
  const parsed = parseReference(args.reference);
  if (!parsed.ok) return { ok: false, code: 'InvalidArgument', message: parsed.message };
  const reference = withDefaultTag(parsed.reference);
  const name = formatReference(reference);
  const object = `image ${name}`;
  const source = sourceOf(args, reference);
  const client = new RegistryClient(source);
  yield* record({ actor: by, verb: 'pull', object });
  const found = yield* fetchManifests(source, client, reference, args.platform);
  const done = 'code' in found ? found : yield* fetchRest(source, client, found, pid);
  if ('code' in done) {
    const { code: reason, message } = done;
    yield* record({ actor: by, verb: 'pull-failed', object, reason, message });
    return done;
  }
  const { target, manifest } = found as Manifests;
  const { digest } = target;
  const wanted = args.platform === undefined ? {} : { platform: args.platform };
  if (!args.unnamed) yield* askContent(machine, { op: 'name', reference: name, digest });
  const view = yield* askContent<ImageView>(machine, { op: 'view', digest, ...wanted });
  const image = args.unnamed ? view : { ...view, reference: name };
  const fetchedBytes = done.fetched.reduce((sum, { bytes }) => sum + bytes, 0);
  const durationMs = (yield* now()) - startedMs;
  yield* record({ actor: by, verb: 'pulled', object, detail: { fetchedBytes, durationMs } });
  return {
    ok: true,
    image,
    fetched: done.fetched.some((one) => !one.present),
    fetchedBytes,
    durationMs,
    layers: layersOf(readManifest(manifest).layers, done.fetched),
  };
}

function layersOf(layers: readonly Descriptor[], fetched: readonly Fetched[]) {
  return layers.map(({ digest, size: bytes }) => {
    const one = fetched.find((f) => f.digest === digest);
    return {
      digest,
      present: one?.present ?? true,
      bytes,
      durationMs: one?.durationMs ?? 0,
    };
  });
}

function sourceOf(args: PullArgs, { domain, path }: Reference): Source {
  const { machine, by, canAsk, credentials, unnamed, progress } = args;
  return {
    machine,
    by,
    host: domain,
    repository: path,
    canAsk,
    ...(credentials ? { credentials } : {}),
    ...(unnamed ? { lease: true } : {}),
    ...(progress === undefined ? {} : { progress }),
  };
}

/**
 * Resolves a name and fetches no more than the configuration of its image, as a build does before it
 * knows whether it needs the layers. Gives the digest of what the name points at.
 */
export function* fetchConfig(
  args: PullArgs,
): Step<{ ok: true; digest: string; config: ImageConfig } | Failure> {
  const parsed = parseReference(args.reference);
  if (!parsed.ok) return { ok: false, code: 'InvalidArgument', message: parsed.message };
  const reference = withDefaultTag(parsed.reference);
  const source = sourceOf(args, reference);
  const client = new RegistryClient(source);
  const found = yield* fetchManifests(source, client, reference, args.platform);
  if ('code' in found) return found;
  const { config } = readManifest(found.manifest);
  const got = yield* fetchBlob(source, client, config);
  if (got.failure) return got.failure;
  const blob = yield* askContent<Blob>(args.machine, { op: 'read', digest: config.digest });
  return { ok: true, digest: found.target.digest, config: readConfig(blob) };
}

/** Name to digest: a HEAD request. */
function* resolveName(
  source: Source,
  client: RegistryClient,
  reference: Reference,
): Step<Descriptor | Failure> {
  const name = formatReference(reference);
  const resolving = `failed to resolve reference "${name}"`;
  const path = `/v2/${source.repository}/manifests/${tagOrDigest(reference)}`;
  const asked = yield* client.ask({ method: 'HEAD', path });
  if (!asked.ok) {
    const { kind, message, details } = asked.problem;
    if (kind === 'unreachable') {
      return { ok: false, code: 'Unavailable', message: `${resolving}: ${message}` };
    }
    const denied = 'pull access denied, repository does not exist or may require authorization: ';
    const words = kind === 'denied' ? denied + message : message;
    const code = 'Unauthenticated';
    const told = details === undefined ? {} : { details };
    return { ok: false, code, message: `${resolving}: ${words}`, ...told };
  }
  const { response, url } = asked;
  if (response.status === 404) {
    return { ok: false, code: 'NotFound', message: `${resolving}: ${name}: not found` };
  }
  if (response.status !== 200) return yield* refusal(client, resolving, path, response, url);
  const { headers } = response;
  return {
    mediaType: headers['content-type'] ?? '',
    digest: headers['docker-content-digest'] ?? '',
    size: Number(headers['content-length']),
  };
}

/** A HEAD says no more than its status; what is forbidden is asked again for the reason. */
function* refusal(
  client: RegistryClient,
  resolving: string,
  path: string,
  response: Parameters<typeof unexpected>[2],
  url: string,
): Step<Failure> {
  let told = response;
  if (response.status === 403) {
    const again = yield* client.ask({ method: 'GET', path });
    if (again.ok && again.response.status === 403) told = again.response;
  }
  const failure = unexpected('HEAD', url, told);
  return { ...failure, message: `${resolving}: ${failure.message}` };
}

/** What a name points at, and in it the manifest to use. */
interface Manifests {
  readonly target: Descriptor;
  readonly manifest: Blob;
}

function* fetchManifests(
  source: Source,
  client: RegistryClient,
  reference: Reference,
  platform: Platform = HOST_PLATFORM,
): Step<Manifests | Failure> {
  const target = yield* resolveName(source, client, reference);
  if ('code' in target) return target;
  const first = yield* fetchManifest(source, client, target);
  if ('code' in first) return first;
  if (!isIndexType(target.mediaType)) return yield* announced(source, { target, manifest: first });
  const ranked = readIndex(first).manifests.map((one) => ({
    one,
    rank: one.platform ? platformRank(platform, one.platform) : undefined,
  }));
  const [best] = ranked.filter(({ rank }) => rank !== undefined).sort((a, b) => a.rank! - b.rank!);
  if (!best) {
    return { ok: false, code: 'NotFound', message: 'no match for platform in manifest: not found' };
  }
  yield* tell(source.progress, { kind: 'pulling' });
  const manifest = yield* fetchManifest(source, client, best.one);
  return 'code' in manifest ? manifest : { target, manifest };
}

function* announced(source: Source, found: Manifests): Step<Manifests> {
  yield* tell(source.progress, { kind: 'pulling' });
  return found;
}

/** Fetched when it is not on the machine yet. */
function* fetchManifest(source: Source, client: RegistryClient, target: Descriptor) {
  const got = yield* fetchBlob(source, client, target, 'manifests');
  if (got.failure) return got.failure;
  return yield* askContent<Blob>(source.machine, { op: 'read', digest: target.digest });
}

/** The configuration, then the layers that are not unpacked yet. */
function* fetchRest(
  source: Source,
  client: RegistryClient,
  { manifest }: Manifests,
  pid: number,
): Step<{ fetched: Fetched[] } | Failure> {
  const { machine } = source;
  const { config, layers } = readManifest(manifest);
  if (layers.length > FIGURES.layerLimit) {
    const message = 'failed to unpack image on snapshotter overlayfs: max depth exceeded';
    return { ok: false, code: 'Unknown', message };
  }
  const first = yield* fetchBlob(source, client, config);
  if (first.failure) return first.failure;
  const blob = yield* askContent<Blob>(machine, { op: 'read', digest: config.digest });
  const chain = chainIds(readConfig(blob).rootfs.diff_ids);
  let begin = 0;
  for (; begin < layers.length; begin++) {
    const chainId = chain[begin] ?? '';
    if (!(yield* askContent<boolean>(machine, { op: 'has-snapshot', chainId }))) break;
    // Simplified: a layer of which only what it was unpacked to is left is fetched again at once.
    const { digest } = layers[begin]!;
    if (!(yield* askContent<Blob | undefined>(machine, { op: 'read', digest }))) break;
  }
  const left = layers.slice(begin);
  for (const { digest } of left) yield* tell(source.progress, { kind: 'begun', digest });
  const parent = begin === 0 ? undefined : chain[begin - 1];
  const rest = yield* fetchAndUnpack(source, client, left, parent, pid);
  return 'code' in rest ? rest : { fetched: [first, ...rest.fetched] };
}

/** Fetches layers side by side, and unpacks each when it and all below are there. */
function* fetchAndUnpack(
  source: Source,
  client: RegistryClient,
  layers: readonly Descriptor[],
  parent: string | undefined,
  pid: number,
): Step<{ fetched: Fetched[] } | Failure> {
  const { machine } = source;
  const queue = `pull ${pid}`;
  const wanted = layers.filter(
    ({ digest }, i) => layers.findIndex((o) => o.digest === digest) === i,
  );
  if (wanted.length === 0) return { fetched: [] };
  yield* askContent(machine, { op: 'queue', queue, blobs: wanted });
  const arrivals = yield* open();
  const workers: number[] = [];
  const { authorization } = client;
  const job = { ...source, queue, arrivals, ...(authorization ? { authorization } : {}) };
  for (let i = 0; i < Math.min(FIGURES.parallelFetches, wanted.length); i++) {
    workers.push(yield* start('containerd/fetch', job satisfies FetchArgs));
  }
  const fetched = new Map<string, Fetched>();
  let failure: Failure | undefined;
  let below = parent;
  let next = 0;
  while (!failure && fetched.size < wanted.length) {
    for (const one of (yield* read<Fetched>(arrivals)) ?? []) {
      fetched.set(one.digest, one);
      failure ??= one.failure;
    }
    for (; !failure && fetched.has(layers[next]?.digest ?? ''); next++) {
      below = yield* unpack(source, layers[next]!.digest, below);
    }
  }
  for (const worker of workers) yield* join(worker);
  yield* close(arrivals);
  return failure ?? { fetched: [...fetched.values()] };
}

function* unpack(source: Source, digest: string, parent: string | undefined): Step<string> {
  const { machine, by, progress } = source;
  const unpacking = yield* askContent<Unpacking>(machine, { op: 'unpacking', digest });
  yield* sleep(unpacking.durationMs);
  const on = parent === undefined ? {} : { parent };
  const chainId = yield* askContent<string>(machine, { op: 'unpack', digest, ...on });
  yield* record({
    actor: by,
    verb: 'extract',
    object: `layer ${digest}`,
    detail: { ...unpacking },
  });
  yield* tell(progress, { kind: 'extracted', digest });
  return chainId;
}

/** Which digest a name has at its registry now. */
export const resolve: Program<PullArgs, Answers['resolve']> = function* (args) {
  const parsed = parseReference(args.reference);
  if (!parsed.ok) return { ok: false, code: 'InvalidArgument', message: parsed.message };
  const reference = withDefaultTag(parsed.reference);
  const source = sourceOf(args, reference);
  const found = yield* resolveName(source, new RegistryClient(source), reference);
  return 'code' in found ? found : { ok: true, digest: found.digest };
};
