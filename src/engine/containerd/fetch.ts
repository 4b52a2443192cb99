import { ask, record, write, type Call, type Program, type Resumption } from '../sim/process.ts';
import { transitMs } from '../net/link.ts';
import type { Descriptor } from '../oci/image.ts';
import { isLayerType } from '../oci/media-types.ts';
import { registryName } from '../oci/registry.ts';
import type { Credentials, Failure, PullProgress } from './api.ts';
import { contentService, type ContentRequest } from './content-request.ts';
import { RegistryClient, unexpected } from './registry-client.ts';

/**
 * Fetching blobs from a registry into a machine's content store (containerd 2.2
 * `core/remotes/handlers.go`, `core/remotes/docker/fetcher.go`).
 */
export interface Source {
  readonly machine: string;
  /** Who fetches, by cast name. */
  readonly by: string;
  readonly host: string;
  readonly repository: string;
  readonly credentials?: Credentials;
  readonly canAsk: boolean;
  /** The blobs stay though no image is named. */
  readonly lease?: boolean;
  /** Where progress is told. */
  readonly progress?: number;
}

/** What became of a blob. */
export interface Fetched {
  readonly digest: string;
  readonly present: boolean;
  readonly bytes: number;
  readonly durationMs: number;
  readonly failure?: Failure;
}

export interface FetchArgs extends Source {
  readonly queue: string;
  readonly authorization?: string;
  /** Where each blob that came is told, see {@link Fetched}. */
  readonly arrivals: number;
}

type Step<T> = Generator<Call, T, Resumption>;

export const askContent = <T>(machine: string, request: ContentRequest) =>
  ask<T>(contentService(machine), request);

export function* tell(stream: number | undefined, progress: PullProgress): Step<void> {
  if (stream !== undefined) yield* write(stream, progress);
}

/** Takes blobs off the pull's queue until it is empty; several of these run side by side. */
export const fetch: Program<FetchArgs> = function* (args) {
  const client = new RegistryClient(args);
  for (;;) {
    const { machine, queue } = args;
    const next = yield* askContent<Descriptor | undefined>(machine, { op: 'take', queue });
    if (next === undefined) return;
    const fetched = yield* fetchBlob(args, client, next);
    yield* write(args.arrivals, fetched);
    if (fetched.failure) return;
  }
};

/** A blob of a repository, or a manifest by its digest. */
export function* fetchBlob(
  source: Source,
  client: RegistryClient,
  { digest, mediaType }: Descriptor,
  kind: 'blobs' | 'manifests' = 'blobs',
): Step<Fetched> {
  const { machine, host, by, repository, progress } = source;
  const isLayer = isLayerType(mediaType);
  const claim = yield* askContent<'have' | 'yours'>(machine, { op: 'claim', digest });
  const object = `blob ${digest}`;
  if (claim === 'have') {
    yield* askContent(machine, { op: 'add-source', digest, source: `${host} ${repository}` });
    yield* record({ actor: by, verb: 'skip', object, message: 'already exists' });
    if (isLayer) yield* tell(progress, { kind: 'exists', digest });
    return { digest, present: true, bytes: 0, durationMs: 0 };
  }
  const got = yield* download(source, client, digest, `/v2/${repository}/${kind}/${digest}`);
  if (isLayer && !got.failure) yield* tell(progress, { kind: 'downloaded', digest });
  return got;
}

/** Fetches what the asker has claimed; ends the claim in any case. */
function* download(
  source: Source,
  client: RegistryClient,
  digest: string,
  path: string,
): Step<Fetched> {
  const { machine, host, by, repository, lease } = source;
  const asked = yield* client.ask({ method: 'GET', path });
  const blob = asked.ok && asked.response.status === 200 ? asked.response.blob : undefined;
  if (!blob) {
    yield* askContent(machine, { op: 'ingest', digest });
    return { digest, present: false, bytes: 0, durationMs: 0, failure: failureOf(asked, path) };
  }
  const durationMs = yield* transitMs(client.end, machine, blob.size);
  const flow = { channel: 'bytes', from: registryName(host), to: by } as const;
  const detail = { bytes: blob.size, durationMs };
  const object = `blob ${digest}`;
  yield* record({ actor: by, verb: 'fetch', object, flow: { ...flow, ...detail } });
  if (!(yield* client.receive(blob.size))) {
    yield* askContent(machine, { op: 'ingest', digest });
    const message = `failed to copy: read tcp: i/o timeout: ${path}`;
    const failure: Failure = { ok: false, code: 'Unavailable', message };
    return { digest, present: false, bytes: 0, durationMs: 0, failure };
  }
  yield* askContent(machine, {
    op: 'ingest',
    digest,
    blob,
    source: `${host} ${repository}`,
    ...(lease ? { lease } : {}),
  });
  yield* record({ actor: by, verb: 'fetched', object, detail });
  return { digest, present: false, bytes: blob.size, durationMs };
}

type Outcome = ReturnType<RegistryClient['ask']> extends Step<infer T> ? T : never;

function failureOf(asked: Outcome, path: string): Failure {
  const copy = 'failed to copy: httpReadSeeker: failed open';
  if (!asked.ok) {
    const code = asked.problem.kind === 'unreachable' ? 'Unavailable' : 'Unauthenticated';
    return { ok: false, code, message: `${copy}: ${asked.problem.message}` };
  }
  if (asked.response.status === 404) {
    const message = `${copy}: content at ${asked.url} not found: not found`;
    return { ok: false, code: 'NotFound', message };
  }
  const failure = unexpected('GET', asked.url, asked.response);
  return { ...failure, message: `${copy}: ${failure.message || path}` };
}
