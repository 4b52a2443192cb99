import { isRefused, refuse, type Refused } from '../../../go/refused.ts';
import { GO_FUNCTIONS, type TemplateFunction } from '../../../go/template/functions.ts';
import type { Value } from '../../../go/template/value.ts';
import { fromBase64 } from '../../../oci/base64.ts';
import { base64Fault } from '../../api/schema/base64.ts';

/** What templates of kubectl may call (cli-runtime/pkg/printers/{template,jsonpath}.go, v1.36). */
const INDEX = GO_FUNCTIONS.index!;

/** Nothing is printed for nothing, and not as an empty text. */
function index(args: readonly Value[]): Value | Refused {
  const found = INDEX.call(args);
  return found === '' && missing(args) ? undefined : found;
}

function missing([item, ...keys]: readonly Value[]): boolean {
  let value: unknown = item;
  for (const key of keys) {
    if (typeof key !== 'string' && typeof key !== 'number') return true;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return true;
    value = (value as Record<string, unknown>)[key];
  }
  return value === null || value === undefined;
}

function decoded([value]: readonly Value[]): Value | Refused {
  if (typeof value !== 'string') {
    return refuse('wrong type for value; expected string; got interface {}');
  }
  const fault = base64Fault(value);
  if (fault === undefined) return fromBase64(value);
  return refuse(`base64 decode failed: illegal base64 data at input byte ${fault}`);
}

export const TEMPLATE_FUNCTIONS: Readonly<Record<string, TemplateFunction>> = {
  ...GO_FUNCTIONS,
  index: { ...INDEX, call: index },
  exists: { ...INDEX, call: (args) => !isRefused(INDEX.call(args)) && !missing(args) },
  base64decode: { takes: [1, 1], call: decoded },
};

export const TEMPLATE_NAMES: ReadonlySet<string> = new Set(Object.keys(TEMPLATE_FUNCTIONS));
