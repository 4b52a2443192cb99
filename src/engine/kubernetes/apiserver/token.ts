import { fromBase64 } from '../../oci/base64.ts';
import { rfc3339 } from '../../sim/clock.ts';
import type { ApiRequest, Identity } from '../api/requests.ts';
import { success, type Result } from '../apimachinery/status.ts';
import type { Backend } from './backend.ts';

/**
 * Tokens of service accounts (pkg/registry/core/serviceaccount/storage/token.go, v1.36).
 *
 * Simplified: a token says in plain text whose it is and until when; it is not signed, so that the
 * server can read it back without keys. In life it is a signed JWT.
 */
interface TokenRequest {
  readonly spec?: { readonly expirationSeconds?: number; readonly audiences?: readonly string[] };
}

const PREFIX = 'drydock-token';
const DEFAULT_SECONDS = 3600;
const AUDIENCE = 'https://kubernetes.default.svc.cluster.local';

export function requestToken(backend: Backend, request: ApiRequest): Result<unknown> {
  const found = backend.find(request);
  if (!found.ok) return found;
  const { name, namespace = '', uid } = found.value.metadata;
  const { spec = {} } = (request.body ?? {}) as TokenRequest;
  const seconds = spec.expirationSeconds ?? DEFAULT_SECONDS;
  const expiresMs = backend.kernel.now + seconds * 1000;
  const creationTimestamp = rfc3339(backend.kernel.now);
  return success({
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: { name, namespace, creationTimestamp },
    spec: { audiences: spec.audiences ?? [AUDIENCE], expirationSeconds: seconds },
    status: {
      token: tokenOf(namespace, name, uid, expiresMs),
      expirationTimestamp: rfc3339(expiresMs),
    },
  });
}

/** The token of a service account, good until a moment in virtual milliseconds. */
export const tokenOf = (namespace: string, name: string, uid: string, expiresMs: number): string =>
  [PREFIX, namespace, name, uid, expiresMs].join('.');

/** Whose token it is; undefined when it is none, has run out, or its account is gone. */
export function identityOfToken(backend: Backend, token: string): Identity | undefined {
  const match = /^drydock-token\.([^.]+)\.(.+)\.([0-9a-f-]{36})\.(\d{1,15})$/.exec(token);
  if (!match) return identityOfPod(backend, token);
  const [, namespace = '', name = '', uid, expires] = match;
  const account = backend.store.get('serviceaccounts', namespace, name);
  if (account?.metadata.uid !== uid || Number(expires) <= backend.kernel.now) return undefined;
  return serviceAccountIdentity(namespace, name);
}

interface PodClaims {
  readonly 'kubernetes.io'?: {
    readonly namespace?: string;
    readonly pod?: { readonly name?: string; readonly uid?: string };
    readonly serviceaccount?: { readonly name?: string };
  };
}

/** Whose the token is that the kubelet mounted into a Pod: good as long as the Pod is there. */
function identityOfPod(backend: Backend, token: string): Identity | undefined {
  const claims = claimsOf(token)?.['kubernetes.io'];
  const { namespace = '', pod, serviceaccount } = claims ?? {};
  if (!pod?.name || !serviceaccount?.name) return undefined;
  const { name } = serviceaccount;
  const known = backend.store.get('pods', namespace, pod.name);
  const account = backend.store.get('serviceaccounts', namespace, name);
  if (!known || known.metadata.uid !== pod.uid || !account) return undefined;
  return serviceAccountIdentity(namespace, name);
}

function claimsOf(token: string): PodClaims | undefined {
  const [, claims = ''] = token.split('.');
  const text = fromBase64(claims + '='.repeat((4 - (claims.length % 4)) % 4));
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

export const serviceAccountIdentity = (namespace: string, name: string): Identity => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
});
