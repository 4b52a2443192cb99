import type { Labels } from './object.ts';

/**
 * Label selectors, in objects (`metav1.LabelSelector`) and on command lines (`app=web,tier!=db`):
 * staging/src/k8s.io/apimachinery/pkg/labels/selector.go, v1.36.
 */
export type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values?: readonly string[];
}

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly Requirement[];
}

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
  }
}

/** A label's value against the one integer of a requirement; NaN when either is none. */
function compareIntegers(value: string | undefined, [bound]: readonly string[] = []): number {
  const [left, right] = [value, bound].map((text = '') =>
    /^[+-]?\d+$/.test(text) ? Number(text) : NaN,
  );
  return (left ?? NaN) - (right ?? NaN);
}

/** All requirements hold. No selector matches nothing; an empty one matches everything. */
export function selectorMatches(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  if (!selector) return false;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    if (labels[key] !== value) return false;
  }
  return (selector.matchExpressions ?? []).every((requirement) => meets(requirement, labels));
}

export function isEmptySelector(selector: LabelSelector): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

const KEY = '[A-Za-z0-9][A-Za-z0-9._/-]*';
const EQUALITY = new RegExp(`^(${KEY})\\s*(=|==|!=)\\s*([A-Za-z0-9._-]*)$`);
const COMPARISON = new RegExp(`^(${KEY})\\s*([<>])\\s*([+-]?\\d+)$`);
const MEMBERSHIP = new RegExp(`^(${KEY})\\s+(in|notin)\\s+\\(([^)]*)\\)$`);
const PRESENCE = new RegExp(`^(!?)\\s*(${KEY})$`);

/** Reads `-l`'s text; undefined when it is not a selector. */
export function parseSelector(text: string): LabelSelector | undefined {
  const matchExpressions: Requirement[] = [];
  for (const part of splitOutsideBrackets(text)) {
    const requirement = parseRequirement(part.trim());
    if (!requirement) return undefined;
    matchExpressions.push(requirement);
  }
  return { matchExpressions };
}

function splitOutsideBrackets(text: string): string[] {
  return text.trim() === '' ? [] : text.split(/,(?![^(]*\))/);
}

function parseRequirement(text: string): Requirement | undefined {
  const equality = EQUALITY.exec(text);
  if (equality) {
    const [, key = '', sign, value = ''] = equality;
    return { key, operator: sign === '!=' ? 'NotIn' : 'In', values: [value] };
  }
  const comparison = COMPARISON.exec(text);
  if (comparison) {
    const [, key = '', sign, value = ''] = comparison;
    return { key, operator: sign === '>' ? 'Gt' : 'Lt', values: [value] };
  }
  const membership = MEMBERSHIP.exec(text);
  if (membership) {
    const [, key = '', word, list = ''] = membership;
    const values = [...new Set(list.split(',').map((value) => value.trim()))];
    return { key, operator: word === 'in' ? 'In' : 'NotIn', values };
  }
  const presence = PRESENCE.exec(text);
  if (!presence) return undefined;
  return { key: presence[2] ?? '', operator: presence[1] ? 'DoesNotExist' : 'Exists' };
}

/** `app=web,tier in (a,b)`: a selector as tables print it; `<none>` when it is empty. */
export function formatSelector(selector: LabelSelector | undefined): string {
  if (!selector) return '<none>';
  const parts = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    if (operator === 'Exists') parts.push(key);
    else if (operator === 'DoesNotExist') parts.push(`!${key}`);
    else if (operator === 'Gt' || operator === 'Lt') {
      parts.push(`${key}${operator === 'Gt' ? '>' : '<'}${values.join(',')}`);
    } else parts.push(`${key} ${operator === 'In' ? 'in' : 'notin'} (${sortedList(values)})`);
  }
  return parts.length === 0 ? '<none>' : parts.sort((a, b) => (a < b ? -1 : 1)).join(',');
}

const sortedList = (values: readonly string[]): string =>
  [...values].sort((a, b) => (a < b ? -1 : 1)).join(',');
