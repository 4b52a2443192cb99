import { isDigest } from '../digest.ts';
import { blobBytes } from '../layer.ts';
import type { Storage } from './storage.ts';
import {
  failure,
  respond,
  type Place,
  type RegistryRequest,
  type RegistryResponse,
} from './wire.ts';

/** `/v2/NAME/blobs/DIGEST` (distribution-spec v1.1, pulling and deleting blobs). */
export function handleBlob(
  storage: Storage,
  place: Place,
  digest: string,
  request: RegistryRequest,
): RegistryResponse {
  if (!isDigest(digest)) return failure('DIGEST_INVALID', 'invalid checksum digest format');
  if (request.method === 'DELETE') {
    return storage.unlink(place, digest)
      ? respond(202, { 'content-length': '0' })
      : failure('BLOB_UNKNOWN');
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return failure('UNSUPPORTED');
  const blob = storage.blob(place, digest);
  if (!blob) return failure('BLOB_UNKNOWN', digest);
  const headers = {
    'accept-ranges': 'bytes',
    'content-length': String(blob.size),
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
    etag: `"${digest}"`,
  };
  const range = request.headers?.range;
  const part = range === undefined ? undefined : parseRange(range, blob.size);
  if (part === undefined) return { ...respond(200, headers), blob };
  if (part === 'outside') {
    return respond(416, { 'content-range': `bytes */${blob.size}`, 'content-length': '0' });
  }
  const [first, last] = part;
  return {
    ...respond(206, {
      ...headers,
      'content-length': String(last - first + 1),
      'content-range': `bytes ${first}-${last}/${blob.size}`,
    }),
    bytes: blobBytes(blob).slice(first, last + 1),
  };
}

/** One range of bytes (RFC 9110, section 14); undefined when the header is to be passed over. */
function parseRange(text: string, size: number): [number, number] | 'outside' | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text.trim());
  if (!match) return undefined;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return undefined;
  if (from === '') {
    const count = Number(to);
    return count === 0 ? 'outside' : [Math.max(0, size - count), size - 1];
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return undefined;
  return first >= size ? 'outside' : [first, last];
}
