/**
 * References to variables in commands, arguments and other variables
 * (third_party/forked/golang/expansion/expand.go, v1.36): `$(NAME)` becomes its value, `$$` one
 * dollar; a name that nobody defined stays as it is written.
 */
export function expand(text: string, valueOf: (name: string) => string | undefined): string {
  let out = '';
  let at = 0;
  for (let dollar = text.indexOf('$'); dollar !== -1; dollar = text.indexOf('$', at)) {
    out += text.slice(at, dollar);
    const next = text.charAt(dollar + 1);
    if (next === '$') {
      out += '$';
      at = dollar + 2;
      continue;
    }
    const end = next === '(' ? text.indexOf(')', dollar) : -1;
    if (end === -1) {
      out += `$${next}`;
      at = dollar + 1 + next.length;
      continue;
    }
    const name = text.slice(dollar + 2, end);
    out += valueOf(name) ?? `$(${name})`;
    at = end + 1;
  }
  return out + text.slice(at);
}
