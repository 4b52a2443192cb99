import type { Call, Program, Resumption } from '../sim/process.ts';
import type { Credentials, Failure } from '../containerd/api.ts';
import { RegistryClient, unexpected } from '../containerd/registry-client.ts';
import type { Descriptor, ImageConfig, Index, Manifest } from '../oci/image.ts';
import { readJsonBlob } from '../oci/layer.ts';
import { isIndexType } from '../oci/media-types.ts';
import { HOST_PLATFORM, type Platform } from '../oci/platform.ts';
import { familiarName, parseReference, tagOrDigest, withDefaultTag } from '../oci/reference.ts';
import { answer, fail } from './answer.ts';
import type { EngineResponse } from './api.ts';
import { pullFailure, registryFailure } from './registry-failure.ts';

/**
 * `GET /distribution/NAME/json`: what a registry says of an image, without pulling it (moby/moby
 * v29.7 `daemon/server/router/distribution/distribution_routes.go`).
 */
export interface DistributionArgs {
  readonly machine: string;
  readonly reference: string;
  readonly canAsk: boolean;
  readonly credentials?: Credentials;
}

type Step<T> = Generator<Call, T, Resumption>;
type Read = { readonly value: unknown; readonly descriptor: Descriptor };

export const inspectDistribution: Program<DistributionArgs, EngineResponse> = function* (args) {
  const parsed = parseReference(args.reference);
  if (!parsed.ok) return fail(400, parsed.message);
  const reference = withDefaultTag(parsed.reference);
  const client = new RegistryClient({ ...args, host: reference.domain });
  const base = `/v2/${reference.path}`;
  const name = familiarName(reference);
  const target = yield* get(client, `${base}/manifests/${tagOrDigest(reference)}`, name);
  if ('status' in target) return target;
  const { value, descriptor } = target;
  if (isIndexType(descriptor.mediaType)) {
    const { manifests } = value as Index;
    const Platforms = manifests.flatMap(({ platform }) => (platform ? [platform] : []));
    return answer(200, { Descriptor: descriptor, Platforms });
  }
  const { config } = value as Manifest;
  const read = yield* get(client, `${base}/blobs/${config.digest}`, name);
  if ('status' in read) return read;
  const { os, architecture, variant } = read.value as ImageConfig;
  const platform: Platform = { architecture, os, ...(variant === undefined ? {} : { variant }) };
  return answer(200, { Descriptor: descriptor, Platforms: [platform] });
};

function* get(client: RegistryClient, path: string, name: string): Step<Read | EngineResponse> {
  const asked = yield* client.ask({ method: 'GET', path });
  if (!asked.ok) {
    const code = asked.problem.kind === 'unreachable' ? 'Unavailable' : 'Unauthenticated';
    const failure: Failure = { ok: false, code, message: asked.problem.message };
    return pullFailure(failure, name, HOST_PLATFORM);
  }
  const { response, url } = asked;
  if (response.status !== 200 || !response.blob) {
    return registryFailure(unexpected('GET', url, response));
  }
  const { headers, blob } = response;
  const descriptor = {
    mediaType: headers['content-type'] ?? '',
    digest: headers['docker-content-digest'] ?? blob.digest,
    size: blob.size,
  };
  return { value: readJsonBlob(blob), descriptor };
}
