import { all, ask, now, record, sleep, type Program } from '../sim/process.ts';
import { transfer, transitMs } from '../net/link.ts';
import { chainIds } from '../oci/digest.ts';
import { readManifest, readConfig, type Blob } from '../oci/layer.ts';
import { formatReference, parseReference, tagOrDigest, withDefaultTag } from '../oci/reference.ts';
import { askRegistry, registryName } from '../oci/registry.ts';
import type { Answers, Failure, ImageView, PullAnswer } from './api.ts';
import { contentService, notFound, type ContentRequest } from './content.ts';
import { FIGURES } from './figures.ts';

/**
 * Pulling an image: resolve the name to a digest, fetch the manifest, then the configuration and
 * the layers that are missing, a few at a time, then unpack them bottom up. Models containerd 2.2
 * `client/pull.go`, `core/remotes/docker/resolver.go`; the words of its errors included.
 *
 * Simplified: layers are unpacked after all were fetched, not while others still come.
 */
export interface PullArgs {
  readonly machine: string;
  readonly reference: string;
  /** Who pulls, by cast name. */
  readonly by: string;
  readonly knownHost: boolean;
  readonly unnamed?: boolean;
}

interface Source {
  readonly machine: string;
  readonly by: string;
  readonly host: string;
  readonly repository: string;
}

interface FetchArgs extends Source {
  readonly queue: string;
}

/** What became of each blob. */
interface Fetched {
  readonly digest: string;
  readonly present: boolean;
  readonly bytes: number;
  readonly durationMs: number;
  readonly failure?: Failure;
}

const askContent = <T>(machine: string, request: ContentRequest) =>
  ask<T>(contentService(machine), request);

export const pull: Program<PullArgs, PullAnswer | Failure> = function* (args, self) {
  const { machine, by } = args;
  const startedMs = yield* now();
  const parsed = parseReference(args.reference);
  if (!parsed.ok) return { ok: false, code: 'InvalidArgument', message: parsed.message };
  const reference = withDefaultTag(parsed.reference);
  const name = formatReference(reference);
  const source = { machine, by, host: reference.domain, repository: reference.path };
  const object = `image ${name}`;
  yield* record({ actor: by, verb: 'pull', object });
  const manifest = yield* fetchManifest(source, name, tagOrDigest(reference), args.knownHost);
  if ('code' in manifest) {
    const { code: reason, message } = manifest;
    yield* record({ actor: by, verb: 'pull-failed', object, reason, message });
    return manifest;
  }
  const { config, layers } = readManifest(manifest);
  const queue = `pull ${self.pid}`;
  const digests = [config.digest, ...layers.map((layer) => layer.digest)];
  yield* askContent(machine, { op: 'queue', queue, digests });
  const jobs = Array.from({ length: FIGURES.parallelFetches }, () => ({
    program: 'containerd/fetch',
    args: { ...source, queue } satisfies FetchArgs,
  }));
  const fetched = (yield* all<Fetched[]>(jobs)).flat();
  const failure = fetched.find((one) => one.failure)?.failure;
  if (failure) {
    yield* record({ actor: by, verb: 'pull-failed', object, message: failure.message });
    return failure;
  }
  yield* unpackAll(
    source,
    config.digest,
    layers.map((layer) => layer.digest),
  );
  const { digest } = manifest;
  const image = yield* askContent<ImageView>(
    machine,
    args.unnamed ? { op: 'view', digest } : { op: 'name', reference: name, digest },
  );
  const fetchedBytes = fetched.reduce((sum, { bytes }) => sum + bytes, 0);
  const durationMs = (yield* now()) - startedMs;
  yield* record({ actor: by, verb: 'pulled', object, detail: { fetchedBytes, durationMs } });
  return {
    ok: true,
    image,
    fetched: fetched.some((one) => !one.present),
    fetchedBytes,
    durationMs,
    layers: layers.map(({ digest: layer, size }) => {
      const one = fetched.find((f) => f.digest === layer);
      return {
        digest: layer,
        present: one?.present ?? true,
        bytes: size,
        durationMs: one?.durationMs ?? 0,
      };
    }),
  };
};

/** Name to digest: a HEAD request. */
function* resolveDigest(source: Source, name: string, wanted: string, knownHost: boolean) {
  const { machine, host, repository } = source;
  const url = `https://${host}/v2/${repository}/manifests/${wanted}`;
  const problem = (what: string): Failure => ({
    ok: false,
    code: 'Unavailable',
    message: `failed to resolve reference "${name}": failed to do request: Head "${url}": ${what}`,
  });
  if (!knownHost) return problem(`dial tcp: lookup ${host.split(':')[0] ?? host}: no such host`);
  const path = `/v2/${repository}/manifests/${wanted}`;
  const way = yield* transfer(machine, host, FIGURES.requestBytes);
  if (!way.ok) return problem('dial tcp: i/o timeout');
  const head = yield* askRegistry(host, { method: 'HEAD', path });
  yield* transfer(host, machine, FIGURES.requestBytes);
  if (head.status === 200) return head.headers['docker-content-digest']!;
  const resolving = `failed to resolve reference "${name}"`;
  const code = (head.json as { errors?: { code: string }[] } | undefined)?.errors?.[0]?.code;
  // Docker Hub does not tell strangers which repositories are there.
  if (host === 'docker.io' && code === 'NAME_UNKNOWN') {
    const denied =
      'pull access denied, repository does not exist or may require authorization: ' +
      'server message: insufficient_scope: authorization failed';
    return { ok: false, code: 'Unauthenticated', message: `${resolving}: ${denied}` } as const;
  }
  return notFound(`${resolving}: ${name}: not found`);
}

