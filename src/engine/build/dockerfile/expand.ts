/**
 * `$NAME`, `${NAME}`, `${NAME:-word}` and its kin, quotes and escapes, as the frontend expands
 * words (`frontend/dockerfile/shell/lex.go`). A variable that is not set is empty.
 */
export type Lookup = (name: string) => string | undefined;

export type Expanded =
  { readonly ok: true; readonly value: string } | { readonly ok: false; readonly message: string };

const NAME = /^[A-Za-z_][A-Za-z0-9_]*/;

class Expansion extends Error {}

export function expand(word: string, lookup: Lookup): Expanded {
  try {
    return { ok: true, value: walk(word, lookup) };
  } catch (error) {
    if (!(error instanceof Expansion)) throw error;
    return { ok: false, message: error.message };
  }
}

function walk(word: string, lookup: Lookup): string {
  let out = '';
  let quote = '';
  for (let at = 0; at < word.length;) {
    const char = word[at]!;
    if (quote === "'") {
      if (char === "'") quote = '';
      else out += char;
      at += 1;
    } else if (char === '\\') {
      const next = word[at + 1] ?? '';
      out += quote === '"' && !/["$\\]/.test(next) ? `\\${next}` : next;
      at += 2;
    } else if (char === '"' || (char === "'" && quote === '')) {
      quote = quote === char ? '' : char;
      at += 1;
    } else if (char === '$') {
      const [value, length] = variable(word.slice(at + 1), lookup);
      out += value;
      at += 1 + length;
    } else {
      out += char;
      at += 1;
    }
  }
  if (quote !== '') {
    throw new Expansion(
      `unexpected end of statement while looking for matching ${quote === '"' ? 'double' : 'single'}-quote`,
    );
  }
  return out;
}

/** The value of what follows a `$`, and how many characters that took. */
function variable(rest: string, lookup: Lookup): [string, number] {
  const plain = NAME.exec(rest)?.[0];
  if (plain !== undefined) return [lookup(plain) ?? '', plain.length];
  if (!rest.startsWith('{')) return ['$', 0];
  const end = closing(rest);
  if (end === -1) throw new Expansion("syntax error: missing '}'");
  const inside = rest.slice(1, end);
  const name = NAME.exec(inside)?.[0] ?? '';
  if (name === '') throw new Expansion(`syntax error: bad substitution`);
  return [modify(name, inside.slice(name.length), lookup), end + 1];
}

function closing(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

function modify(name: string, modifier: string, lookup: Lookup): string {
  const value = lookup(name);
  if (modifier === '') return value ?? '';
  const match = /^(:?)([-+?])([\s\S]*)$/.exec(modifier);
  if (!match) throw new Expansion(`unsupported modifier (${modifier.slice(0, 1)}) in substitution`);
  const [, colon, operator, operand = ''] = match;
  const present = value !== undefined && (colon === '' || value !== '');
  if (operator === '+') return present ? walk(operand, lookup) : '';
  if (present) return value;
  if (operator === '-') return walk(operand, lookup);
  const reason = operand === '' ? 'not allowed to be unset' : walk(operand, lookup);
  throw new Expansion(`${name}: ${reason}`);
}
