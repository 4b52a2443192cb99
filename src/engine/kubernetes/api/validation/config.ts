import { sameValue } from '../../apimachinery/canonical-json.ts';
import type { Labels } from '../../apimachinery/object.ts';
import type { ResourceAmounts } from '../amounts.ts';
import type {
  ConfigMap,
  LimitRange,
  LimitRangeItem,
  PriorityClass,
  ResourceQuota,
  Secret,
} from '../config.ts';
import {
  given,
  duplicate,
  forbidden,
  immutable,
  invalid,
  invalids,
  oneOf,
  required,
  tooLong,
  type FieldCause,
} from './field-errors.ts';
import { configKey, labelKey } from './names.ts';
import {
  compareAmounts,
  isLess,
  isOvercommitAllowed,
  validateAmount,
  validateContainerResourceName,
  validateQuotaResourceName,
  validateResourceName,
} from './resource-amounts.ts';

/** What configures Pods and namespaces (pkg/apis/{core,scheduling}/validation, v1.36). */
const MAX_BYTES = 1024 * 1024;
const SEALED = 'field is immutable when `immutable` is set';

const bytesOfText = (text: string): number => new TextEncoder().encode(text).length;

/** Bytes that a Base64 text stands for. */
const decodedBytes = (text: string): number => Math.floor((text.replace(/=+$/, '').length * 3) / 4);

function sum(map: Labels | undefined, size: (text: string) => number): number {
  return Object.values(map ?? {}).reduce((total, value) => total + size(value), 0);
}

const validateKeys = (map: Labels | undefined, at: string): FieldCause[] =>
  Object.keys(map ?? {}).flatMap((key) => invalids(`${at}[${key}]`, key, configKey(key)));

