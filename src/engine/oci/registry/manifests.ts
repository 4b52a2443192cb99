import { digestLike, isDigest } from '../digest.ts';
import { encodeJson, type Descriptor, type Index, type Manifest } from '../image.ts';
import { bytesBlob, readJsonBlob, type Blob } from '../layer.ts';
import { isIndexType, isManifestType, MEDIA } from '../media-types.ts';
import { isTag } from '../reference.ts';
import { validateDocument } from '../schema.ts';
import type { ManifestRow, Storage } from './storage.ts';
import {
  failure,
  respond,
  type Place,
  type Query,
  type RegistryRequest,
  type RegistryResponse,
} from './wire.ts';

/** `/v2/NAME/manifests/REFERENCE` and `/v2/NAME/referrers/DIGEST` (distribution-spec v1.1). */
const MANIFEST_LIMIT = 4 * 1024 * 1024;
/** Tags in one request. */
const TAG_LIMIT = 64;

interface ManifestCall {
  readonly storage: Storage;
  readonly place: Place;
  /** A tag or a digest. */
  readonly reference: string;
  readonly query: Query;
  readonly request: RegistryRequest;
}

export function handleManifest(call: ManifestCall): RegistryResponse {
  const { storage, place, reference, request } = call;
  if (!isDigest(reference) && !isTag(reference)) {
    return reference.includes(':') ? failure('DIGEST_INVALID') : failure('MANIFEST_UNKNOWN');
  }
  switch (request.method) {
    case 'PUT':
      return put(call);
    case 'DELETE':
      return remove(call);
    case 'GET':
    case 'HEAD': {
      const digest = storage.digestOf(place, reference);
      const row = digest === undefined ? undefined : storage.manifest(place, digest);
      if (digest === undefined || !row) return unknown(call);
      const headers = {
        'content-length': String(row.blob.size),
        'content-type': row.mediaType,
        'docker-content-digest': digest,
        etag: `"${digest}"`,
      };
      return { ...respond(200, headers), blob: row.blob };
    }
    default:
      return failure('UNSUPPORTED');
  }
}

function unknown({ storage, place, reference }: ManifestCall): RegistryResponse {
  const { repository } = place;
  if (!storage.hasRepository(place)) return failure('NAME_UNKNOWN', { name: repository });
  return failure(
    'MANIFEST_UNKNOWN',
    isDigest(reference) ? { Name: repository, Revision: reference } : { Tag: reference },
  );
}

function put({ storage, place, reference, query, request }: ManifestCall): RegistryResponse {
  const blob = asBlob(request.body);
  if (blob.size > MANIFEST_LIMIT) return respond(413);
  const read = readAny(blob, request.headers?.['content-type']);
  if (!read) return failure('MANIFEST_INVALID', 'errors verifying manifest');
  const { mediaType, document } = read;
  const digest = isDigest(reference)
    ? digestLike(reference, blob.kind === 'bytes' ? blob.bytes : new Uint8Array(0))
    : blob.digest;
  if (isDigest(reference) && reference !== digest) return failure('DIGEST_INVALID');
  const more = query.tag ?? [];
  if (more.length > TAG_LIMIT) return respond(414);
  if (more.some((tag) => !isTag(tag))) return failure('TAG_INVALID');
  const missing = missingParts(storage, place, document);
  if (missing.length > 0) {
    const [first, ...others] = missing.map((one) => failure('MANIFEST_BLOB_UNKNOWN', one));
    const errors = [first!, ...others].flatMap(({ json }) => (json as { errors: [] }).errors);
    return { ...first!, json: { errors } };
  }
  const subject = document.subject?.digest;
  const row: ManifestRow = { blob, mediaType, ...(subject === undefined ? {} : { subject }) };
  storage.putManifest(place, row, digest);
  const tags = isDigest(reference) ? more : [reference];
  for (const tag of tags) storage.tag(place, tag, digest);
  return respond(201, {
    'content-length': '0',
    'docker-content-digest': digest,
    location: `/v2/${place.repository}/manifests/${digest}`,
    ...(more.length > 0 ? { 'oci-tag': more.join(', ') } : {}),
    ...(subject === undefined ? {} : { 'oci-subject': subject }),
  });
}

