import { now, record, write, type Call, type Program, type Resumption } from '../sim/process.ts';
import { transitMs } from '../net/link.ts';
import type { Failure } from '../containerd/api.ts';
import { askContent } from '../containerd/fetch.ts';
import {
  RegistryClient,
  unexpected,
  type ClientOptions,
  type Problem,
} from '../containerd/registry-client.ts';
import type { Descriptor } from '../oci/image.ts';
import type { Blob } from '../oci/layer.ts';
import { registryName } from '../oci/registry.ts';
import { daemonOn } from './actor.ts';

/** One of the workers of a push: takes blobs off its queue until it is empty. */
export interface PushBlobArgs extends ClientOptions {
  /** Within its registry. */
  readonly repository: string;
  readonly queue: string;
  /** Where it tells of each blob: taken up, heard of, done. */
  readonly news: number;
}

export interface Pushed {
  readonly blob: Descriptor;
  readonly atMs: number;
  readonly outcome?: 'exists' | 'mounted' | 'pushed' | 'failed';
  readonly mountedFrom?: string;
  readonly failure?: Failure;
}

type Step<T> = Generator<Call, T, Resumption>;
type Outcome = Pick<Pushed, 'outcome' | 'mountedFrom' | 'failure'>;

export const pushBlobs: Program<PushBlobArgs> = function* (args) {
  const { machine, queue, news } = args;
  const client = new RegistryClient(args);
  for (;;) {
    const blob = yield* askContent<Descriptor | undefined>(machine, { op: 'take', queue });
    if (blob === undefined) return;
    yield* write(news, { blob, atMs: yield* now() } satisfies Pushed);
    const outcome = yield* pushBlob(args, client, blob);
    yield* write(news, { blob, atMs: yield* now(), ...outcome } satisfies Pushed);
    if (outcome.failure) return;
  }
};

function* pushBlob(args: PushBlobArgs, client: RegistryClient, blob: Descriptor): Step<Outcome> {
  const { machine, host, repository, news } = args;
  const { digest, size } = blob;
  const head = yield* client.ask({ method: 'HEAD', path: `/v2/${repository}/blobs/${digest}` });
  if (!head.ok && head.problem.kind !== 'denied') return failed(head.problem);
  yield* write(news, { blob, atMs: yield* now() } satisfies Pushed);
  const object = `blob ${digest}`;
  const source = `${host} ${repository}`;
  if (head.ok && head.response.status === 200) {
    yield* askContent(machine, { op: 'add-source', digest, source });
    yield* record({ actor: daemonOn(machine), verb: 'push-skip', object, detail: { bytes: size } });
    return { outcome: 'exists' };
  }
  if (head.ok && head.response.status !== 404) {
    return { outcome: 'failed', failure: unexpected('HEAD', head.url, head.response) };
  }
  const from = mountCandidate(
    yield* askContent(machine, { op: 'sources', digest }),
    host,
    repository,
  );
  const mount = from === undefined ? '' : `?mount=${digest}&from=${from}`;
  const path = `/v2/${repository}/blobs/uploads/`;
  const begun = yield* client.ask({ method: 'POST', path: path + mount });
  if (!begun.ok) return failed(begun.problem, 'push access denied, ');
  const { status, headers } = begun.response;
  if (status === 201 && from !== undefined) {
    yield* askContent(machine, { op: 'add-source', digest, source });
    yield* record({
      actor: daemonOn(machine),
      verb: 'mount',
      object,
      detail: { bytes: size, from },
    });
    return { outcome: 'mounted', mountedFrom: from };
  }
  if (status !== 202) {
    return { outcome: 'failed', failure: unexpected('POST', begun.url, begun.response) };
  }
  return yield* send(args, client, blob, headers.location ?? '');
}

function* send(
  { machine, host, repository }: PushBlobArgs,
  client: RegistryClient,
  { digest, size }: Descriptor,
  location: string,
): Step<Outcome> {
  const [by, to] = [daemonOn(machine), registryName(host)];
  const object = `blob ${digest}`;
  const durationMs = yield* transitMs(machine, client.end, size);
  const flow = { channel: 'bytes', from: by, to, bytes: size, durationMs } as const;
  yield* record({ actor: by, verb: 'push-blob', object, detail: { bytes: size }, flow });
  const body = yield* askContent<Blob>(machine, { op: 'read', digest });
  const mark = location.includes('?') ? '&' : '?';
  const path = `${location}${mark}digest=${digest}`;
  const put = yield* client.ask({ method: 'PUT', path, body }, size);
  if (!put.ok) return failed(put.problem);
  if (put.response.status !== 201) {
    return { outcome: 'failed', failure: unexpected('PUT', put.url, put.response) };
  }
  yield* askContent(machine, { op: 'add-source', digest, source: `${host} ${repository}` });
  yield* record({ actor: to, verb: 'store', object, detail: { bytes: size } });
  return { outcome: 'pushed' };
}

function failed({ kind, message, details }: Problem, access = ''): Outcome {
  const why = 'repository does not exist or may require authorization: ';
  const words = kind === 'denied' && access !== '' ? `${access}${why}${message}` : message;
  const told = details === undefined ? {} : { details };
  const code = kind === 'unreachable' ? 'Unavailable' : 'Unauthenticated';
  return { outcome: 'failed', failure: { ok: false, code, message: words, ...told } };
}

/** Of the repositories at this host that have the blob, the one whose name is most alike. */
function mountCandidate(
  sources: readonly string[],
  host: string,
  repository: string,
): string | undefined {
  const parts = repository.split('/');
  let best: { repository: string; score: number } | undefined;
  for (const source of sources) {
    const [at, other = ''] = source.split(' ');
    if (at !== host || other === repository) continue;
    const score = other.split('/').filter((part, i) => parts[i] === part).length;
    if (!best || score > best.score) best = { repository: other, score };
  }
  return best?.repository;
}
