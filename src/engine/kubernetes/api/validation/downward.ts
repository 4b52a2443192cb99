import { formatQuantity, quantityOf } from '../../apimachinery/quantity.ts';
import type { FieldSelector, ResourceFieldSelector } from '../volumes.ts';
import { invalid, invalids, notSupported, required, type FieldCause } from './field-errors.ts';
import { labelKey } from './names.ts';

/**
 * What a container may be told of its own Pod (pkg/apis/core/validation/validation.go
 * `validateObjectFieldSelector`, `validateContainerResourceFieldSelector`, v1.36).
 */
const ENV_FIELDS = [
  ...['metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName'],
  ...['spec.serviceAccountName', 'status.hostIP', 'status.hostIPs', 'status.podIP'],
  'status.podIPs',
];
const VOLUME_FIELDS = [
  ...['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace'],
  'metadata.uid',
];
/** What the conversion of field labels knows (pkg/apis/core/pods/helpers.go). */
const KNOWN_FIELDS = new Set([
  ...ENV_FIELDS,
  ...VOLUME_FIELDS,
  ...['spec.restartPolicy', 'spec.schedulerName', 'status.phase'],
]);
const SUBSCRIPTED = /^(metadata\.(?:annotations|labels))\['(.*)'\]$/;

export function validateFieldSelector(
  { apiVersion = 'v1', fieldPath }: FieldSelector,
  use: 'env' | 'volume',
  at: string,
): FieldCause[] {
  if (apiVersion === '') return [required(`${at}.apiVersion`)];
  if (!fieldPath) return [required(`${at}.fieldPath`)];
  if (apiVersion !== 'v1') {
    const why = `error converting fieldPath: unsupported pod version: ${apiVersion}`;
    return [invalid(`${at}.fieldPath`, fieldPath, why)];
  }
  const [, map, key = ''] = SUBSCRIPTED.exec(fieldPath) ?? [];
  if (map !== undefined) {
    return invalids(at, key, labelKey(map === 'metadata.annotations' ? key.toLowerCase() : key));
  }
  if (!KNOWN_FIELDS.has(fieldPath)) {
    const why = `error converting fieldPath: field label not supported: ${fieldPath}`;
    return [invalid(`${at}.fieldPath`, fieldPath, why)];
  }
  const allowed = use === 'env' ? ENV_FIELDS : VOLUME_FIELDS;
  return allowed.includes(fieldPath) ? [] : [notSupported(`${at}.fieldPath`, fieldPath, allowed)];
}

const AMOUNTS = ['cpu', 'memory', 'ephemeral-storage'];
const RESOURCES = ['limits', 'requests']
  .flatMap((list) => AMOUNTS.map((name) => `${list}.${name}`))
  .sort((a, b) => (a < b ? -1 : 1));
const HUGE_PAGES = /^(requests|limits)\.hugepages-/;
const MEMORY_DIVISORS = '1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei';

export function validateResourceFieldSelector(
  { containerName, resource, divisor }: ResourceFieldSelector,
  inVolume: boolean,
  at: string,
): FieldCause[] {
  const causes: FieldCause[] = [];
  if (inVolume && !containerName) causes.push(required(`${at}.containerName`));
  else if (!resource) causes.push(required(`${at}.resource`));
  else if (!RESOURCES.includes(resource) && !HUGE_PAGES.test(resource)) {
    causes.push(notSupported(`${at}.resource`, resource, RESOURCES));
  }
  const quantity = divisor === undefined ? undefined : quantityOf(divisor);
  if (!quantity || quantity.unscaled === 0n) return causes;
  const text = formatQuantity(quantity);
  const [, name = ''] = (resource ?? '').split('.');
  if (name === 'cpu' && text !== '1' && text !== '1m') {
    const why = "only divisor's values 1m and 1 are supported with the cpu resource";
    causes.push(invalid(`${at}.divisor`, resource, why));
  } else if (AMOUNTS.includes(name) && name !== 'cpu' && !isMemoryDivisor(text)) {
    const what = name === 'memory' ? 'memory' : 'local ephemeral storage';
    const why = `only divisor's values ${MEMORY_DIVISORS} are supported with the ${what} resource`;
    causes.push(invalid(`${at}.divisor`, resource, why));
  }
  return causes;
}

const isMemoryDivisor = (text: string): boolean => MEMORY_DIVISORS.split(', ').includes(text);
