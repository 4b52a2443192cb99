import type { Failure } from '../containerd/api.ts';
import { formatPlatform, type Platform } from '../oci/platform.ts';
import { ERRORS } from '../oci/registry-errors.ts';
import type { WireError } from '../oci/registry.ts';
import { fail } from './answer.ts';
import type { EngineResponse } from './api.ts';

/**
 * What the daemon makes of containerd's failures (moby/moby v29.7
 * `daemon/containerd/image_pull.go`, `registry_errors.go`).
 */
export function pullFailure(
  failure: Failure,
  familiarName: string,
  platform: Platform,
): EngineResponse {
  const { code, message, details } = failure;
  if (code === 'Unauthenticated' && details === undefined) {
    if (message.includes('no basic auth credentials')) return fail(500, message);
    const why = "repository does not exist or may require 'docker login'";
    return fail(404, `pull access denied for ${familiarName}, ${why}`);
  }
  if (code === 'NotFound' && message.includes('platform')) {
    const wanted = formatPlatform(platform);
    return fail(404, `no matching manifest for ${wanted} in the manifest list entries: ${message}`);
  }
  return registryFailure(failure);
}

/** A registry's own words go before those of the client. */
export function registryFailure({ code, message, errors, details }: Failure): EngineResponse {
  if (details !== undefined) return fail(401, `authentication required - ${details}`);
  if (errors) {
    return fail(statusOf(errors), `error from registry: ${errors.flatMap(wordsOf).join('\n')}`);
  }
  if (code === 'Unknown' && message.includes('unexpected status')) {
    return fail(500, `unknown: ${message}`);
  }
  return fail(code === 'NotFound' ? 404 : 500, message);
}

const STATUS: Readonly<Record<string, number>> = {
  UNSUPPORTED: 501,
  UNAUTHORIZED: 401,
  DENIED: 403,
  UNAVAILABLE: 503,
  TOOMANYREQUESTS: 429,
};

const statusOf = (errors: readonly WireError[]): number => STATUS[errors[0]?.code ?? ''] ?? 500;

/**
 * An error that says no more than its code does is told twice, as the code's name: the daemon
 * takes it for another kind of error and then adds it once more.
 */
function wordsOf({ code, message, detail }: WireError): string[] {
  const usual = Object.hasOwn(ERRORS, code) ? ERRORS[code as keyof typeof ERRORS].message : '';
  const bare = (detail === null || detail === undefined) && (message === '' || message === usual);
  const name = code.toLowerCase().replaceAll('_', ' ');
  if (bare) return [name, name];
  return [typeof detail === 'string' ? `${message} - ${detail}` : message];
}
