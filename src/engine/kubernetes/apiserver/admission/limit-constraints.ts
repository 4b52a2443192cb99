import type { LimitRangeItem } from '../../api/config.ts';
import type { ResourceAmounts } from '../../api/amounts.ts';
import type { PodSpec } from '../../api/pod.ts';
import { podAmounts } from '../../api/quota-usage.ts';
import {
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  quantityOf,
  ZERO,
  type Quantity,
} from '../../apimachinery/quantity.ts';

/** How amounts stand to a limit range, in the server's words. */
const amountOf = (value: string | number | undefined): Quantity =>
  (value === undefined ? undefined : quantityOf(value)) ?? ZERO;

const shown = (value: string | number): string => canonicalQuantity(value) ?? String(value);

const exceeds = (a: string | number, b: string | number): boolean =>
  compareQuantities(amountOf(a), amountOf(b)) > 0;

const inOrder = (amounts: ResourceAmounts = {}): [string, string | number][] =>
  Object.entries(amounts).sort(([a], [b]) => (a < b ? -1 : 1));

export function limitErrors(
  { type, min, max, maxLimitRequestRatio }: LimitRangeItem,
  requests: ResourceAmounts,
  limits: ResourceAmounts,
): string[] {
  return [
    ...inOrder(min).map(([name, bound]) => belowMin(type, name, bound, requests, limits)),
    ...inOrder(max).map(([name, bound]) => aboveMax(type, name, bound, requests, limits)),
    ...inOrder(maxLimitRequestRatio).map(([name, bound]) =>
      aboveRatio(type, name, bound, requests[name], limits[name]),
    ),
  ].flatMap((wrong) => (wrong === undefined ? [] : [wrong]));
}

function belowMin(
  type: string,
  name: string,
  bound: string | number,
  requests: ResourceAmounts,
  limits: ResourceAmounts,
): string | undefined {
  const rule = `minimum ${name} usage per ${type} is ${shown(bound)}`;
  const [request, limit] = [requests[name], limits[name]];
  if (request === undefined) return `${rule}.  No request is specified`;
  if (exceeds(bound, request)) return `${rule}, but request is ${shown(request)}`;
  if (limit !== undefined && exceeds(bound, limit)) return `${rule}, but limit is ${shown(limit)}`;
  return undefined;
}

function aboveMax(
  type: string,
  name: string,
  bound: string | number,
  requests: ResourceAmounts,
  limits: ResourceAmounts,
): string | undefined {
  const rule = `maximum ${name} usage per ${type} is ${shown(bound)}`;
  const [request, limit] = [requests[name], limits[name]];
  if (type === 'PersistentVolumeClaim') {
    if (request === undefined) return `${rule}.  No request is specified`;
    return exceeds(request, bound) ? `${rule}, but request is ${shown(request)}` : undefined;
  }
  if (limit === undefined) return `${rule}.  No limit is specified`;
  if (exceeds(limit, bound)) return `${rule}, but limit is ${shown(limit)}`;
  if (request !== undefined && exceeds(request, bound)) {
    return `${rule}, but request is ${shown(request)}`;
  }
  return undefined;
}

function aboveRatio(
  type: string,
  name: string,
  bound: string | number,
  request: string | number | undefined,
  limit: string | number | undefined,
): string | undefined {
  const rule = `${name} max limit to request ratio per ${type} is ${shown(bound)}`;
  const asked = parseQuantity(request ?? 0) ?? 0;
  const allowed = parseQuantity(limit ?? 0) ?? 0;
  if (asked === 0) return `${rule}, but no request is specified or request is 0`;
  if (allowed === 0) return `${rule}, but no limit is specified or limit is 0`;
  const ratio = allowed / asked;
  if (ratio <= (parseQuantity(bound) ?? 0)) return undefined;
  return `${rule}, but provided ratio is ${ratio.toFixed(6)}`;
}

/** What a Pod asks for as a whole: its containers together, or its greediest init container. */
export function totalAmounts(spec: PodSpec, side: 'requests' | 'limits'): Record<string, string> {
  const sums = Object.entries(podAmounts({ spec }, side));
  return Object.fromEntries(sums.map(([name, amount]) => [name, formatQuantity(amount)]));
}
