import type { Labels } from './object.ts';
import { integerOf, type LabelSelector, type Requirement } from './requirement.ts';
import { readSelector } from './selector-syntax.ts';

export type { LabelSelector, Requirement } from './requirement.ts';

/**
 * Label selectors in objects (`metav1.LabelSelector`) and what they choose
 * (staging/src/k8s.io/apimachinery/pkg/labels/selector.go and
 * pkg/apis/meta/v1/helpers.go, v1.36). Their form on command lines: selector-syntax.ts.
 */
function meets(requirement: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, requirement.key) ? labels[requirement.key] : undefined;
  switch (requirement.operator) {
    case 'In':
      return value !== undefined && (requirement.values ?? []).includes(value);
    case 'NotIn':
      return value === undefined || !(requirement.values ?? []).includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return compareIntegers(value, requirement.values) > 0;
    case 'Lt':
      return compareIntegers(value, requirement.values) < 0;
    default:
      return false;
  }
}

/** A label's value against the one integer of a requirement; NaN when either is none. */
function compareIntegers(value: string | undefined, values: readonly string[] = []): number {
  const [left, right] = [value, values[0]].map((text) => integerOf(text));
  if (left === undefined || right === undefined || values.length !== 1) return NaN;
  return left < right ? -1 : left > right ? 1 : 0;
}

/** All requirements hold. No selector matches nothing; an empty one matches everything. */
export function selectorMatches(
  selector: LabelSelector | null | undefined,
  labels: Labels = {},
): boolean {
  if (!selector) return false;
  const { matchLabels, matchExpressions } = selector;
  for (const [key, value] of Object.entries(matchLabels ?? {})) {
    if (!Object.hasOwn(labels, key) || labels[key] !== value) return false;
  }
  return !matchExpressions || matchExpressions.every((requirement) => meets(requirement, labels));
}

/** Labels that an object must have with one value each, however the selector says so. */
export function exactLabels({ matchLabels, matchExpressions }: LabelSelector): [string, string][] {
  const exact = Object.entries(matchLabels ?? {});
  for (const { key, operator, values = [] } of matchExpressions ?? []) {
    const [value] = values;
    if (operator === 'In' && values.length === 1 && value !== undefined) exact.push([key, value]);
  }
  return exact;
}

export function isEmptySelector(selector: LabelSelector): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** Reads `-l`'s text; undefined when it is not a selector: `readSelector` says why. */
export function parseSelector(text: string): LabelSelector | undefined {
  const selector = readSelector(text);
  return 'error' in selector ? undefined : selector;
}

/** `app=web,tier in (a,b)`: a selector as tables print it; `<none>` when it is empty. */
export function formatSelector(selector: LabelSelector | null | undefined): string {
  return (selector && selectorText(selector)) || '<none>';
}

/** `app=web,tier in (a,b)`: a selector as a query carries it, in the order of its keys. */
export function selectorText(selector: LabelSelector): string {
  const parts: [string, string][] = [];
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    parts.push([key, `${key}=${value}`]);
  }
  for (const requirement of selector.matchExpressions ?? []) {
    parts.push([requirement.key, requirementText(requirement)]);
  }
  parts.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return parts.map(([, text]) => text).join(',');
}

function requirementText({ key, operator, values = [], sign }: Requirement): string {
  const list = [...values].sort((a, b) => (a < b ? -1 : 1)).join(',');
  if (sign) return `${key}${sign}${list}`;
  switch (operator) {
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    case 'Gt':
      return `${key}>${list}`;
    case 'Lt':
      return `${key}<${list}`;
    case 'In':
      return `${key} in (${list})`;
    default:
      return `${key} notin (${list})`;
  }
}
