import { digestLike, isDigest } from '../digest.ts';
import { bytesBlob, type Blob } from '../layer.ts';
import { concat } from '../tar.ts';
import type { Storage, Upload } from './storage.ts';
import {
  failure,
  respond,
  type Place,
  type Query,
  type RegistryRequest,
  type RegistryResponse,
} from './wire.ts';

/**
 * `/v2/NAME/blobs/uploads/…` (distribution-spec v1.1, pushing blobs): whole, in chunks, or mounted
 * from another repository.
 */
export interface UploadRules {
  /** Told to the client; the last chunk may be smaller. */
  readonly minChunkBytes?: number;
}

interface UploadCall {
  readonly storage: Storage;
  readonly place: Place;
  readonly id: string;
  readonly query: Query;
  readonly request: RegistryRequest;
  readonly rules: UploadRules;
}

export function handleUpload(call: UploadCall): RegistryResponse {
  const { storage, place, id, query, request } = call;
  if (id === '') return request.method === 'POST' ? begin(call) : failure('UNSUPPORTED');
  const upload = storage.upload(place.host, id);
  if (upload?.repository !== place.repository) return failure('BLOB_UPLOAD_UNKNOWN');
  switch (request.method) {
    case 'GET':
      return respond(204, progress(place, id, upload));
    case 'DELETE':
      storage.dropUpload(place.host, id);
      return respond(204, { 'docker-upload-uuid': id });
    case 'PATCH': {
      const fault = checkChunk(call, upload);
      if (fault) return fault;
      const grown = append(upload, request.body);
      storage.putUpload(place.host, id, grown);
      return respond(202, progress(place, id, grown));
    }
    case 'PUT': {
      const fault = checkChunk(call, upload);
      if (fault) return fault;
      const [digest] = query.digest ?? [];
      const what = digest === undefined ? 'digest missing' : 'digest parsing failed';
      // The client may try again with one.
      if (digest === undefined || !isDigest(digest)) return failure('DIGEST_INVALID', what);
      storage.dropUpload(place.host, id);
      return finish(call, append(upload, request.body), digest);
    }
    default:
      return failure('UNSUPPORTED');
  }
}

/** Starts an upload; with a digest it may be over at once. */
function begin(call: UploadCall): RegistryResponse {
  const { storage, place, query, request, rules } = call;
  const [[mount], [from], [digest]] = [query.mount ?? [], query.from ?? [], query.digest ?? []];
  if (mount !== undefined && from !== undefined) {
    const blob = storage.blob({ ...place, repository: from }, mount);
    if (blob) {
      storage.link(place, mount, blob);
      return created(place, mount);
    }
  }
  const upload: Upload = { repository: place.repository, chunks: [], size: 0 };
  if (digest !== undefined) {
    if (!isDigest(digest)) return failure('DIGEST_INVALID', 'digest parsing failed');
    return finish(call, append(upload, request.body), digest);
  }
  const id = storage.newUpload(place.host);
  storage.putUpload(place.host, id, upload);
  const { minChunkBytes } = rules;
  const minimum: Readonly<Record<string, string>> =
    minChunkBytes === undefined ? {} : { 'oci-chunk-min-length': String(minChunkBytes) };
  return respond(202, { ...progress(place, id, upload), ...minimum });
}

function finish({ storage, place }: UploadCall, upload: Upload, digest: string): RegistryResponse {
  const blob = upload.whole ?? bytesBlob(concat(upload.chunks));
  const actual = blob.kind === 'bytes' ? digestLike(digest, blob.bytes) : blob.digest;
  if (digest !== actual) return failure('DIGEST_INVALID', { digest, reason: 'unverified' });
  storage.link(place, digest, blob);
  return created(place, digest);
}

function created({ repository }: Place, digest: string): RegistryResponse {
  return respond(201, {
    'content-length': '0',
    'docker-content-digest': digest,
    location: `/v2/${repository}/blobs/${digest}`,
  });
}

/** Where to go on, and how far it came; an upload without bytes says `0-0` too. */
const progress = ({ repository }: Place, id: string, { size }: Upload) => ({
  'content-length': '0',
  'docker-upload-uuid': id,
  location: `/v2/${repository}/blobs/uploads/${id}`,
  range: `0-${Math.max(0, size - 1)}`,
});

/** `Content-Range` of a chunk, `0-4`: it must go on where the upload has come to. */
function checkChunk(
  { place, id, request }: UploadCall,
  upload: Upload,
): RegistryResponse | undefined {
  const range = request.headers?.['content-range'];
  if (range === undefined) return undefined;
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(range);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  if (!match || first > last || first !== upload.size) {
    return { ...failure('RANGE_INVALID'), headers: progress(place, id, upload) };
  }
  const { body } = request;
  const bytes = body instanceof Uint8Array ? body.length : (body?.size ?? 0);
  return bytes === last - first + 1 ? undefined : failure('SIZE_INVALID');
}

function append(upload: Upload, body: Blob | Uint8Array | undefined): Upload {
  if (body === undefined) return upload;
  if (body instanceof Uint8Array) {
    return { ...upload, chunks: [...upload.chunks, body], size: upload.size + body.length };
  }
  return { ...upload, whole: body, size: upload.size + body.size };
}
