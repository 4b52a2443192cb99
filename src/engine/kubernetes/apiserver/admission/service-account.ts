import type { ServiceAccount } from '../../api/config.ts';
import type { Container } from '../../api/container.ts';
import type { Pod, PodSpec } from '../../api/pod.ts';
import type { Volume, VolumeMount } from '../../api/volumes.ts';
import { canonicalJson } from '../../apimachinery/canonical-json.ts';
import { controllerOf } from '../../apimachinery/object.ts';
import { fnv32a, safeEncode } from '../../apimachinery/safe-names.ts';
import { forbidden } from '../../apimachinery/status.ts';
import type { Plugin } from './plugin.ts';

/**
 * Whom a Pod's processes act as: a service account, its pull secrets, and the volume with its token
 * (plugin/pkg/admission/serviceaccount/admission.go, v1.36).
 *
 * Simplified: the five characters that end the volume's name follow from the Pod's spec and its
 * owner instead of a lot, so that all Pods of a template share one spec.
 */
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const TOKEN_SECONDS = 3607;
const DEFAULT_MODE = 420;

/** Pods that come from a file on a node instead of the API. */
const MIRROR = 'kubernetes.io/config.mirror';

export const serviceAccount: Plugin = (backend, { operation, namespace, name }, object) => {
  if (operation === 'UPDATE') return object;
  const pod = object as Pod;
  if (pod.metadata.annotations?.[MIRROR] !== undefined) return pod;
  const wanted = pod.spec.serviceAccountName || 'default';
  const account = backend.store.get('serviceaccounts', namespace, wanted);
  if (!account) {
    const why =
      `error looking up service account ${namespace}/${wanted}: ` +
      `serviceaccount "${wanted}" not found`;
    return forbidden('pods', name, why);
  }
  const owner = controllerOf(pod)?.uid ?? pod.metadata.uid;
  const spec = withAccount(pod.spec, account, owner);
  return spec === pod.spec ? pod : ({ ...pod, spec } as Pod);
};

interface Known {
  readonly account: ServiceAccount;
  readonly owner: string;
  readonly spec: PodSpec;
}

/** What became of the last Pod with the same spec: the next one of its template shares it. */
const latest = new WeakMap<PodSpec, Known>();

function withAccount(spec: PodSpec, account: ServiceAccount, owner: string): PodSpec {
  const known = latest.get(spec);
  if (known?.account === account && known.owner === owner) return known.spec;
  const next = complete(spec, account, owner);
  latest.set(spec, { account, owner, spec: next });
  return next;
}

function complete(spec: PodSpec, account: ServiceAccount, owner: string): PodSpec {
  const { name } = account.metadata;
  const secrets = account.imagePullSecrets ?? [];
  const named: PodSpec = {
    ...spec,
    serviceAccountName: name,
    serviceAccount: name,
    ...(!spec.imagePullSecrets?.length && secrets.length > 0 && { imagePullSecrets: secrets }),
  };
  const mounted = spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
  return mounted ? withToken(named, owner) : named;
}

function withToken(spec: PodSpec, owner: string): PodSpec {
  const present = spec.volumes?.find(({ name }) => name.startsWith('kube-api-access-'));
  const name = present?.name ?? `kube-api-access-${suffixOf(spec, owner)}`;
  let used = false;
  const mount: VolumeMount = { name, readOnly: true, mountPath: MOUNT_PATH };
  const mounting = (container: Container): Container => {
    const mounts = container.volumeMounts ?? [];
    if (mounts.some(({ mountPath }) => mountPath === MOUNT_PATH)) return container;
    used = true;
    return { ...container, volumeMounts: [...mounts, mount] };
  };
  const initContainers = spec.initContainers?.map(mounting);
  const containers = spec.containers.map(mounting);
  if (!used) return spec;
  return {
    ...spec,
    ...(initContainers && { initContainers }),
    containers,
    volumes: present ? spec.volumes : [...(spec.volumes ?? []), tokenVolume(name)],
  };
}

function suffixOf(spec: PodSpec, owner: string): string {
  const text = String(fnv32a(`${owner}${canonicalJson(spec)}`)).padStart(10, '0');
  return safeEncode(text).slice(-5);
}

/** The token, the authority that signed the server's certificate, and the namespace. */
function tokenVolume(name: string): Volume {
  const item = (key: string) => ({ key, path: key });
  const fieldRef = { apiVersion: 'v1', fieldPath: 'metadata.namespace' };
  return {
    name,
    projected: {
      defaultMode: DEFAULT_MODE,
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [item('ca.crt')] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef }] } },
      ],
    },
  };
}
