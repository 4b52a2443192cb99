import { fail } from '../failure.ts';
import type { Mapping } from '../tree/tree.ts';
import { COMPOSE_SCHEMA } from './compose/document.ts';
import type { TypeName } from './schema.ts';
import { findViolations, type Fault, type Violation } from './violations.ts';

/**
 * Holds a merged document to the schema of the Compose Specification and fails with the fault that
 * lies deepest, in Compose's words (compose-go v2.13 `schema/schema.go`, santhosh-tekuri/jsonschema
 * v6 `kind/kind.go`).
 */
export function validateDocument(document: Mapping): void {
  const [first, ...rest] = findViolations(document, COMPOSE_SCHEMA);
  if (!first) return;
  let worst = first;
  for (const violation of rest) if (depth(violation) > depth(worst)) worst = violation;
  fail(`${worst.path.join('.')} ${describeFault(worst.fault)}`);
}

const depth = ({ path, fault }: Violation): number =>
  path.length + (fault.kind === 'additional' ? 1 : 0);

const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

const display = (value: unknown): string =>
  typeof value === 'string' ? `'${value}'` : String(value);

function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'type':
      return `must be a ${typeNames(fault.want)}`;
    case 'values': {
      const wanted = fault.want.map(display).join(', ');
      return fault.want.length === 1 ? `value must be ${wanted}` : `value must be one of ${wanted}`;
    }
    case 'missing':
      return fault.names.length === 1
        ? `missing property ${quoted(fault.names)}`
        : `missing properties ${quoted(fault.names)}`;
    case 'additional':
      return `additional properties ${quoted(fault.names)} not allowed`;
    case 'unique':
      return `items at ${fault.at[0]} and ${fault.at[1]} are equal`;
    case 'pattern':
      return `'${fault.got}' does not match pattern '${fault.want}'`;
    case 'format':
      return `${display(fault.got)} is not valid ${fault.want}`;
    case 'minimum':
      return `must be greater than or equal to ${fault.want}`;
    case 'maximum':
      return `must be less than or equal to ${fault.want}`;
    case 'one-of':
      return fault.matched.length === 0
        ? 'oneOf failed, none matched'
        : `oneOf failed, subschemas ${fault.matched.join(', ')} matched`;
  }
}

function typeNames(want: readonly TypeName[]): string {
  const names = want.map((type) => (type === 'object' ? 'mapping' : type)).sort();
  const last = names.at(-1) ?? '';
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${last}` : last;
}
