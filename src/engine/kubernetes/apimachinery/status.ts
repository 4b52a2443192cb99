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
  | 'Expired'
  | 'Forbidden';

export interface StatusCause {
  readonly field: string;
  readonly message: string;
}

export interface Failure {
  readonly reason: StatusReason;
  readonly code: number;
  readonly message: string;
  readonly details?: {
    readonly name: string;
    readonly kind: string;
    readonly causes?: readonly StatusCause[];
  };
}

/** What a request comes to: an answer, or the reason why not. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export const success = <T>(value: T): Result<T> => ({ ok: true, value });
export const failed = <T>(failure: Failure): Result<T> => ({ ok: false, failure });

/** @param qualified the resource with its group, `deployments.apps` */
export function notFound(qualified: string, name: string): Failure {
  const message = `${qualified} "${name}" not found`;
  return { reason: 'NotFound', code: 404, message };
}

export function alreadyExists(qualified: string, name: string): Failure {
  const message = `${qualified} "${name}" already exists`;
  return { reason: 'AlreadyExists', code: 409, message };
}

export function conflict(qualified: string, name: string, why?: string): Failure {
  const because =
    why ??
    'the object has been modified; please apply your changes to the latest version and try again';
  const message = `Operation cannot be fulfilled on ${qualified} "${name}": ${because}`;
  return { reason: 'Conflict', code: 409, message };
}

/** @param kind the kind with its group, `Deployment.apps` */
export function invalid(kind: string, name: string, causes: readonly StatusCause[]): Failure {
  const words = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const list = words.length === 1 ? words.join('') : `[${words.join(', ')}]`;
  return {
    reason: 'Invalid',
    code: 422,
    message: `${kind} "${name}" is invalid: ${list}`,
    details: { name, kind: kind.split('.')[0] ?? kind, causes },
  };
}

export function badRequest(message: string): Failure {
  return { reason: 'BadRequest', code: 400, message };
}

export function forbidden(qualified: string, name: string, why: string): Failure {
  const message = `${qualified} "${name}" is forbidden: ${why}`;
  return { reason: 'Forbidden', code: 403, message };
}

export function expired(requested: number, oldest: number): Failure {
  const message = `too old resource version: ${requested} (${oldest})`;
  return { reason: 'Expired', code: 410, message };
}

export function methodNotAllowed(): Failure {
  const message = 'the server does not allow this method on the requested resource';
  return { reason: 'MethodNotAllowed', code: 405, message };
}
