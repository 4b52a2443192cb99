/**
 * Error codes of the distribution API with their status and words (distribution/distribution v3.1
 * `registry/api/errcode/register.go`); `meaning` is what distribution-spec v1.1 says of a code in
 * other words.
 */
export const ERRORS = {
  BLOB_UNKNOWN: { status: 404, message: 'blob unknown to registry' },
  BLOB_UPLOAD_INVALID: { status: 404, message: 'blob upload invalid' },
  BLOB_UPLOAD_UNKNOWN: { status: 404, message: 'blob upload unknown to registry' },
  DENIED: { status: 403, message: 'requested access to the resource is denied' },
  DIGEST_INVALID: { status: 400, message: 'provided digest did not match uploaded content' },
  MANIFEST_BLOB_UNKNOWN: {
    status: 400,
    message: 'blob unknown to registry',
    meaning: 'manifest references a manifest or blob unknown to registry',
  },
  MANIFEST_INVALID: { status: 400, message: 'manifest invalid' },
  MANIFEST_UNKNOWN: {
    status: 404,
    message: 'manifest unknown',
    meaning: 'manifest unknown to registry',
  },
  NAME_INVALID: { status: 400, message: 'invalid repository name' },
  NAME_UNKNOWN: { status: 404, message: 'repository name not known to registry' },
  PAGINATION_NUMBER_INVALID: { status: 400, message: 'invalid number of results requested' },
  RANGE_INVALID: { status: 416, message: 'invalid content range' },
  SIZE_INVALID: { status: 400, message: 'provided length did not match content length' },
  TAG_INVALID: { status: 400, message: 'manifest tag did not match URI' },
  TOOMANYREQUESTS: { status: 429, message: 'too many requests' },
  UNAUTHORIZED: { status: 401, message: 'authentication required' },
  UNAVAILABLE: { status: 503, message: 'service unavailable' },
  UNSUPPORTED: {
    status: 405,
    message: 'The operation is unsupported.',
    meaning: 'the operation is unsupported',
  },
} as const satisfies Readonly<Record<string, RegistryErrorFact>>;

interface RegistryErrorFact {
  readonly status: number;
  readonly message: string;
  readonly meaning?: string;
}

export type RegistryErrorCode = keyof typeof ERRORS;

/** What the specification says a code means. */
export function meaningOf(code: string): string | undefined {
  if (!Object.hasOwn(ERRORS, code)) return undefined;
  const fact: RegistryErrorFact = ERRORS[code as RegistryErrorCode];
  return fact.meaning ?? fact.message;
}
