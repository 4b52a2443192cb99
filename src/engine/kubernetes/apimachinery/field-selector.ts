import type { SelectorError } from './selector-syntax.ts';

/**
 * Field selectors: `status.phase!=Running,spec.nodeName=node-1`
 * (staging/src/k8s.io/apimachinery/pkg/fields/selector.go, v1.36). Which fields a kind can be
 * chosen by is the server's to say: api/selectable-fields.ts.
 */
/** `status.phase!=Running`: one requirement of a field selector. */
export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

const TEXT_LIMIT = 100_000;

/** Reads a field selector, or says why it is none. */
export function readFieldSelector(text: string): FieldRequirement[] | SelectorError {
  if (text.length > TEXT_LIMIT) return { error: 'the selector is too long' };
  const found: FieldRequirement[] = [];
  for (const term of termsOf(text).sort((a, b) => (a < b ? -1 : 1))) {
    if (term === '') continue;
    const match = /^([^=]*?)(!=|==|=)([\s\S]*)$/.exec(term);
    if (!match) return { error: `invalid selector: '${text}'; can't understand '${term}'` };
    const [, field = '', sign, escaped = ''] = match;
    const value = unescaped(escaped);
    if (typeof value !== 'string') return value;
    found.push({ field, operator: sign === '!=' ? '!=' : '=', value });
  }
  return found;
}

/** Parts between commas that no backslash stands before. */
function termsOf(text: string): string[] {
  const terms = [''];
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === ',') terms.push('');
    else {
      const part = sign === '\\' ? text.slice(at, at + 2) : sign;
      terms.push((terms.pop() ?? '') + part);
      at += part.length - 1;
    }
  }
  return terms;
}

const SPECIAL = '\\,=';

function unescaped(text: string): string | SelectorError {
  let value = '';
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === '\\') {
      at += 1;
      const next = text.charAt(at);
      if (next === '' || !SPECIAL.includes(next)) {
        return { error: `invalid field selector: invalid escape sequence: \\${next}` };
      }
      value += next;
    } else if (SPECIAL.includes(sign)) {
      const rune = sign.charCodeAt(0);
      return { error: `invalid field selector: unescaped character in value: ${rune}` };
    } else value += sign;
  }
  return value;
}

/** All requirements hold; a field that is not there counts as the empty text. */
export function fieldsMatch(
  selector: readonly FieldRequirement[],
  valueOf: (field: string) => string,
): boolean {
  return selector.every(
    ({ field, operator, value }) => (valueOf(field) === value) === (operator === '='),
  );
}

/** `a=b,c!=d`, as a query carries it. */
export function fieldSelectorText(selector: readonly FieldRequirement[]): string {
  return selector
    .map(({ field, operator, value }) => field + operator + value.replace(/[\\,=]/g, '\\$&'))
    .join(',');
}
