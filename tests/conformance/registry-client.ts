import { digestOf } from '../../src/engine/oci/digest.ts';
import { encodeJson, type Manifest } from '../../src/engine/oci/image.ts';
import { MEDIA } from '../../src/engine/oci/media-types.ts';
import {
  Registries,
  type RegistryOptions,
  type RegistryRequest,
  type RegistryResponse,
} from '../../src/engine/oci/registry.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import { Processes } from '../../src/engine/sim/processes.ts';

/** A client of one registry, for rows that speak of its requests. */
const HOST = 'registry.test:5000';
export const NAME = 'team/web';
const encoder = new TextEncoder();
export const BODY = encoder.encode('0123456789');
export const DIGEST = digestOf(BODY);
export const NOWHERE = digestOf(encoder.encode('nowhere'));

export type Method = RegistryRequest['method'];
type Headers = Readonly<Record<string, string>>;

/** A registry of its own for each row, and a client that follows locations. */
export class Client {
  readonly #registries: Registries;

  constructor(options: RegistryOptions = {}) {
    const kernel = new Kernel({ seed: 1 });
    this.#registries = new Registries(kernel, new Processes(kernel));
    this.#registries.addHost(HOST, options);
  }

  ask(method: Method, path: string, body?: Uint8Array, headers?: Headers): RegistryResponse {
    const request = { method, path, ...(body ? { body } : {}), ...(headers ? { headers } : {}) };
    return this.#registries.handle(HOST, request);
  }

  begin(name = NAME): string {
    return this.ask('POST', `/v2/${name}/blobs/uploads/`).headers.location ?? '';
  }

  pushBlob(body: Uint8Array, name = NAME): RegistryResponse {
    return this.ask('PUT', `${this.begin(name)}?digest=${digestOf(body)}`, body);
  }

  pushManifest(tag: string, extra: Partial<Manifest> = {}): RegistryResponse {
    this.pushBlob(BODY);
    return this.ask('PUT', `/v2/${NAME}/manifests/${tag}`, manifestOf(extra), {
      'content-type': MEDIA.manifest,
    });
  }
}

export function manifestOf(extra: Partial<Manifest> = {}, config = DIGEST): Uint8Array {
  return encodeJson({
    schemaVersion: 2,
    mediaType: MEDIA.manifest,
    config: { mediaType: MEDIA.config, digest: config, size: BODY.length },
    layers: [],
    ...extra,
  });
}
