import { toBase64 } from '../../../oci/base64.ts';
import type { Pod } from '../../api/pod.ts';
import type { KeyToPath, Volume, VolumeProjection } from '../../api/volumes.ts';
import { dataOf, type Surroundings } from '../environment/environment.ts';
import { fieldValue, resourceValue } from '../environment/field-value.ts';

/**
 * The files of volumes that are made of API objects: ConfigMap, Secret, downward API, and what a
 * projected volume joins of them (pkg/volume/{configmap,secret,downwardapi,projected}, v1.36).
 */
export interface PayloadFile {
  readonly path: string;
  readonly text: string;
  readonly mode: number;
}

export type Payload = { readonly files: readonly PayloadFile[] } | { readonly problem: string };

const DEFAULT_MODE = 0o644;

/** Undefined when the volume is not made of API objects. */
export function payloadOf(pod: Pod, volume: Volume, around: Surroundings): Payload | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap) {
    const { name = '', defaultMode = DEFAULT_MODE, items, optional } = configMap;
    return keys(pod, { kind: 'configmaps', name, items, optional }, defaultMode, around);
  }
  if (secret) {
    const { secretName: name = '', defaultMode = DEFAULT_MODE, items, optional } = secret;
    return keys(pod, { kind: 'secrets', name, items, optional }, defaultMode, around);
  }
  if (downwardAPI) {
    return own(pod, downwardAPI, downwardAPI.defaultMode ?? DEFAULT_MODE, around);
  }
  if (!projected) return undefined;
  const mode = projected.defaultMode ?? DEFAULT_MODE;
  const files: PayloadFile[] = [];
  for (const source of projected.sources ?? []) {
    const part = projection(pod, source, mode, around);
    if ('problem' in part) return part;
    files.push(...part.files);
  }
  return { files };
}

function projection(
  pod: Pod,
  { configMap, secret, downwardAPI, serviceAccountToken }: VolumeProjection,
  mode: number,
  around: Surroundings,
): Payload {
  if (configMap?.name === ROOT_CA && !around.client.get('configmaps', namespaceOf(pod), ROOT_CA)) {
    return { files: [{ path: 'ca.crt', text: CERTIFICATE, mode }] };
  }
  if (configMap) {
    const { name = '' } = configMap;
    return keys(pod, { kind: 'configmaps', ...configMap, name }, mode, around);
  }
  if (secret) {
    const { name = '' } = secret;
    return keys(pod, { kind: 'secrets', ...secret, name }, mode, around);
  }
  if (downwardAPI) return own(pod, downwardAPI, mode, around);
  if (!serviceAccountToken) return { files: [] };
  const { path } = serviceAccountToken;
  return { files: [{ path, text: tokenOf(pod), mode }] };
}

const namespaceOf = ({ metadata }: Pod): string => metadata.namespace ?? '';

interface KeySource {
  readonly kind: 'configmaps' | 'secrets';
  readonly name: string;
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
}

function keys(pod: Pod, source: KeySource, mode: number, { client }: Surroundings): Payload {
  const { kind, name, items, optional = false } = source;
  const data = dataOf(client, kind, namespaceOf(pod), name);
  if (!data) {
    if (optional) return { files: [] };
    return { problem: `${kind === 'secrets' ? 'secret' : 'configmap'} "${name}" not found` };
  }
  if (!items) {
    return { files: Object.entries(data).map(([path, text]) => ({ path, text, mode })) };
  }
  const files: PayloadFile[] = [];
  for (const item of items) {
    const text = data[item.key];
    if (text !== undefined) files.push({ path: item.path, text, mode: item.mode ?? mode });
    else if (!optional) {
      const words =
        kind === 'secrets'
          ? 'references non-existent secret key'
          : 'configmap references non-existent config key';
      return { problem: `${words}: ${item.key}` };
    }
  }
  return { files };
}

function own(
  pod: Pod,
  { items = [] }: NonNullable<VolumeProjection['downwardAPI']>,
  mode: number,
  { facts }: Surroundings,
): Payload {
  const files: PayloadFile[] = [];
  for (const { path, fieldRef, resourceFieldRef, mode: ownMode = mode } of items) {
    const text = fieldRef
      ? fieldValue(pod, fieldRef, facts)
      : resourceFieldRef && resourceValue(pod, undefined, resourceFieldRef, facts);
    if (text === undefined) return { problem: `unsupported field of the downward API: ${path}` };
    files.push({ path, text, mode: ownMode });
  }
  return { files };
}

/** The ConfigMap that each namespace has for its Pods to trust the API server by. */
const ROOT_CA = 'kube-root-ca.crt';

/** Simplified: no certificate that anybody could check; shown where nobody publishes one. */
export const CERTIFICATE =
  '-----BEGIN CERTIFICATE-----\nbW9kZWwgY2VydGlmaWNhdGUgYXV0aG9yaXR5\n-----END CERTIFICATE-----\n';

/** Simplified: a token's three parts with its claims, and a signature that nobody checks. */
export function tokenOf({ metadata, spec }: Pod): string {
  const { namespace = '', name, uid } = metadata;
  const account = spec.serviceAccountName ?? 'default';
  const claims = {
    aud: ['https://kubernetes.default.svc.cluster.local'],
    iss: 'https://kubernetes.default.svc.cluster.local',
    'kubernetes.io': { namespace, pod: { name, uid }, serviceaccount: { name: account } },
    sub: `system:serviceaccount:${namespace}:${account}`,
  };
  const part = (value: object): string => toBase64(JSON.stringify(value)).replace(/=+$/, '');
  return `${part({ alg: 'RS256', kid: 'model' })}.${part(claims)}.${part({ uid })}`;
}
