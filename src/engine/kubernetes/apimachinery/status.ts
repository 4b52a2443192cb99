/**
 * Failures of API requests: `metav1.Status` with the real server's words
 * (staging/src/k8s.io/apimachinery/pkg/api/errors/errors.go, v1.36).
 */
export type StatusReason =
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Invalid'
  | 'BadRequest'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'UnsupportedMediaType'
  | 'RequestEntityTooLarge'
  | 'Expired'
  | 'Gone'
  | 'Unauthorized'
  | 'Forbidden'
  | 'TooManyRequests'
  | 'Timeout'
  | 'ServerTimeout'
  | 'ServiceUnavailable'
  | 'InternalError'
  | '';

/** Why a field is refused, as `metav1.StatusCause.reason` says it. */
export type CauseReason =
  | 'FieldValueNotFound'
  | 'FieldValueRequired'
  | 'FieldValueDuplicate'
  | 'FieldValueInvalid'
  | 'FieldValueNotSupported'
  | 'FieldValueForbidden'
  | 'FieldValueTooLong'
  | 'FieldValueTooMany'
  | 'FieldManagerConflict'
  | 'FieldValueTypeInvalid'
  | 'NamespaceTerminating'
  | 'UnexpectedServerResponse'
  | 'DisruptionBudget';

export interface StatusCause {
  readonly field: string;
  readonly message: string;
  readonly reason?: CauseReason;
}

export interface Failure {
  readonly reason: StatusReason;
  readonly code: number;
  readonly message: string;
  readonly details?: FailureDetails;
}

/** What a failure is about; empty texts are not sent. */
export interface FailureDetails {
  readonly name: string;
  readonly group?: string;
  /** Of a refused object its kind, of everything else the resource. */
  readonly kind: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/**
 * What a request comes to: an answer, or the reason why not. Warnings are what the server says
 * beside its answer (the `Warning` headers); kubectl prints them on standard error.
 */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings?: readonly string[] }
  | { readonly ok: false; readonly failure: Failure };

export const success = <T>(value: T, warnings: readonly string[] = []): Result<T> =>
  warnings.length === 0 ? { ok: true, value } : { ok: true, value, warnings };
export const failed = <T>(failure: Failure): Result<T> => ({ ok: false, failure });

/** Group and resource of a qualified name: `deployments.apps`. */
function detailsOf(qualified: string, name: string): FailureDetails {
  const dot = qualified.indexOf('.');
  const [kind, group] =
    dot < 0 ? [qualified, ''] : [qualified.slice(0, dot), qualified.slice(dot + 1)];
  return { name, ...(group && { group }), kind };
}

/** @param qualified the resource with its group, `deployments.apps` */
export function notFound(qualified: string, name: string): Failure {
  const message = `${qualified} "${name}" not found`;
  return { reason: 'NotFound', code: 404, message, details: detailsOf(qualified, name) };
}

const NOTHING: FailureDetails = { name: '', kind: '' };

/** No resource of that group, version and name is served. */
export function noSuchResource(): Failure {
  const message = 'the server could not find the requested resource';
  return { reason: 'NotFound', code: 404, message, details: NOTHING };
}

export function alreadyExists(qualified: string, name: string): Failure {
  const message = `${qualified} "${name}" already exists`;
  return { reason: 'AlreadyExists', code: 409, message, details: detailsOf(qualified, name) };
}

/** What optimistic concurrency says when somebody else wrote first. */
export const OPTIMISTIC_LOCK =
  'the object has been modified; please apply your changes to the latest version and try again';

export function conflict(qualified: string, name: string, why = OPTIMISTIC_LOCK): Failure {
  const message = `Operation cannot be fulfilled on ${qualified} "${name}": ${why}`;
  return { reason: 'Conflict', code: 409, message, details: detailsOf(qualified, name) };
}

/** @param kind the kind with its group, `Deployment.apps` */
export function invalid(kind: string, name: string, causes: readonly StatusCause[]): Failure {
  const words = causes.map((cause) => (cause.field ? `${cause.field}: ` : '') + cause.message);
  const unique = [...new Set(words)];
  const list = unique.length === 1 ? unique.join('') : `[${unique.join(', ')}]`;
  const details = detailsOf(kind, name);
  return {
    reason: 'Invalid',
    code: 422,
    message: `${kind} "${name}" is invalid${list === '[]' ? '' : `: ${list}`}`,
    details: { ...details, causes },
  };
}

export function badRequest(message: string): Failure {
  return { reason: 'BadRequest', code: 400, message };
}

/** @param name empty for a whole collection */
export function forbidden(qualified: string, name: string, why: string): Failure {
  const subject = name ? `${qualified} "${name}"` : qualified;
  const message = `${subject} is forbidden: ${why}`;
  return { reason: 'Forbidden', code: 403, message, details: detailsOf(qualified, name) };
}

/** A watch or list from a resource version that is no longer kept. */
export function expired(requested: number, oldest: number): Failure {
  const message = `too old resource version: ${requested} (${oldest})`;
  return { reason: 'Expired', code: 410, message };
}

export function methodNotAllowed(): Failure {
  const message = 'the server does not allow this method on the requested resource';
  return { reason: 'MethodNotAllowed', code: 405, message };
}

export function unauthorized(): Failure {
  return { reason: 'Unauthorized', code: 401, message: 'Unauthorized' };
}

export function tooManyRequests(
  message: string,
  retryAfterSeconds: number,
  causes: readonly StatusCause[] = [],
): Failure {
  const details = {
    ...NOTHING,
    ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
    ...(causes.length > 0 && { causes }),
  };
  return { reason: 'TooManyRequests', code: 429, message, details };
}

export function internalError(why: string): Failure {
  const message = `Internal error occurred: ${why}`;
  const details = { ...NOTHING, causes: [{ field: '', message: why }] };
  return { reason: 'InternalError', code: 500, message, details };
}

/** A failure of the store: etcd's own words, which pass through as they are. */
export function storageFailure(message: string): Failure {
  return { reason: '', code: 500, message };
}
