import { refuse, type Refused } from '../../go/refused.ts';

/**
 * What a service asks of its nodes, in words: `node.labels.zone==a` (moby/swarmkit v2.1
 * `manager/constraint/constraint.go`).
 */
export interface Constraint {
  readonly key: string;
  readonly operator: '==' | '!=';
  readonly value: string;
}

const KEY = /^[a-z_][a-z0-9\-_.]+$/i;
const VALUE = /^[a-z0-9:\-_\s.*()?+[\]\\^$|/]+$/i;
const OPERATORS = ['==', '!='] as const;

export function parseConstraint(text: string): Constraint | Refused {
  const operator = OPERATORS.find((one) => text.includes(one));
  if (operator === undefined) {
    return refuse(`constraint expected one operator from ${OPERATORS.join(', ')}`);
  }
  const at = text.indexOf(operator);
  const key = text.slice(0, at).trim();
  const value = text.slice(at + operator.length).trim();
  if (!KEY.test(key)) return refuse(`key '${key}' is invalid`);
  return VALUE.test(value) ? { key, operator, value } : refuse(`value '${value}' is invalid`);
}
