import { compareQuantities, milliValue, quantityOf, ZERO } from '../../apimachinery/quantity.ts';
import type { ResourceAmounts } from '../amounts.ts';
import type { Resources } from '../container.ts';
import {
  forbidden,
  invalid,
  invalids,
  NOT_NEGATIVE,
  NOT_POSITIVE,
  required,
  type FieldCause,
} from './field-errors.ts';
import { labelKey } from './names.ts';

/**
 * Names and amounts of resources (pkg/apis/core/validation/validation.go `ValidateResource…` and
 * pkg/apis/core/helper/helpers.go, v1.36).
 */
const CONTAINER_RESOURCES = new Set(['cpu', 'memory', 'ephemeral-storage']);
const COUNTED = [
  ...['pods', 'services', 'replicationcontrollers', 'resourcequotas', 'secrets', 'configmaps'],
  ...['persistentvolumeclaims', 'services.nodeports', 'services.loadbalancers'],
];
const QUOTA_RESOURCES = new Set([
  ...['cpu', 'memory', 'ephemeral-storage', 'requests.cpu', 'requests.memory'],
  ...['requests.storage', 'requests.ephemeral-storage', 'limits.cpu', 'limits.memory'],
  ...['limits.ephemeral-storage', ...COUNTED],
]);
const STANDARD_RESOURCES = new Set([...CONTAINER_RESOURCES, ...QUOTA_RESOURCES, 'storage']);
const WHOLE_RESOURCES = new Set(COUNTED);

const isHugePages = (name: string): boolean => name.startsWith('hugepages-');
const isQuotaHugePages = (name: string): boolean =>
  isHugePages(name) || name.startsWith('requests.hugepages-');
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');
const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && labelKey(`requests.${name}`).length === 0;
/** More of it may be asked for than there is. */
const isOvercommittable = (name: string): boolean => isNative(name) && !isHugePages(name);

export function validateResourceName(name: string, at: string): FieldCause[] {
  const causes = invalids(at, name, labelKey(name));
  if (causes.length > 0 || name.includes('/')) return causes;
  if (STANDARD_RESOURCES.has(name) || isQuotaHugePages(name) || name.startsWith('count/'))
    return [];
  return [invalid(at, name, 'must be a standard resource type or fully qualified')];
}

export function validateContainerResourceName(name: string, at: string): FieldCause[] {
  const causes = validateResourceName(name, at);
  if (!name.includes('/')) {
    if (CONTAINER_RESOURCES.has(name) || isHugePages(name)) return causes;
    return [...causes, invalid(at, name, 'must be a standard resource for containers')];
  }
  if (!isNative(name) && !isExtended(name)) {
    return [...causes, invalid(at, name, "doesn't follow extended resource name standard")];
  }
  return causes;
}

export function validateQuotaResourceName(name: string, at: string): FieldCause[] {
  const causes = validateResourceName(name, at);
  if (name.includes('/') || QUOTA_RESOURCES.has(name) || isQuotaHugePages(name)) return causes;
  return [...causes, invalid(at, name, 'must be a standard resource for quota')];
}

type Amount = string | number;

export function isLess(a: Amount, b: Amount): boolean {
  return compareAmounts(a, b) < 0;
}

export function compareAmounts(a: Amount, b: Amount): number {
  if (a === b) return 0;
  return compareQuantities(quantityOf(a) ?? ZERO, quantityOf(b) ?? ZERO);
}

/** What a resource may hold: nothing negative, and whole things only where things are counted. */
export function validateAmount(name: string, amount: Amount, at: string): FieldCause[] {
  const causes: FieldCause[] = [];
  if (compareAmounts(amount, 0) < 0) causes.push(invalid(at, String(amount), NOT_NEGATIVE));
  const whole = WHOLE_RESOURCES.has(name) || isExtended(name);
  if (whole && milliValue(amount) % 1000 !== 0) {
    causes.push(invalid(at, String(amount), 'must be an integer'));
  }
  return causes;
}

export function validatePositiveAmount(amount: Amount, at: string): FieldCause[] {
  return compareAmounts(amount, 0) > 0 ? [] : [invalid(at, String(amount), NOT_POSITIVE)];
}

/** Resources found right before; templates hand theirs to many Pods. */
const valid = new WeakSet<Resources>();

export function validateResources(resources: Resources | undefined, at: string): FieldCause[] {
  if (!resources || valid.has(resources)) return [];
  const { limits = {}, requests = {} } = resources;
  const causes: FieldCause[] = [];
  for (const [name, amount] of Object.entries(limits)) {
    const here = `${at}.limits[${name}]`;
    causes.push(
      ...validateContainerResourceName(name, here),
      ...validateAmount(name, amount, here),
    );
  }
  for (const [name, amount] of Object.entries(requests)) {
    const here = `${at}.requests[${name}]`;
    causes.push(
      ...validateContainerResourceName(name, here),
      ...validateAmount(name, amount, here),
    );
    causes.push(...validateAgainstLimit(name, amount, limits, at));
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.some((name) => name === 'cpu' || name === 'memory')) {
    causes.push(forbidden(at, 'HugePages require cpu or memory'));
  }
  if (causes.length === 0) valid.add(resources);
  return causes;
}

function validateAgainstLimit(
  name: string,
  amount: Amount,
  limits: ResourceAmounts,
  at: string,
): FieldCause[] {
  const limit = limits[name];
  if (limit === undefined) {
    if (isOvercommittable(name)) return [];
    return [required(`${at}.limits`, 'Limit must be set for non overcommitable resources')];
  }
  const order = compareAmounts(amount, limit);
  if (order !== 0 && !isOvercommittable(name)) {
    const why = `must be equal to ${name} limit of ${limit}`;
    return [invalid(`${at}.requests`, String(amount), why)];
  }
  if (order <= 0) return [];
  const why = `must be less than or equal to ${name} limit of ${limit}`;
  return [invalid(`${at}.requests`, String(amount), why)];
}

export const isOvercommitAllowed = isOvercommittable;
