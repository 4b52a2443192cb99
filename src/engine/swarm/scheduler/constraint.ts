import { ipv6Groups, isIpv4 } from '../../go/address.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import type { NodeObject } from '../objects.ts';

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

/** All of them, or undefined when one cannot be read: then none counts. */
export function constraintsOf(texts: readonly string[]): Constraint[] | undefined {
  const read = texts.map(parseConstraint);
  const sound = read.filter((one): one is Constraint => !isRefused(one));
  return sound.length === read.length ? sound : undefined;
}

/** One of the values is the one that is meant, letter by letter but for their case. */
export function matchesAny({ operator, value }: Constraint, values: readonly string[]): boolean {
  const wanted = value.toLowerCase();
  const isThere = values.some((one) => one.toLowerCase() === wanted);
  return (operator === '==') === isThere;
}

/** What constraints know of a node. */
export type ConstrainedNode = Pick<
  NodeObject,
  'id' | 'hostname' | 'ip' | 'spec' | 'os' | 'architecture' | 'engineLabels'
>;

const NODE_LABEL = 'node.labels.';
const ENGINE_LABEL = 'engine.labels.';

/** A node meets all of them. A key that is none is met by nobody; a label that is missing is ''. */
export const nodeMatches = (constraints: readonly Constraint[], node: ConstrainedNode): boolean =>
  constraints.every((constraint) => isMet(constraint, node));

function isMet(constraint: Constraint, node: ConstrainedNode): boolean {
  const { key } = constraint;
  const name = key.toLowerCase();
  const label = (prefix: string, labels: Readonly<Record<string, string>>): boolean =>
    matchesAny(constraint, [labels[key.slice(prefix.length)] ?? '']);
  switch (name) {
    case 'node.id':
      return matchesAny(constraint, [node.id]);
    case 'node.hostname':
      return matchesAny(constraint, [node.hostname]);
    case 'node.ip':
      return ipMatches(constraint, node.ip);
    case 'node.role':
      return matchesAny(constraint, [node.spec.Role]);
    case 'node.platform.os':
      return matchesAny(constraint, [node.os]);
    case 'node.platform.arch':
      return matchesAny(constraint, [node.architecture]);
    default:
      if (name.length > NODE_LABEL.length && name.startsWith(NODE_LABEL)) {
        return label(NODE_LABEL, node.spec.Labels ?? {});
      }
      return name.length > ENGINE_LABEL.length && name.startsWith(ENGINE_LABEL)
        ? label(ENGINE_LABEL, node.engineLabels)
        : false;
  }
}

/** An address, or a network that it lies in; what is neither is met by nobody. */
function ipMatches({ operator, value }: Constraint, ip: string): boolean {
  const wanted = operator === '==';
  const own = bitsOf(ip);
  const address = bitsOf(value);
  if (address !== undefined) return wanted === (address === own);
  const [, base = '', length = ''] = /^(.+)\/(\d+)$/.exec(value) ?? [];
  const network = bitsOf(base);
  if (network === undefined || Number(length) > network.length) return false;
  const prefix = network.slice(0, Number(length));
  const isWithin = own?.length === network.length && own.startsWith(prefix);
  return wanted === isWithin;
}

/** The 32 or 128 bits of an address, as a text of zeros and ones. */
function bitsOf(text: string): string | undefined {
  if (isIpv4(text)) return binary(text.split('.').map(Number), 8);
  const groups = ipv6Groups(text);
  return groups && binary(groups, 16);
}

const binary = (numbers: readonly number[], width: number): string =>
  numbers.map((one) => one.toString(2).padStart(width, '0')).join('');
