import {
  ask,
  close,
  join,
  now,
  open,
  read,
  record,
  start,
  write,
  type Call,
  type Program,
  type Resumption,
} from '../sim/process.ts';
import type { Credentials } from '../containerd/api.ts';
import { askContent } from '../containerd/fetch.ts';
import { RegistryClient, unexpected } from '../containerd/registry-client.ts';
import { isAvailable } from '../containerd/image-view.ts';
import type { Descriptor } from '../oci/image.ts';
import { readManifest, type Blob } from '../oci/layer.ts';
import { isIndexType, isLayerType } from '../oci/media-types.ts';
import { isPlatform, formatPlatform, type Platform } from '../oci/platform.ts';
import {
  familiarName,
  familiarString,
  formatReference,
  nameOf,
  parseReference,
  tagOrDigest,
  type Reference,
} from '../oci/reference.ts';
import { registryName } from '../oci/registry.ts';
import { daemonOn } from './actor.ts';
import { fail } from './answer.ts';
import type { EngineResponse } from './api.ts';
import { imageEventService, type ImageNews } from './image-store.ts';
import type { PushBlobArgs, Pushed } from './push-blob.ts';
import { PushProgress } from './push-progress.ts';
import { registryFailure } from './registry-failure.ts';

/**
 * docker push: up to five blobs at once, each asked for, mounted from another repository or sent,
 * then the manifests, then the index (moby/moby v29.7 `daemon/containerd/image_push.go`,
 * `progress.go`; containerd 2.2 `core/remotes/handlers.go`, `core/remotes/docker/pusher.go`).
 */
export interface PushArgs {
  readonly machine: string;
  /** The names to push; several with --all-tags. */
  readonly references: readonly string[];
  readonly repository: string;
  readonly stream: number;
  readonly canAsk: boolean;
  readonly platform?: Platform;
  readonly credentials?: Credentials;
}

type Step<T> = Generator<Call, T, Resumption>;

const PARALLEL = 5;

export const push: Program<PushArgs, EngineResponse> = function* (args, self) {
  const parsed = parseReference(args.repository);
  if (!parsed.ok) return fail(400, parsed.message);
  yield* write(args.stream, `The push refers to repository [${nameOf(parsed.reference)}]\n`);
  if (args.references.length === 0) {
    const name = familiarName(parsed.reference);
    return begun(fail(500, `An image does not exist locally with the tag: ${name}`));
  }
  for (const text of args.references) {
    const one = parseReference(text);
    const answer = one.ok ? yield* pushOne(args, one.reference, self.pid) : fail(400, one.message);
    if (answer.status >= 400) return begun(answer);
  }
  return { status: 200, body: {} };
};

/** The answer had begun before it went wrong. */
const begun = ({ status, body }: EngineResponse): EngineResponse => ({
  status,
  body: { ...(body as object), begun: true },
});

function* pushOne(args: PushArgs, reference: Reference, pid: number): Step<EngineResponse> {
  const { machine, stream } = args;
  const name = formatReference(reference);
  const digest = yield* askContent<string | undefined>(machine, { op: 'resolve', reference: name });
  if (digest === undefined) {
    return fail(404, `tag does not exist: ${familiarString(reference)}`);
  }
  const chosen = yield* chooseTarget(args, reference, digest);
  if ('status' in chosen) return chosen;
  const { target, manifests, note } = chosen;
  const object = `image ${name}`;
  yield* record({ actor: daemonOn(machine), verb: 'push', object });
  const client = new RegistryClient({ ...args, host: reference.domain });
  const blobs = yield* pushBlobs(args, reference, manifests, pid);
  if (blobs) return blobs;
  const documents = manifests.some((one) => one.digest === target.digest)
    ? [target]
    : [...manifests, target];
  for (const document of documents) {
    const at = document.digest === target.digest ? tagOrDigest(reference) : document.digest;
    const failure = yield* pushManifest(args, client, reference, document, at);
    if (failure) return failure;
  }
  if (reference.tag !== undefined) {
    const { tag } = reference;
    yield* write(stream, `${tag}: digest: ${target.digest} size: ${target.size}\n`);
  }
  if (note) yield* write(stream, note);
  yield* record({
    actor: daemonOn(machine),
    verb: 'pushed',
    object,
    detail: { digest: target.digest },
  });
  yield* ask(imageEventService, {
    machine,
    event: {
      Type: 'image',
      Action: 'push',
      ID: familiarString(reference),
      Attributes: { name: familiarName(reference) },
    },
  } satisfies ImageNews);
  return { status: 200, body: {} };
}

interface Target {
  readonly target: Descriptor;
  /** Its manifests, or itself. */
  readonly manifests: readonly Descriptor[];
  readonly note?: string;
}

