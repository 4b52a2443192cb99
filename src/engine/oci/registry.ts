import type { Kernel } from '../sim/kernel.ts';
import { ask } from '../sim/process.ts';
import type { Processes } from '../sim/processes.ts';
import { readJsonBlob, type Blob } from './layer.ts';
import { MEDIA } from './media-types.ts';
import { isRepository } from './reference.ts';
import { Access, type AccessRules, type RegistryFault } from './registry/access.ts';
import { handleBlob } from './registry/blobs.ts';
import { listRepositories, listTags } from './registry/lists.ts';
import { handleManifest, handleReferrers } from './registry/manifests.ts';
import { Storage, type Catalogue } from './registry/storage.ts';
import { handleUpload, type UploadRules } from './registry/uploads.ts';
import {
  failure,
  parseQuery,
  respond,
  type RegistryRequest,
  type RegistryResponse,
} from './registry/wire.ts';

export type { AccessRules, RegistryFault } from './registry/access.ts';
export type { Catalogue, StockedImage } from './registry/storage.ts';
export type { RegistryRequest, RegistryResponse, WireError } from './registry/wire.ts';
export { errorsOf } from './registry/wire.ts';

/**
 * Registries: the distribution API (distribution-spec v1.1) as request handlers, one service per
 * host, `registry/registry.local:5000`. Method, path, headers and body go in; status, headers and
 * body come out, as over http.
 *
 * Time is not spent here: who asks pays for the way (`net/link.ts`).
 */
export interface RegistryOptions extends UploadRules {
  /** `open` when left out. */
  readonly access?: AccessRules;
  /** `https` with a certificate that all trust, one that none trusts, or plain `http`. */
  readonly transport?: Transport;
}

export type Transport = 'https' | 'https-untrusted' | 'http';

export const registryService = (host: string): string => `registry/${host}`;

/** How a host is called in the trace: `registry` for registry.local:5000. */
export const registryName = (host: string): string =>
  host === 'docker.io' ? host : (host.split(/[.:]/)[0] ?? host);

/** Where requests for a host go: Docker Hub's registry has a name of its own. */
export const endpointOf = (host: string): string =>
  host === 'docker.io' ? 'registry-1.docker.io' : host;

/** Where a host's registry is. */
export interface RegistryAt {
  /** Its name in the service of all registries. */
  readonly key: string;
  /** The end of the link that leads to it. */
  readonly end: string;
  readonly transport: Transport;
}

/** An address at which nobody listens: `127.0.0.1:5000`. */
export interface Refused {
  readonly refused: string;
}

/** Finds a registry that is not a host of the world: a program that listens on a machine. */
export type Locator = (machine: string, host: string) => RegistryAt | Refused | undefined;

/** For programs: who answers to a host's name; undefined when the name means nothing. */
export const lookUpRegistry = (host: string, machine: string) =>
  ask<RegistryAt | Refused | undefined>('registry', {
    op: 'look-up',
    host,
    machine,
  } satisfies RegistryOrder);

/** For programs: one request to a registry that was found. */
export const askAt = ({ key }: RegistryAt, request: RegistryRequest) =>
  ask<RegistryResponse>('registry', { op: 'request', key, request } satisfies RegistryOrder);

/** For programs: what an administrator asks a registry beside the distribution API. */
export type RegistryOrder =
  | { readonly op: 'look-up'; readonly host: string; readonly machine: string }
  | { readonly op: 'request'; readonly key: string; readonly request: RegistryRequest }
  | { readonly op: 'ecr-password'; readonly host: string }
  | { readonly op: 'create-repository'; readonly host: string; readonly repository: string };

export class Registries {
  readonly #processes: Processes;
  readonly #storage: Storage;
  readonly #access: Access;
  readonly #options = new Map<string, RegistryOptions>();
  #locator: Locator = () => undefined;

  constructor(kernel: Kernel, processes: Processes) {
    this.#processes = processes;
    this.#storage = new Storage(kernel);
    this.#access = new Access(kernel, this.#storage);
    processes.service<RegistryOrder>('registry', (order) => this.obey(order));
  }