/** Name to manifest: fetched when it is not on the machine yet. */
function* fetchManifest(source: Source, name: string, wanted: string, knownHost: boolean) {
  const { machine, repository } = source;
  const digest = yield* resolveDigest(source, name, wanted, knownHost);
  if (typeof digest !== 'string') return digest;
  const got = yield* fetchBlob(source, digest, `/v2/${repository}/manifests/${digest}`);
  if (got.failure) return got.failure;
  return yield* askContent<Blob>(machine, { op: 'read', digest });
}

/** Which digest a name has at its registry now. */
export const resolve: Program<PullArgs, Answers['resolve']> = function* (args) {
  const { machine, by, knownHost } = args;
  const parsed = parseReference(args.reference);
  if (!parsed.ok) return { ok: false, code: 'InvalidArgument', message: parsed.message };
  const reference = withDefaultTag(parsed.reference);
  const source = { machine, by, host: reference.domain, repository: reference.path };
  const name = formatReference(reference);
  const digest = yield* resolveDigest(source, name, tagOrDigest(reference), knownHost);
  return typeof digest === 'string' ? { ok: true, digest } : digest;
};

/** Takes blobs off the pull's queue until it is empty; several of these run side by side. */
export const fetch: Program<FetchArgs, Fetched[]> = function* (args) {
  const done: Fetched[] = [];
  for (;;) {
    const digest = yield* askContent<string | undefined>(args.machine, {
      op: 'take',
      queue: args.queue,
    });
    if (digest === undefined) return done;
    done.push(yield* fetchBlob(args, digest, `/v2/${args.repository}/blobs/${digest}`));
  }
};

function* fetchBlob(source: Source, digest: string, path: string) {
  const { machine, host, by } = source;
  const claim = yield* askContent<'have' | 'yours'>(machine, { op: 'claim', digest });
  const object = `blob ${digest}`;
  if (claim === 'have') {
    yield* record({ actor: by, verb: 'skip', object, message: 'already exists' });
    return { digest, present: true, bytes: 0, durationMs: 0 };
  }
  const there = yield* transfer(machine, host, FIGURES.requestBytes);
  const response = there.ok ? yield* askRegistry(host, { method: 'GET', path }) : undefined;
  const blob = response?.blob;
  if (!blob) {
    yield* askContent(machine, { op: 'ingest', digest });
    const what = there.ok ? 'not found' : 'dial tcp: i/o timeout';
    const failure: Failure = {
      ok: false,
      code: there.ok ? 'NotFound' : 'Unavailable',
      message: `failed to copy: httpReadSeeker: failed open: ${what}: ${path}`,
    };
    return { digest, present: false, bytes: 0, durationMs: 0, failure };
  }
  const durationMs = yield* transitMs(host, machine, blob.size);
  const flow = { channel: 'bytes', from: registryName(host), to: by } as const;
  const detail = { bytes: blob.size, durationMs };
  yield* record({ actor: by, verb: 'fetch', object, flow: { ...flow, ...detail } });
  const back = yield* transfer(host, machine, blob.size);
  if (!back.ok) {
    yield* askContent(machine, { op: 'ingest', digest });
    const message = `failed to copy: read tcp: i/o timeout: ${path}`;
    const failure: Failure = { ok: false, code: 'Unavailable', message };
    return { digest, present: false, bytes: 0, durationMs: 0, failure };
  }
  yield* askContent(machine, { op: 'ingest', digest, blob });
  yield* record({ actor: by, verb: 'fetched', object, detail });
  return { digest, present: false, bytes: blob.size, durationMs };
}

function* unpackAll(source: Source, configDigest: string, layers: readonly string[]) {
  const { machine, by } = source;
  const config = readConfig(yield* askContent<Blob>(machine, { op: 'read', digest: configDigest }));
  const chain = chainIds(config.rootfs.diff_ids);
  let parent: string | undefined;
  for (const [i, digest] of layers.entries()) {
    const chainId = chain[i]!;
    if (!(yield* askContent<boolean>(machine, { op: 'has-snapshot', chainId }))) {
      const layer = yield* askContent<number>(machine, { op: 'unpacked-size', digest });
      const delayMs = FIGURES.unpackMs + Math.ceil(layer / FIGURES.unpackBytesPerMs);
      yield* sleep(delayMs);
      yield* askContent(machine, { op: 'unpack', digest, ...(parent ? { parent } : {}) });
      const detail = { bytes: layer, durationMs: delayMs };
      yield* record({ actor: by, verb: 'extract', object: `layer ${digest}`, detail });
    }
    parent = chainId;
  }
}
