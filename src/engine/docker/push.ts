import { ask, record, write, type Program } from '../sim/process.ts';
import { contentService } from '../containerd/content.ts';
import { transfer, transitMs } from '../net/link.ts';
import { shortDigest } from '../oci/digest.ts';
import type { Descriptor } from '../oci/image.ts';
import { readManifest, type Blob } from '../oci/layer.ts';
import {
  familiarName,
  formatReference,
  nameOf,
  parseReference,
  tagOrDigest,
  withDefaultTag,
} from '../oci/reference.ts';
import { askRegistry, registryName } from '../oci/registry.ts';
import type { EngineResponse } from './api.ts';

/**
 * docker push: asks the registry for each blob and sends those it does not have, layers first, then
 * the configuration, then the manifest (moby/moby v29.7 `daemon/containerd/image_push.go`,
 * `progress.go`; containerd 2.2 `core/remotes/docker/pusher.go`).
 *
 * Simplified: one blob after another; the real one sends up to five at once, and says `Waiting` of
 * those whose turn has not come.
 */
export interface PushArgs {
  readonly machine: string;
  readonly reference: string;
  /** The manifest that the name points at; undefined when there is no such image. */
  readonly digest?: string;
  readonly knownHost: boolean;
  readonly stream: number;
}

const REQUEST_BYTES = 600;
const BY = 'docker';

interface Target {
  readonly machine: string;
  readonly host: string;
  readonly repository: string;
}

export const push: Program<PushArgs, EngineResponse> = function* (args) {
  const { machine, stream } = args;
  const fail = (message: string): EngineResponse => ({ status: 500, body: { message } });
  const parsed = parseReference(args.reference);
  if (!parsed.ok) return { status: 400, body: { message: parsed.message } };
  const reference = withDefaultTag(parsed.reference);
  const name = formatReference(reference);
  yield* write(stream, `The push refers to repository [${nameOf(reference)}]\n`);
  if (args.digest === undefined) {
    const tagged = `${familiarName(reference)}:${tagOrDigest(reference)}`;
    return fail(`tag does not exist: ${tagged}`);
  }
  const target: Target = { machine, host: reference.domain, repository: reference.path };
  const object = `image ${name}`;
  yield* record({ actor: BY, verb: 'push', object });
  const unreachable = (path: string, what: string) =>
    fail(
      `failed to do request: Head "https://${target.host}/v2/${target.repository}/${path}": ${what}`,
    );
  const manifest = yield* readBlob(machine, args.digest);
  const { config, layers } = readManifest(manifest);
  if (!args.knownHost) {
    const host = target.host.split(':')[0] ?? '';
    const what = `dial tcp: lookup ${host}: no such host`;
    return unreachable(`blobs/${(layers[0] ?? config).digest}`, what);
  }
  for (const descriptor of [...layers, config]) {
    const outcome = yield* pushBlob(target, descriptor);
    if (outcome === 'unreachable') {
      return unreachable(`blobs/${descriptor.digest}`, 'dial tcp: i/o timeout');
    }
    if (descriptor !== config) {
      const words = outcome === 'exists' ? 'Layer already exists' : 'Pushed';
      yield* write(stream, `${shortDigest(descriptor.digest)}: ${words}\n`);
    }
  }
  const tag = tagOrDigest(reference);
  const sent = yield* transfer(machine, target.host, manifest.size);
  if (!sent.ok) return unreachable(`manifests/${tag}`, 'dial tcp: i/o timeout');
  yield* record({
    actor: BY,
    verb: 'push-manifest',
    object,
    detail: { digest: manifest.digest },
    flow: {
      channel: 'bytes',
      from: BY,
      to: registryName(target.host),
      bytes: manifest.size,
      durationMs: sent.durationMs,
    },
  });
  const put = yield* askRegistry(target.host, {
    method: 'PUT',
    path: `/v2/${target.repository}/manifests/${tag}`,
    body: manifest,
  });
  if (put.status !== 201) return fail(`unexpected status from PUT request: ${put.status}`);
  yield* write(stream, `${tag}: digest: ${manifest.digest} size: ${manifest.size}\n`);
  yield* record({ actor: BY, verb: 'pushed', object, detail: { digest: manifest.digest } });
  return { status: 200, body: {} };
};

const readBlob = (machine: string, digest: string) =>
  ask<Blob>(contentService(machine), { op: 'read', digest });

function* pushBlob({ machine, host, repository }: Target, descriptor: Descriptor) {
  const { digest, size } = descriptor;
  const object = `blob ${digest}`;
  const asked = yield* transfer(machine, host, REQUEST_BYTES);
  if (!asked.ok) return 'unreachable' as const;
  const head = yield* askRegistry(host, {
    method: 'HEAD',
    path: `/v2/${repository}/blobs/${digest}`,
  });
  yield* transfer(host, machine, REQUEST_BYTES);
  if (head.status === 200) {
    yield* record({ actor: BY, verb: 'push-skip', object, detail: { bytes: size } });
    return 'exists' as const;
  }
  const begun = yield* askRegistry(host, {
    method: 'POST',
    path: `/v2/${repository}/blobs/uploads/`,
  });
  const durationMs = yield* transitMs(machine, host, size);
  const to = registryName(host);
  const flow = { channel: 'bytes', from: BY, to, bytes: size, durationMs } as const;
  yield* record({ actor: BY, verb: 'push-blob', object, detail: { bytes: size }, flow });
  const sent = yield* transfer(machine, host, size);
  if (!sent.ok) return 'unreachable' as const;
  const location = begun.headers.location!;
  const body = yield* readBlob(machine, digest);
  yield* askRegistry(host, { method: 'PUT', path: `${location}?digest=${digest}`, body });
  yield* record({ actor: to, verb: 'store', object, detail: { bytes: size } });
  return 'pushed' as const;
}
