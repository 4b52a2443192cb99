import type { Credentials } from '../containerd/api.ts';
import { fromBase64, toBase64 } from '../oci/base64.ts';

/**
 * The `X-Registry-Auth` header: credentials as base64url of JSON (moby/moby v29.7
 * `api/pkg/authconfig/authconfig.go`).
 */
export interface AuthConfig {
  readonly username?: string;
  readonly password?: string;
  readonly serveraddress?: string;
}

export const encodeAuth = (config: AuthConfig): string =>
  toBase64(JSON.stringify(config)).replaceAll('+', '-').replaceAll('/', '_');

/** Undefined when there are none in it. */
export function decodeAuth(header: string | undefined): Credentials | undefined {
  const text = fromBase64((header ?? '').replaceAll('-', '+').replaceAll('_', '/'));
  if (text === undefined || text === '') return undefined;
  try {
    const { username = '', password = '' } = JSON.parse(text) as AuthConfig;
    return username === '' || password === '' ? undefined : { user: username, password };
  } catch {
    return undefined;
  }
}
