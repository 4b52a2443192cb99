import { isList, isMapping, sortedEntries, type Mapping } from '../tree/tree.ts';

/** The variables a document names (compose-go v2.13 `template/variables.go`). */
export interface NamedVariable {
  readonly name: string;
  readonly required: boolean;
  /** What stands in when it is unset; empty when nothing does. */
  readonly defaultValue: string;
  /** What stands in when it is set. */
  readonly presenceValue: string;
}

/**
 * By name, in the order of names; of a variable that is named twice the later form.
 * @param document not yet interpolated
 */
export function namedVariables(document: Mapping): NamedVariable[] {
  const found = new Map<string, NamedVariable>();
  const visit = (value: unknown): void => {
    if (typeof value === 'string') for (const one of inText(value)) found.set(one.name, one);
    else if (isList(value)) value.forEach(visit);
    else if (isMapping(value)) for (const [, one] of sortedEntries(value)) visit(one);
  };
  visit(document);
  return sortedEntries(Object.fromEntries(found)).map(([, one]) => one);
}

const VARIABLE = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{(?=([_a-z][_a-z0-9]*)(:?[-+?]|\})))/i;

function inText(text: string): NamedVariable[] {
  const match = VARIABLE.exec(text);
  if (!match) return [];
  const [whole, escaped, bare, braced = '', sign = ''] = match;
  const rest = text.slice(match.index + whole.length);
  if (escaped !== undefined) return inText(rest);
  if (bare !== undefined) return [variable(bare, '', ''), ...inText(rest)];
  const end = closing(rest);
  if (end === -1) return inText(rest);
  const operand = sign === '}' ? '' : rest.slice(braced.length + sign.length, end);
  const nested = sign.endsWith('?') ? [] : inText(operand);
  return [...inText(rest.slice(end + 1)), variable(braced, sign, operand), ...nested];
}

const variable = (name: string, sign: string, operand: string): NamedVariable => ({
  name,
  required: sign.endsWith('?'),
  defaultValue: sign.endsWith('-') ? operand : '',
  presenceValue: sign.endsWith('+') ? operand : '',
});

/** Where the brace that is open at the start is closed. */
function closing(text: string): number {
  let open = 1;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') open += 1;
    if (text[at] === '}') open -= 1;
    if (open === 0) return at;
  }
  return -1;
}
