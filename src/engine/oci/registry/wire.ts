import type { Blob } from '../layer.ts';
import { ERRORS, type RegistryErrorCode } from '../registry-errors.ts';

/** Requests and answers of the distribution API as they cross the network. */
export interface RegistryRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** With query: `/v2/web/blobs/uploads/?mount=sha256:…&from=api`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Blob | Uint8Array;
  /** Who asks, as the registry sees it: the machine. */
  readonly from?: string;
}

export interface RegistryResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON of errors and lists. */
  readonly json?: unknown;
  readonly blob?: Blob;
  /** A part of a blob. */
  readonly bytes?: Uint8Array;
}

/** A repository at a host. */
export interface Place {
  readonly host: string;
  readonly repository: string;
}

/** Each name with all its values, in order. */
export type Query = Readonly<Record<string, readonly string[]>>;

export function parseQuery(text: string): Query {
  const query: Record<string, string[]> = {};
  for (const part of text.split('&')) {
    const equals = part.indexOf('=');
    const key = decode(equals === -1 ? part : part.slice(0, equals));
    if (key !== '') (query[key] ??= []).push(equals === -1 ? '' : decode(part.slice(equals + 1)));
  }
  return query;
}

/** Text that is no percent-encoding stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const respond = (
  status: number,
  headers: Readonly<Record<string, string>> = {},
): RegistryResponse => ({ status, headers });

export function failure(code: RegistryErrorCode, detail: unknown = null): RegistryResponse {
  return failureInWords(code, ERRORS[code].message, detail);
}

/** An error in a registry's own words. */
export function failureInWords(
  code: RegistryErrorCode,
  message: string,
  detail: unknown = null,
): RegistryResponse {
  const json = { errors: [{ code, message, detail }] };
  return { status: ERRORS[code].status, headers: { 'content-type': 'application/json' }, json };
}

/** The errors in an answer, if it is one. */
export interface WireError {
  readonly code: string;
  readonly message: string;
  readonly detail?: unknown;
}

export function errorsOf({ json }: RegistryResponse): readonly WireError[] {
  return (json as { errors?: readonly WireError[] } | undefined)?.errors ?? [];
}
