/**
 * Path patterns: `*` and `?` within one name, `**` over any number of them, `[a-z]` and `[^a-z]`,
 * a backslash takes the next character literally (Go `path/filepath.Match`, sources
 * of COPY in fsutil `copy/copy.go`).
 *
 * Every end is found in one pass over the path, so no pattern takes more than length times length.
 */
type Token =
  | { readonly kind: 'char'; readonly char: string }
  /** `?`: one character that is no slash. */
  | { readonly kind: 'one' }
  /** `*`: any number of them. */
  | { readonly kind: 'run' }
  /** `**` at the end: all that follows. */
  | { readonly kind: 'rest' }
  /** `**` elsewhere: nothing, or anything that ends with a slash. */
  | { readonly kind: 'deep' }
  /** `**` in front of a name: anything. */
  | { readonly kind: 'any' }
  | {
      readonly kind: 'class';
      readonly negated: boolean;
      readonly ranges: readonly { readonly from: string; readonly to: string }[];
    };

export interface Glob {
  readonly tokens: readonly Token[];
}

/** Undefined when the pattern is not well formed. */
export function readGlob(pattern: string): Glob | undefined {
  const chars = [...pattern];
  const tokens: Token[] = [];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    if (char === '*' && chars[at + 1] === '*') {
      const first = at === 0;
      const slash = chars[at + 2] === '/';
      at += slash ? 2 : 1;
      if (at + 1 >= chars.length) tokens.push({ kind: 'rest' });
      else tokens.push({ kind: first && !slash ? 'any' : 'deep' });
    } else if (char === '*') tokens.push({ kind: 'run' });
    else if (char === '?') tokens.push({ kind: 'one' });
    else if (char === '[') {
      const read = readClass(chars, at + 1);
      if (!read) return undefined;
      tokens.push(read.token);
      at = read.end;
    } else if (char === '\\') {
      const next = chars[++at];
      if (next === undefined) return undefined;
      tokens.push({ kind: 'char', char: next });
    } else tokens.push({ kind: 'char', char });
  }
  return { tokens };
}

/** A class from behind its bracket; where its closing bracket stands. */
function readClass(chars: readonly string[], from: number) {
  let at = from;
  const negated = chars[at] === '^';
  if (negated) at += 1;
  const ranges: { from: string; to: string }[] = [];
  const take = (): string | undefined => {
    let char = chars[at];
    if (char === undefined || char === '-' || char === ']') return undefined;
    if (char === '\\') char = chars[++at];
    at += 1;
    return char;
  };
  while (chars[at] !== ']' || ranges.length === 0) {
    const low = take();
    if (low === undefined) return undefined;
    let high: string | undefined = low;
    if (chars[at] === '-') {
      at += 1;
      high = take();
    }
    if (high === undefined || high < low) return undefined;
    ranges.push({ from: low, to: high });
  }
  return { token: { kind: 'class', negated, ranges } as const, end: at };
}

/** True when the whole path fits. */
export function matchesGlob(glob: Glob, path: string): boolean {
  const text = [...path];
  return ends(glob, text).has(text.length);
}

/** Every length of the path's beginning that fits. */
function ends({ tokens }: Glob, text: readonly string[]): ReadonlySet<number> {
  let places = new Set([0]);
  for (const token of tokens) {
    const next = new Set<number>();
    if (places.size > 0) step(token, text, places, next);
    places = next;
  }
  return places;
}

function step(
  token: Token,
  text: readonly string[],
  places: ReadonlySet<number>,
  next: Set<number>,
): void {
  switch (token.kind) {
    case 'run':
      for (const at of places) next.add(at);
      text.forEach((char, at) => {
        if (next.has(at) && char !== '/') next.add(at + 1);
      });
      return;
    case 'rest':
    case 'any':
    case 'deep': {
      const first = [...places].reduce((least, at) => Math.min(least, at));
      if (token.kind === 'deep') for (const at of places) next.add(at);
      for (let at = first; at <= text.length; at++) {
        if (token.kind !== 'deep' || (at > first && text[at - 1] === '/')) next.add(at);
      }
      return;
    }
    default:
      for (const at of places) {
        const char = text[at];
        if (char !== undefined && fits(token, char)) next.add(at + 1);
      }
  }
}

function fits(token: Extract<Token, { kind: 'char' | 'one' | 'class' }>, char: string): boolean {
  if (token.kind === 'char') return char === token.char;
  if (token.kind === 'one') return char !== '/';
  const inside = token.ranges.some(({ from, to }) => char >= from && char <= to);
  return inside !== token.negated;
}