  addHost(host: string, options: RegistryOptions = {}): void {
    this.#options.set(host, options);
    if (options.access) this.#access.setRules(host, options.access);
    this.#processes.service<RegistryRequest>(registryService(host), (request) =>
      this.handle(host, request),
    );
  }

  has(host: string): boolean {
    return this.#options.has(host);
  }

  /** Says where registries are that are no hosts of the world. */
  locateBy(locator: Locator): void {
    this.#locator = locator;
  }

  /** A host whose images are put there when they are first asked for. */
  addCatalogue(host: string, catalogue: Catalogue): void {
    this.#storage.addCatalogue(host, catalogue);
  }

  /** Breaks a registry, or mends it: what it then answers. */
  setFault(host: string, fault: RegistryFault | undefined): void {
    this.#access.setFault(host, fault);
  }

  /** Puts an image there as if it had been pushed long ago. */
  seed(
    host: string,
    repository: string,
    tag: string,
    manifest: Blob,
    blobs: readonly Blob[],
  ): void {
    const place = { host, repository };
    for (const blob of blobs) this.#storage.link(place, blob.digest, blob);
    const { mediaType = MEDIA.manifest } = readJsonBlob(manifest) as { mediaType?: string };
    this.#storage.putManifest(place, { blob: manifest, mediaType }, manifest.digest);
    this.#storage.tag(place, tag, manifest.digest);
  }

  /** The blobs a host stores, whatever repository they belong to. */
  blobsOf(host: string): Blob[] {
    return this.#storage.blobsOf(host);
  }

  /** What a host's tags name: `web:1.0`, in the order of names. */
  names(host: string): string[] {
    return this.#storage.names(host);
  }

  /** Answers a request to a host. */
  handle(host: string, request: RegistryRequest): RegistryResponse {
    if (host === 'none') return respond(404);
    const answer = this.#route(host, request);
    const headers = { 'docker-distribution-api-version': 'registry/2.0', ...answer.headers };
    // Nothing follows the headers of an answer to HEAD.
    if (request.method === 'HEAD') return { status: answer.status, headers };
    return { ...answer, headers };
  }

  #route(host: string, request: RegistryRequest): RegistryResponse {
    const [path = '', search = ''] = request.path.split('?');
    const query = parseQuery(search);
    if (path === '/token') return this.#access.token(host, request);
    if (path === '/v2/' || path === '/v2' || path === '/v2/_catalog') {
      const refused = this.#access.check(host, request, undefined);
      if (refused) return refused;
      const isCatalog = path === '/v2/_catalog';
      if (isCatalog) return listRepositories(this.#storage, host, query);
      return { ...respond(200, { 'content-type': 'application/json' }), json: {} };
    }
    const route = /^\/v2\/(.+)\/(blobs|manifests|tags|referrers)\/(.*)$/.exec(path);
    if (!route) return respond(404);
    const [, repository = '', kind = '', rest = ''] = route;
    // No route leads to such a name; the specification lets this be told.
    if (!isRepository(repository)) {
      return { ...failure('NAME_INVALID', { name: repository }), status: 404 };
    }
    const place = { host, repository };
    const refused = this.#access.check(host, request, place);
    if (refused) return refused;
    return this.#answer(kind, { place, rest, query, request });
  }

  #answer(
    kind: string,
    call: {
      readonly place: { readonly host: string; readonly repository: string };
      readonly rest: string;
      readonly query: ReturnType<typeof parseQuery>;
      readonly request: RegistryRequest;
    },
  ): RegistryResponse {
    const { place, rest, query, request } = call;
    const storage = this.#storage;
    if (kind === 'tags') {
      if (rest !== 'list') return respond(404);
      if (request.method !== 'GET' && request.method !== 'HEAD') return failure('UNSUPPORTED');
      storage.stock(place);
      return listTags(storage, place, query);
    }
    if (kind === 'referrers') return handleReferrers(storage, place, rest, query, request);
    if (kind === 'manifests') {
      if (request.method !== 'PUT') storage.stock(place, rest);
      return handleManifest({ storage, place, reference: rest, query, request });
    }
    if (rest.startsWith('uploads/')) {
      const id = rest.slice('uploads/'.length);
      const rules = this.#options.get(place.host) ?? {};
      return handleUpload({ storage, place, id, query, request, rules });
    }
    return handleBlob(storage, place, rest, request);
  }

  /** Does what the service `registry` is asked. */
  obey(order: RegistryOrder): unknown {
    switch (order.op) {
      case 'look-up': {
        const { host, machine } = order;
        const options = this.#options.get(host);
        if (!options) return this.#locator(machine, host);
        const transport = options.transport ?? (host === 'docker.io' ? 'https' : 'http');
        return { key: host, end: host, transport };
      }
      case 'request':
        return this.handle(order.key, order.request);
      case 'ecr-password':
        return this.#access.isEcr(order.host) ? this.#access.ecrPassword(order.host) : undefined;
      case 'create-repository':
        return this.#access.isEcr(order.host) && this.#access.createRepository(order);
    }
  }
}
