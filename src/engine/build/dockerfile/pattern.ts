/**
 * The patterns of `${name#pattern}`, `${name%pattern}` and `${name/pattern/text}`: `*` is any run of
 * characters, `?` is one, a backslash takes either literally
 * (moby/buildkit v0.32 `frontend/dockerfile/shell/lex.go`, `convertShellPatternToRegex`).
 *
 * Every end is found in one pass over the text, so no pattern takes more than length times length.
 */
type Token = { readonly any: 'run' | 'one' } | { readonly char: string };

export interface Pattern {
  readonly tokens: readonly Token[];
}

/** A pattern; or what is wrong with it, in BuildKit's words. */
export function readPattern(text: string): Pattern | string {
  const tokens: Token[] = [];
  const chars = [...text];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    const next = chars[at + 1];
    if (char === '*') tokens.push({ any: 'run' });
    else if (char === '?') tokens.push({ any: 'one' });
    else if (char !== '\\') tokens.push({ char });
    else if (next === '*' || next === '?' || next === '\\') {
      tokens.push({ char: next });
      at += 1;
    } else if (next !== '}' && next !== '/') return `invalid escape '\\${next ?? ''}'`;
  }
  return { tokens };
}

/** Where matches that begin at `from` can end, in order; characters, not code units. */
function ends(tokens: readonly Token[], text: readonly string[], from: number): number[] {
  let places = new Set([from]);
  for (const token of tokens) {
    const next = new Set<number>();
    if ('any' in token && token.any === 'run') {
      const first = [...places].reduce((least, at) => Math.min(least, at));
      for (let at = first; at <= text.length; at++) {
        if (places.has(at)) next.add(at);
        else if (next.has(at - 1) && text[at - 1] !== '\n') next.add(at);
      }
    } else {
      for (const at of places) {
        const char = text[at];
        const fits = 'any' in token ? char !== '\n' : char === token.char;
        if (char !== undefined && fits) next.add(at + 1);
      }
    }
    if (next.size === 0) return [];
    places = next;
  }
  return [...places].sort((a, b) => a - b);
}

/** The text without the shortest or the longest beginning that matches. */
export function trimPrefix({ tokens }: Pattern, text: string, longest: boolean): string {
  const chars = [...text];
  const end = ends(tokens, chars, 0).at(longest ? -1 : 0);
  return chars.slice(end ?? 0).join('');
}

/** The text without the shortest or the longest end that matches. */
export function trimSuffix({ tokens }: Pattern, text: string, longest: boolean): string {
  const chars = [...text].reverse();
  const end = ends([...tokens].reverse(), chars, 0).at(longest ? -1 : 0);
  return chars
    .slice(end ?? 0)
    .reverse()
    .join('');
}

/** The text with the first match, or each, put another way; a match is as long as it can be. */
export function replace(
  { tokens }: Pattern,
  text: string,
  replacement: string,
  each: boolean,
): string {
  const chars = [...text];
  let out = '';
  let at = 0;
  while (at <= chars.length) {
    const end = ends(tokens, chars, at).at(-1);
    if (end !== undefined) {
      out += replacement;
      if (!each) return out + chars.slice(end).join('');
    }
    if (end === undefined || end === at) {
      out += chars[at] ?? '';
      at += 1;
    } else at = end;
  }
  return out;
}
