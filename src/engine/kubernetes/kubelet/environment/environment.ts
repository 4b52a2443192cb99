import type { Container, EnvFromSource, EnvVar, Pod } from '../../api/pod.ts';
import { fromBase64 } from '../../../oci/base64.ts';
import type { Labels } from '../../apimachinery/object.ts';
import type { Client } from '../../client/client.ts';
import { expand } from './expansion.ts';
import { fieldValue, resourceValue, type OwnFacts } from './field-value.ts';
import { serviceEnvironment } from './service-environment.ts';

/**
 * The variables of a container (pkg/kubelet/kubelet_pods.go `makeEnvironmentVariables`, v1.36):
 * first whole ConfigMaps and Secrets, then single variables, each of which may refer to those
 * before it, and under all of them what leads to Services.
 */
export interface Environment {
  /** What leads to Services: one object for all that are to have the same. */
  readonly shared: Variables;
  /** A container's own; undefined when it has none. They go before those. */
  readonly own?: Variables;
}

type Variables = Readonly<Record<string, string>>;
type Problem = { readonly problem: string };

/** The value of a variable, by its name. */
export type LookUp = (name: string) => string | undefined;

export const lookUpIn =
  ({ shared, own }: Environment): LookUp =>
  (name) =>
    own?.[name] ?? shared[name];

/** What the variables of a Pod's containers are taken from. */
export interface Surroundings {
  readonly client: Client;
  readonly facts: OwnFacts;
}

type Value = { readonly text: string | undefined } | Problem;

export function makeEnvironment(
  pod: Pod,
  container: Container,
  around: Surroundings,
): Environment | Problem {
  const { enableServiceLinks = true } = pod.spec;
  const { namespace = '' } = pod.metadata;
  const shared = serviceEnvironment(around.client, namespace, enableServiceLinks);
  if (!container.env?.length && !container.envFrom?.length) return { shared };
  const own: Record<string, string> = {};
  const lookUp = lookUpIn({ shared, own });
  for (const source of container.envFrom ?? []) {
    const taken = wholeSource(namespace, source, around.client);
    if ('problem' in taken) return taken;
    Object.assign(own, taken.env);
  }
  for (const variable of container.env ?? []) {
    const value = valueOf(pod, container, variable, around, lookUp);
    if ('problem' in value) return value;
    if (value.text !== undefined) own[variable.name] = value.text;
  }
  return { shared, own };
}

function wholeSource(
  namespace: string,
  source: EnvFromSource,
  client: Client,
): { readonly env: Variables } | Problem {
  const { prefix = '', configMapRef, secretRef } = source;
  const ref = configMapRef ?? secretRef;
  if (!ref) return { env: {} };
  const { name = '', optional = false } = ref;
  const data = dataOf(client, configMapRef ? 'configmaps' : 'secrets', namespace, name);
  if (!data) return optional ? { env: {} } : { problem: missing(configMapRef !== undefined, name) };
  return {
    env: Object.fromEntries(Object.entries(data).map(([key, text]) => [prefix + key, text])),
  };
}

const missing = (isConfigMap: boolean, name: string): string =>
  `${isConfigMap ? 'configmap' : 'secret'} "${name}" not found`;

/** The keys of a ConfigMap or Secret as text; undefined when there is none. */
export function dataOf(
  client: Client,
  resource: 'configmaps' | 'secrets',
  namespace: string,
  name: string,
): Labels | undefined {
  if (resource === 'configmaps') {
    const map = client.get('configmaps', namespace, name);
    return map && { ...map.data, ...decoded(map.binaryData) };
  }
  const secret = client.get('secrets', namespace, name);
  return secret && decoded(secret.data);
}

/** Simplified: bytes that are no UTF-8 text are shown as if they were. */
const decoded = (data: Labels = {}): Labels =>
  Object.fromEntries(Object.entries(data).map(([key, value]) => [key, fromBase64(value) ?? '']));

function valueOf(
  pod: Pod,
  container: Container,
  { value = '', valueFrom }: EnvVar,
  { client, facts }: Surroundings,
  known: LookUp,
): Value {
  const { namespace = '' } = pod.metadata;
  if (!valueFrom) return { text: expand(value, known) };
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef) {
    const text = fieldValue(pod, fieldRef, facts);
    return text === undefined
      ? { problem: `unsupported fieldPath: ${fieldRef.fieldPath}` }
      : { text };
  }
  if (resourceFieldRef) {
    const text = resourceValue(pod, container, resourceFieldRef, facts);
    const { containerName = '' } = resourceFieldRef;
    return text === undefined ? { problem: `container ${containerName} not found` } : { text };
  }
  const ref = configMapKeyRef ?? secretKeyRef;
  if (!ref) return { text: '' };
  const isConfigMap = configMapKeyRef !== undefined;
  const { name = '', key, optional = false } = ref;
  const data = dataOf(client, isConfigMap ? 'configmaps' : 'secrets', namespace, name);
  if (!data) return optional ? { text: undefined } : { problem: missing(isConfigMap, name) };
  const text = data[key];
  if (text !== undefined || optional) return { text };
  const kind = isConfigMap ? 'ConfigMap' : 'Secret';
  return { problem: `couldn't find key ${key} in ${kind} ${namespace}/${name}` };
}