/** What a manifest points at and the repository does not have; a subject may come later. */
function missingParts(storage: Storage, place: Place, document: Manifest | Index): string[] {
  const parts =
    'manifests' in document
      ? document.manifests.filter(({ digest }) => !storage.manifest(place, digest))
      : [document.config, ...document.layers].filter(({ digest }) => !storage.has(place, digest));
  return parts.map(({ digest }) => digest);
}

function remove({ storage, place, reference }: ManifestCall): RegistryResponse {
  if (!storage.hasRepository(place)) return failure('NAME_UNKNOWN', { name: place.repository });
  const gone = isDigest(reference)
    ? storage.deleteManifest(place, reference)
    : storage.untag(place, reference);
  return gone ? respond(202) : failure('MANIFEST_UNKNOWN');
}

interface AnyManifest {
  readonly mediaType: string;
  readonly document: Manifest | Index;
}

/** A manifest or an index of a type that is known, and of that type. */
function readAny(blob: Blob, contentType: string | undefined): AnyManifest | undefined {
  const value = readJsonBlob(blob);
  if (typeof value !== 'object' || value === null) return undefined;
  const { mediaType: own, manifests } = value as { mediaType?: unknown; manifests?: unknown };
  if (own !== undefined && typeof own !== 'string') return undefined;
  const mediaType = contentType ?? own ?? (manifests ? MEDIA.index : MEDIA.manifest);
  if (own !== undefined && own !== mediaType) return undefined;
  if (!isIndexType(mediaType) && !isManifestType(mediaType)) return undefined;
  const kind = isIndexType(mediaType) ? 'index' : 'manifest';
  // An image of no layers is taken: it has a configuration.
  const problems = validateDocument(kind, value).filter(
    ({ at, message }) => !(at === 'layers' && message.startsWith('has fewer')),
  );
  return problems.length > 0 ? undefined : { mediaType, document: value as Manifest | Index };
}

function asBlob(body: RegistryRequest['body']): Blob {
  if (body === undefined) return bytesBlob(new Uint8Array(0));
  return body instanceof Uint8Array ? bytesBlob(body) : body;
}

/** An index of the manifests that are about a digest. */
export function handleReferrers(
  storage: Storage,
  place: Place,
  digest: string,
  query: Query,
  { method }: RegistryRequest,
): RegistryResponse {
  if (method !== 'GET' && method !== 'HEAD') return failure('UNSUPPORTED');
  if (!isDigest(digest)) return failure('DIGEST_INVALID');
  const [wanted] = query.artifactType ?? [];
  const manifests = storage
    .referrers(place, digest)
    .map(describeReferrer)
    .filter(({ artifactType }) => wanted === undefined || artifactType === wanted);
  const index: Index = { schemaVersion: 2, mediaType: MEDIA.index, manifests };
  const blob = bytesBlob(encodeJson(index));
  const filtered: Readonly<Record<string, string>> =
    wanted === undefined ? {} : { 'oci-filters-applied': 'artifactType' };
  const headers = {
    'content-length': String(blob.size),
    'content-type': MEDIA.index,
    ...filtered,
  };
  return { ...respond(200, headers), blob, json: index };
}

function describeReferrer({ blob, mediaType }: ManifestRow): Descriptor {
  const document = readJsonBlob(blob) as Partial<Manifest>;
  const artifactType = document.artifactType ?? document.config?.mediaType;
  return {
    mediaType,
    digest: blob.digest,
    size: blob.size,
    ...(document.annotations ? { annotations: document.annotations } : {}),
    ...(artifactType === undefined ? {} : { artifactType }),
  };
}
