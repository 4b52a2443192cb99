import {
  ask,
  join,
  open,
  read,
  start,
  write,
  type Call,
  type Program,
  type Resumption,
} from '../sim/process.ts';
import {
  containerdService,
  type Answers,
  type ContainerdRequest,
  type Credentials,
  type Failure,
  type PullProgress,
} from '../containerd/api.ts';
import { contentService } from '../containerd/content-request.ts';
import { RegistryClient, unexpected } from '../containerd/registry-client.ts';
import { shortDigest } from '../oci/digest.ts';
import { HOST_PLATFORM, type Platform } from '../oci/platform.ts';
import {
  familiarName,
  familiarString,
  formatReference,
  isNameOnly,
  parseReference,
  type Reference,
} from '../oci/reference.ts';
import { daemonOn } from './actor.ts';
import { fail } from './answer.ts';
import type { EngineResponse } from './api.ts';
import { DANGLING, imageEventService, type ImageNews } from './image-store.ts';
import { pullFailure, registryFailure } from './registry-failure.ts';

/**
 * docker pull, with the lines it prints when it does not write to a terminal, as they come
 * (moby/moby v29.7 `daemon/containerd/image_pull.go`, `progress.go`). Layers that are unpacked here
 * already are not shown.
 *
 * Simplified: a line is told when it is true, not at the next tenth of a second.
 */
export interface PullArgs {
  readonly machine: string;
  /** Without tag and digest: every tag of the repository. */
  readonly reference: string;
  readonly stream: number;
  readonly canAsk: boolean;
  readonly platform?: Platform;
  readonly credentials?: Credentials;
}

type Step<T> = Generator<Call, T, Resumption>;

/** Asks containerd while somebody else listens to the progress. */
export const askContainerd: Program<{ machine: string; request: ContainerdRequest }> = function* ({
  machine,
  request,
}) {
  return yield* ask(containerdService(machine), request);
};

export const pull: Program<PullArgs, EngineResponse> = function* (args) {
  const parsed = parseReference(args.reference);
  if (!parsed.ok) return fail(400, parsed.message);
  const { reference } = parsed;
  if (!isNameOnly(reference)) return yield* pullOne(args, reference);
  const tags = yield* listTags(args, reference);
  if (!('tags' in tags)) return tags;
  for (const [i, tag] of tags.tags.entries()) {
    const one = { ...reference, tag };
    const answer = yield* pullOne(args, one, i > 0);
    if (answer.status < 400) continue;
    const { message, begun } = answer.body as { message: string; begun?: true };
    const words = `error pulling ${formatReference(one)}: ${message}`;
    return { status: answer.status, body: { message: words, ...(begun ? { begun } : {}) } };
  }
  return { status: 200, body: {} };
};

function* listTags(
  args: PullArgs,
  { domain, path }: Reference,
): Step<{ tags: string[] } | EngineResponse> {
  const client = new RegistryClient({ ...args, host: domain });
  const asked = yield* client.ask({ method: 'GET', path: `/v2/${path}/tags/list` });
  if (!asked.ok) {
    const code = asked.problem.kind === 'unreachable' ? 'Unavailable' : 'Unauthenticated';
    const failure: Failure = { ok: false, code, message: asked.problem.message };
    return pullFailure(failure, familiarName({ domain, path }), HOST_PLATFORM);
  }
  if (asked.response.status === 200) return asked.response.json as { tags: string[] };
  return registryFailure(unexpected('GET', asked.url, asked.response));
}

function* pullOne(args: PullArgs, reference: Reference, begunBefore = false): Step<EngineResponse> {
  const { machine, stream, platform, credentials } = args;
  const name = formatReference(reference);
  const before = yield* resolve(machine, name);
  const progress = yield* open();
  const request: ContainerdRequest = {
    op: 'pull',
    reference: name,
    by: daemonOn(machine),
    progress,
    ...(platform ? { platform } : {}),
    ...(credentials ? { credentials } : {}),
  };
  const pid = yield* start('docker/ask-containerd', { machine, request });
  let begun = begunBefore;
  for (let more = yield* read<PullProgress>(progress); more;) {
    begun = true;
    yield* write(stream, more.map((one) => `${lineOf(one, reference)}\n`).join(''));
    more = yield* read<PullProgress>(progress);
  }
  const ending = yield* join(pid);
  const answer = ending.result as Answers['pull'];
  if (!answer.ok) {
    const refusal = pullFailure(answer, familiarName(reference), platform ?? HOST_PLATFORM);
    return begun ? { ...refusal, body: { ...(refusal.body as object), begun: true } } : refusal;
  }
  const { digest } = answer.image;
  yield* keepOld(machine, before, digest);
  const familiar = familiarString(reference);
  const status =
    before === digest
      ? `Image is up to date for ${familiar}`
      : `Downloaded newer image for ${familiar}`;
  yield* write(stream, `Digest: ${digest}\nStatus: ${status}\n`);
  const Attributes = { name: familiarName(reference) };
  yield* ask(imageEventService, {
    machine,
    event: { Type: 'image', Action: 'pull', ID: familiar, Attributes },
  } satisfies ImageNews);
  return { status: 200, body: {} };
}

const resolve = (machine: string, reference: string) =>
  ask<string | undefined>(contentService(machine), { op: 'resolve', reference });

/** What the name stood for before stays, without a name. */
function* keepOld(machine: string, before: string | undefined, digest: string) {
  yield* ask(contentService(machine), { op: 'unname', reference: DANGLING + digest });
  if (before === undefined || before === digest) return;
  yield* ask(contentService(machine), { op: 'keep', digest: before });
}

function lineOf(progress: PullProgress, reference: Reference): string {
  if (progress.kind === 'pulling') {
    return `${reference.tag ?? formatReference(reference)}: Pulling from ${reference.path}`;
  }
  const words = {
    begun: 'Pulling fs layer',
    exists: 'Already exists',
    downloaded: 'Download complete',
    extracted: 'Pull complete',
  }[progress.kind];
  return `${shortDigest(progress.digest)}: ${words}`;
}