/** An index goes whole, or else the one manifest of it that is here. */
function* chooseTarget(
  { machine, platform }: PushArgs,
  reference: Reference,
  digest: string,
): Step<Target | EngineResponse> {
  const target = yield* askContent<Descriptor>(machine, { op: 'describe', digest });
  const all = yield* askContent<Descriptor[]>(machine, { op: 'manifests', digest });
  const here: Descriptor[] = [];
  for (const one of all) if (yield* isHere(machine, one)) here.push(one);
  if (platform) {
    const fits = here.filter((one) => one.platform && isPlatform(platform, one.platform));
    const [manifest] = fits.length > 0 || isIndexType(target.mediaType) ? fits : here;
    if (manifest) return { target: plain(manifest), manifests: [plain(manifest)] };
    const wanted = formatPlatform(platform);
    const image = familiarString(reference);
    const why = `image with reference ${image} was found but does not provide the specified platform (${wanted})`;
    return fail(404, why);
  }
  if (!isIndexType(target.mediaType) || here.length === all.length) {
    return { target, manifests: here.map(plain) };
  }
  const [manifest] = here;
  if (!manifest) return fail(404, `content digest ${all[0]?.digest ?? digest}: not found`);
  return { target: plain(manifest), manifests: [plain(manifest)], note: noteOf(target, manifest) };
}

const plain = ({ mediaType, digest, size }: Descriptor): Descriptor => ({
  mediaType,
  digest,
  size,
});

const INDENT = ' '.repeat(' Info -> '.length);

/** docker/cli v29.7 `cli/command/image/push.go`, `handleAux`; `internal/tui/note.go`. */
const noteOf = (index: Descriptor, manifest: Descriptor): string =>
  '\n Info -> Not all multiplatform-content is present and only the available single-platform ' +
  `image was pushed\n${INDENT}${index.digest} -> ${manifest.digest}\n`;

function* isHere(machine: string, { digest }: Descriptor): Step<boolean> {
  const manifest = yield* askContent<Blob | undefined>(machine, { op: 'read', digest });
  if (!manifest) return false;
  const blobs = new Map<string, Blob | undefined>([[digest, manifest]]);
  const { config, layers } = readManifest(manifest);
  for (const part of [config, ...layers]) {
    const blob = yield* askContent<Blob | undefined>(machine, { op: 'read', digest: part.digest });
    blobs.set(part.digest, blob);
  }
  return isAvailable((one) => blobs.get(one), digest);
}

/** Everything the manifests need, five at a time; the failure if one of them failed. */
function* pushBlobs(
  args: PushArgs,
  reference: Reference,
  manifests: readonly Descriptor[],
  pid: number,
): Step<EngineResponse | undefined> {
  const { machine, stream } = args;
  const parts = new Map<string, Descriptor>();
  for (const { digest } of manifests) {
    const { config, layers } = readManifest(
      yield* askContent<Blob>(machine, { op: 'read', digest }),
    );
    for (const part of [...layers, config]) parts.set(part.digest, part);
  }
  const queue = `push ${pid}`;
  yield* askContent(machine, { op: 'queue', queue, blobs: [...parts.values()] });
  const news = yield* open();
  const { domain: host, path: repository } = reference;
  const { canAsk, credentials } = args;
  const who = credentials ? { credentials } : {};
  const job: PushBlobArgs = { machine, canAsk, ...who, host, repository, queue, news };
  const workers: number[] = [];
  for (let i = 0; i < Math.min(PARALLEL, parts.size); i++) {
    workers.push(yield* start('docker/push-blob', job));
  }
  const progress = new PushProgress(yield* now());
  let failure: Pushed['failure'];
  let left = parts.size;
  while (left > 0 && !failure) {
    const told = (yield* read<Pushed>(news)) ?? [];
    for (const one of told) {
      if (isLayerType(one.blob.mediaType)) progress.note(one);
      if (one.outcome) left -= 1;
      failure ??= one.failure;
    }
    yield* write(stream, progress.until(yield* now()));
  }
  for (const worker of workers) yield* join(worker);
  yield* close(news);
  yield* write(stream, progress.end());
  return failure ? registryFailure(failure) : undefined;
}

function* pushManifest(
  { machine }: PushArgs,
  client: RegistryClient,
  reference: Reference,
  { digest, mediaType, size }: Descriptor,
  at: string,
): Step<EngineResponse | undefined> {
  const path = `/v2/${reference.path}/manifests/${at}`;
  const head = yield* client.ask({ method: 'HEAD', path, headers: { accept: mediaType } });
  const there = head.ok && head.response.status === 200;
  if (there && head.response.headers['docker-content-digest'] === digest) return undefined;
  const body = yield* askContent<Blob>(machine, { op: 'read', digest });
  const startedMs = yield* now();
  const put = yield* client.ask(
    { method: 'PUT', path, body, headers: { 'content-type': mediaType } },
    size,
  );
  const durationMs = (yield* now()) - startedMs;
  const by = daemonOn(machine);
  yield* record({
    actor: by,
    verb: 'push-manifest',
    object: `image ${formatReference(reference)}`,
    detail: { digest },
    flow: {
      channel: 'bytes',
      from: by,
      to: registryName(reference.domain),
      bytes: size,
      durationMs,
    },
  });
  if (!put.ok) {
    const { message, details } = put.problem;
    const told = details === undefined ? {} : { details };
    return registryFailure({ ok: false, code: 'Unavailable', message, ...told });
  }
  if (put.response.status === 201) return undefined;
  return registryFailure(unexpected('PUT', put.url, put.response));
}