export function validateConfigMap(map: ConfigMap, previous?: ConfigMap): FieldCause[] {
  const { data, binaryData } = map;
  const causes = previous ? validateSealed(map, previous, ['data', 'binaryData']) : [];
  for (const key of Object.keys(data ?? {})) {
    causes.push(...invalids(`data[${key}]`, key, configKey(key)));
    if (binaryData && Object.hasOwn(binaryData, key)) {
      causes.push(invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    }
  }
  causes.push(...validateKeys(binaryData, 'binaryData'));
  if (sum(data, bytesOfText) + sum(binaryData, decodedBytes) > MAX_BYTES) {
    // No field: the whole object is too large.
    causes.push(tooLong('', MAX_BYTES));
  }
  return causes;
}

type Sealed = { readonly immutable?: boolean };

function validateSealed<T extends Sealed>(
  now: T,
  before: T,
  fields: readonly (keyof T & string)[],
): FieldCause[] {
  if (!before.immutable) return [];
  const causes = now.immutable ? [] : [forbidden('immutable', SEALED)];
  for (const field of fields) {
    if (!sameValue(now[field], before[field])) causes.push(forbidden(field, SEALED));
  }
  return causes;
}

const SERVICE_ACCOUNT_NAME = 'kubernetes.io/service-account.name';

/** Keys that a Secret of a type has to have. */
const NEEDED_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

export function validateSecret(secret: Secret, previous?: Secret): FieldCause[] {
  const { type = 'Opaque', data = {}, metadata } = secret;
  const causes: FieldCause[] = [];
  if (previous) {
    causes.push(...immutable('type', type, type === (previous.type ?? 'Opaque')));
    causes.push(...validateSealed(secret, previous, ['data']));
  }
  causes.push(...validateKeys(data, 'data'));
  if (sum(data, decodedBytes) > MAX_BYTES) causes.push(tooLong('data', MAX_BYTES));
  if (type === 'kubernetes.io/service-account-token') {
    if (!metadata.annotations?.[SERVICE_ACCOUNT_NAME]) {
      causes.push(required(`metadata.annotations[${SERVICE_ACCOUNT_NAME}]`));
    }
  } else if (type === 'kubernetes.io/basic-auth') {
    const none = data.username === undefined && data.password === undefined;
    if (none) causes.push(required('data[username]'), required('data[password]'));
  }
  for (const key of NEEDED_KEYS[type] ?? []) {
    if (data[key] === undefined) causes.push(required(`data[${key}]`));
  }
  return causes;
}

const SCOPES = new Set([
  ...['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass'],
  ...['CrossNamespacePodAffinity', 'VolumeAttributesClass'],
]);
const COMPUTE = new Set([
  ...['pods', 'cpu', 'memory', 'ephemeral-storage', 'requests.cpu', 'requests.memory'],
  ...['requests.ephemeral-storage', 'limits.cpu', 'limits.memory', 'limits.ephemeral-storage'],
]);

function scopeFits(scope: string, name: string): boolean {
  if (name.includes('/') || name.startsWith('count/')) return true;
  if (scope === 'BestEffort') return name === 'pods';
  if (scope === 'VolumeAttributesClass') {
    return name === 'persistentvolumeclaims' || name === 'requests.storage';
  }
  return COMPUTE.has(name);
}

const OPPOSITES = [
  ['BestEffort', 'NotBestEffort'],
  ['NotTerminating', 'Terminating'],
];

export function validateQuota({ spec }: ResourceQuota, previous?: ResourceQuota): FieldCause[] {
  const { hard = {}, scopes = [], scopeSelector } = spec;
  const names = Object.keys(hard).sort((a, b) => (a < b ? -1 : 1));
  const causes: FieldCause[] = [];
  for (const [name, amount] of Object.entries(hard)) {
    const field = `spec.hard[${name}]`;
    causes.push(...validateQuotaResourceName(name, field), ...validateAmount(name, amount, field));
  }
  const field = 'spec.scopes';
  for (const scope of scopes) {
    if (!SCOPES.has(scope)) causes.push(invalid(field, scopes, 'unsupported scope'));
    for (const name of names) {
      if (scopeFits(scope, name)) continue;
      causes.push(invalid(field, scopes, 'unsupported scope applied to resource'));
    }
  }
  if (OPPOSITES.some((pair) => pair.every((scope) => scopes.includes(scope as never)))) {
    causes.push(invalid(field, scopes, 'conflicting scopes'));
  }
  for (const one of scopeSelector?.matchExpressions ?? []) {
    causes.push(...validateScopeRequirement(one, 'spec.scopeSelector.matchExpressions'));
  }
  if (!previous) return causes;
  const sorted = (list: readonly string[] = []): string[] =>
    [...list].sort((a, b) => (a < b ? -1 : 1));
  const same = sameValue(sorted(scopes), sorted(previous.spec.scopes));
  return [...causes, ...immutable(field, scopes, same)];
}

type ScopeRequirement = NonNullable<
  NonNullable<ResourceQuota['spec']['scopeSelector']>['matchExpressions']
>[number];

function validateScopeRequirement(
  { scopeName, operator, values = [] }: ScopeRequirement,
  at: string,
): FieldCause[] {
  const causes: FieldCause[] = [];
  if (!SCOPES.has(scopeName)) {
    causes.push(invalid(`${at}.scopeName`, scopeName, 'unsupported scope'));
  }
  const valued = scopeName === 'PriorityClass' || scopeName === 'VolumeAttributesClass';
  if (!valued && operator !== 'Exists') {
    const why =
      "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, " +
      'ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ' +
      'ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity';
    causes.push(invalid(`${at}.operator`, operator, why));
  }
  if (operator === 'In' || operator === 'NotIn') {
    const why = "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector";
    if (values.length === 0) causes.push(required(`${at}.values`, why));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    const why = "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector";
    if (values.length > 0) causes.push(invalid(`${at}.values`, values, why));
  } else causes.push(invalid(`${at}.operator`, operator, 'not a valid selector operator'));
  return causes;
}

const LIMIT_TYPES = new Set(['Pod', 'Container', 'PersistentVolumeClaim']);

export function validateLimitRange({ spec }: LimitRange): FieldCause[] {
  const types = new Set<string>();
  return (spec.limits ?? []).flatMap((item, i) => {
    const { type = '' } = given(item);
    const at = `spec.limits[${i}]`;
    const causes = invalids(`${at}.type`, type, labelKey(type));
    if (causes.length === 0 && !type.includes('/') && !LIMIT_TYPES.has(type)) {
      const why = 'must be a standard limit type or fully qualified';
      causes.push(invalid(`${at}.type`, type, why));
    }
    if (types.has(type)) causes.push(duplicate(`${at}.type`, type));
    types.add(type);
    return [...causes, ...validateLimitItem(item, at)];
  });
}

function validateLimitItem(item: LimitRangeItem, at: string): FieldCause[] {
  const { type, max, min, maxLimitRequestRatio } = item;
  const named = (list: ResourceAmounts | undefined, field: string): FieldCause[] =>
    Object.keys(list ?? {}).flatMap((name) =>
      type === 'Pod' || type === 'Container'
        ? validateContainerResourceName(name, `${at}.${field}[${name}]`)
        : validateResourceName(name, `${at}.${field}[${name}]`),
    );
  const causes = [...named(max, 'max'), ...named(min, 'min')];
  if (type === 'Pod') {
    const why = "may not be specified when `type` is 'Pod'";
    if (item.default) causes.push(forbidden(`${at}.default`, why));
    if (item.defaultRequest) causes.push(forbidden(`${at}.defaultRequest`, why));
  } else {
    causes.push(...named(item.default, 'default'), ...named(item.defaultRequest, 'defaultRequest'));
  }
  if (type === 'PersistentVolumeClaim' && !min?.storage && !max?.storage) {
    const why = 'either minimum or maximum storage value is required, but neither was provided';
    causes.push(required(`${at}.limits`, why));
  }
  causes.push(...named(maxLimitRequestRatio, 'maxLimitRequestRatio'));
  const lists = [max, min, item.default, item.defaultRequest, maxLimitRequestRatio];
  const names = new Set(lists.flatMap((list) => Object.keys(list ?? {})));
  return [...causes, ...[...names].flatMap((name) => validateLimits(item, name, at))];
}

/** What one resource's limits say of one another. */
function validateLimits(item: LimitRangeItem, name: string, at: string): FieldCause[] {
  const max = item.max?.[name];
  const min = item.min?.[name];
  const limit = item.type === 'Pod' ? undefined : item.default?.[name];
  const request = item.type === 'Pod' ? undefined : item.defaultRequest?.[name];
  const ratio = item.maxLimitRequestRatio?.[name];
  const causes: FieldCause[] = [];
  type Amount = string | number | undefined;
  const ordered = (low: Amount, high: Amount, field: string, value: Amount, why: string): void => {
    if (low === undefined || high === undefined || !isLess(high, low)) return;
    causes.push(invalid(`${at}.${field}[${name}]`, String(value), why));
  };
  const than = (a: string, b: Amount, c: string, d: Amount): string =>
    `${a} value ${b} is greater than ${c} value ${d}`;
  ordered(min, max, 'min', min, than('min', min, 'max', max));
  ordered(min, request, 'defaultRequest', request, than('min', min, 'default request', request));
  ordered(
    ...([request, max, 'defaultRequest', request] as const),
    than('default request', request, 'max', max),
  );
  ordered(
    ...([request, limit, 'defaultRequest', request] as const),
    than('default request', request, 'default limit', limit),
  );
  ordered(min, limit, 'default', min, than('min', min, 'default', limit));
  ordered(limit, max, 'default', max, than('default', limit, 'max', max));
  if (ratio !== undefined && isLess(ratio, 1)) {
    const field = `${at}.maxLimitRequestRatio[${name}]`;
    causes.push(invalid(field, String(ratio), `ratio ${ratio} is less than 1`));
  }
  if (isOvercommitAllowed(name) || limit === undefined || request === undefined) return causes;
  if (compareAmounts(limit, request) === 0) return causes;
  const why = `default value ${limit} must equal to defaultRequest value ${request} in ${name}`;
  return [...causes, invalid(`${at}.defaultRequest[${name}]`, String(request), why)];
}

const HIGHEST_PRIORITY = 1_000_000_000;
const SYSTEM_CLASSES: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};

export function validatePriorityClass(
  object: PriorityClass,
  previous?: PriorityClass,
): FieldCause[] {
  const { metadata, value, preemptionPolicy } = object;
  if (previous) {
    const same = preemptionPolicy === previous.preemptionPolicy;
    return [
      ...(value === previous.value ? [] : [forbidden('value', 'may not be changed in an update.')]),
      ...immutable('preemptionPolicy', preemptionPolicy, same),
    ];
  }
  const causes: FieldCause[] = [];
  if (metadata.name.startsWith('system-')) {
    const known = SYSTEM_CLASSES[metadata.name];
    const why =
      "priority class names with 'system-' prefix are reserved for system use only. error: " +
      `${metadata.name} is not a known system priority class`;
    if (known !== value) causes.push(forbidden('metadata.name', why));
  } else if (value > HIGHEST_PRIORITY) {
    const why = `maximum allowed value of a user defined priority is ${HIGHEST_PRIORITY}`;
    causes.push(forbidden('value', why));
  }
  const policies = ['PreemptLowerPriority', 'Never'];
  return [...causes, ...oneOf('preemptionPolicy', preemptionPolicy, policies)];
}
