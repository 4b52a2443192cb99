import { fromBase64 } from '../../oci/base64.ts';
import { parseReference } from '../../oci/reference.ts';
import type { Pod } from '../api/pod.ts';
import type { Client } from '../client/client.ts';
import type { Credentials } from './cri.ts';

/**
 * The names and passwords for registries that a Pod brings along
 * (pkg/credentialprovider/{keyring,config,secrets}.go, v1.36): Secrets of docker's own form, the
 * longest path that fits the image first.
 */
export interface PullSecrets {
  readonly credentials?: Credentials;
  /** The uid of the Secret they are from. */
  readonly secret?: string;
  /** Secrets that are not there. */
  readonly missing: readonly string[];
}

interface DockerAuth {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
}

const TYPES: Readonly<Record<string, string>> = {
  'kubernetes.io/dockerconfigjson': '.dockerconfigjson',
  'kubernetes.io/dockercfg': '.dockercfg',
};

export function pullSecrets(pod: Pod, image: string, client: Client): PullSecrets {
  const missing: string[] = [];
  let best: { path: string; auth: DockerAuth; uid: string } | undefined;
  const parsed = parseReference(image);
  if (!parsed.ok) return { missing };
  const { domain, path } = parsed.reference;
  const target = `${domain}/${path}`;
  for (const { name = '' } of pod.spec.imagePullSecrets ?? []) {
    const secret = client.get('secrets', pod.metadata.namespace ?? '', name);
    if (!secret) {
      missing.push(name);
      continue;
    }
    const text = fromBase64(secret.data?.[TYPES[secret.type ?? ''] ?? ''] ?? '') ?? '';
    for (const [url, auth] of Object.entries(authsIn(text))) {
      const prefix = registryPath(url);
      const fits = target === prefix || target.startsWith(`${prefix}/`);
      if (fits && (!best || prefix.length > best.path.length)) {
        best = { path: prefix, auth, uid: secret.metadata.uid };
      }
    }
  }
  const credentials = best && credentialsOf(best.auth);
  return { missing, ...(best && credentials && { credentials, secret: best.uid }) };
}

function authsIn(text: string): Record<string, DockerAuth> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof value !== 'object' || value === null) return {};
  const all: unknown = (value as { auths?: unknown }).auths ?? value;
  if (typeof all !== 'object' || all === null) return {};
  const auths = Object.entries(all as Record<string, unknown>);
  return Object.fromEntries(
    auths.filter((entry): entry is [string, DockerAuth] => {
      const [, auth] = entry;
      return typeof auth === 'object' && auth !== null;
    }),
  );
}

/** `https://index.docker.io/v1/` is Docker Hub; of others scheme and version go. */
function registryPath(url: string): string {
  const bare = url.replace(/^https?:\/\//, '').replace(/\/+$/, '');
  const path = bare.replace(/\/v[12]$/, '');
  return path === 'index.docker.io' ? 'docker.io' : path;
}

function credentialsOf({ username, password, auth }: DockerAuth): Credentials | undefined {
  if (typeof username === 'string' && typeof password === 'string') {
    return { user: username, password };
  }
  const text = typeof auth === 'string' ? (fromBase64(auth) ?? '') : '';
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
