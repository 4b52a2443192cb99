import { goQuote } from '../../go/quote.ts';
import { ComposeError } from '../failure.ts';

/**
 * `$NAME` and `${NAME…}` in a text (compose-go v2.13 `template/template.go`): defaults (`:-`, `-`),
 * required variables (`:?`, `?`) and replacements (`:+`, `+`), whose operands are texts of the same
 * kind and are looked at only when they are needed; `$$` is a dollar.
 */
export interface Variables {
  readonly lookup: (name: string) => string | undefined;
  /** Told of each variable that is set nowhere and has no operand. */
  readonly onUnset?: (name: string) => void;
}

export class InvalidTemplate extends ComposeError {
  readonly template: string;

  constructor(template: string) {
    super(`Invalid template: ${goQuote(template)}`);
    this.template = template;
  }
}

const START = /\$(?:(\$)|([_a-z][_a-z0-9]*)|\{(?:([_a-z][_a-z0-9]*(?::?[-+?](.*))?)\})?)/i;

export function substitute(template: string, variables: Variables): string {
  let rest = template;
  let result = '';
  for (;;) {
    const match = START.exec(rest);
    if (!match) return result + rest;
    result += rest.slice(0, match.index);
    const [whole, escaped, name] = match;
    if (escaped !== undefined || name !== undefined) {
      result += escaped ?? plainValue(name ?? '', variables);
      rest = rest.slice(match.index + whole.length);
      continue;
    }
    // The pattern takes everything up to the last brace; this one ends at its own.
    const end = closingBrace(whole);
    const own = whole.slice(0, end + 1);
    const braced = BRACED.exec(own);
    if (end < 0 || !braced) throw new InvalidTemplate(template);
    result += bracedValue(braced, variables);
    rest = rest.slice(match.index + own.length);
  }
}

const BRACED = /^\$\{([_a-z][_a-z0-9]*)(?:(:?[-+?])([\s\S]*))?\}$/i;

function plainValue(name: string, { lookup, onUnset }: Variables): string {
  const value = lookup(name);
  if (value === undefined) onUnset?.(name);
  return value ?? '';
}

function bracedValue([, name = '', sign, operand = '']: RegExpExecArray, vars: Variables): string {
  if (sign === undefined) return plainValue(name, vars);
  const value = vars.lookup(name);
  const counts = value !== undefined && (value !== '' || !sign.startsWith(':'));
  const kind = sign.at(-1);
  if (kind === '+') return counts ? substitute(operand, vars) : (value ?? '');
  if (counts) return value;
  if (kind === '-') return substitute(operand, vars);
  const reason = substitute(operand, vars);
  const what = `required variable ${name} is missing a value`;
  throw new ComposeError(reason === '' ? what : `${what}: ${reason}`);
}

/** Where the brace that opened first is closed; -1 when it is not. */
function closingBrace(text: string): number {
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '}') {
      open -= 1;
      if (open === 0) return at;
    } else if (text[at] === '{') {
      open += 1;
      at += 1;
    }
  }
  return -1;
}
