/**
 * Shell patterns over slash-separated names, as `docker image ls --filter reference=…` takes them
 * (Go 1.26 `path.Match`): `*` and `?` stop at a slash, `[a-z]` and `[^a-z]` are classes, a backslash
 * takes the next character as it is. `**` means no more than `*`.
 */
export type PathMatch = boolean | 'bad-pattern';

interface Chunk {
  /** Stars stand before it. */
  readonly star: boolean;
  readonly items: readonly Item[];
}

type Item =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'any' }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly Range[] };

type Range = readonly [low: string, high: string];

const PATTERN_LIMIT = 4096;

export function pathMatch(pattern: string, name: string): PathMatch {
  const chunks = readPattern(pattern);
  if (!chunks) return 'bad-pattern';
  const text = [...name];
  let at = 0;
  for (const [i, { star, items }] of chunks.entries()) {
    const isLast = i === chunks.length - 1;
    if (star && items.length === 0) return !text.slice(at).includes('/');
    const end = findChunk(items, text, at, { star, isLast });
    if (end === undefined) return false;
    at = end;
  }
  return at === text.length;
}

/** Where the text goes on behind a chunk; a star lets it begin later, but in the same part. */
function findChunk(
  items: readonly Item[],
  text: readonly string[],
  from: number,
  { star, isLast }: { star: boolean; isLast: boolean },
): number | undefined {
  for (let start = from; ; start++) {
    const fits = items.every((item, i) => matchesItem(item, text[start + i]));
    const end = start + items.length;
    if (fits && (!isLast || end === text.length)) return end;
    if (!star || start >= text.length || text[start] === '/') return undefined;
  }
}

function matchesItem(item: Item, char: string | undefined): boolean {
  if (char === undefined) return false;
  if (item.kind === 'char') return item.char === char;
  if (item.kind === 'any') return char !== '/';
  return item.ranges.some(([low, high]) => low <= char && char <= high) !== item.negated;
}

/** Undefined when the pattern is not well formed. */
function readPattern(pattern: string): Chunk[] | undefined {
  if (pattern.length > PATTERN_LIMIT) return undefined;
  const chars = [...pattern];
  const chunks: Chunk[] = [];
  let items: Item[] = [];
  let star = false;
  let at = 0;
  while (at < chars.length) {
    const char = chars[at]!;
    if (char === '*') {
      if (items.length > 0) chunks.push({ star, items });
      items = [];
      star = true;
      at += 1;
    } else if (char === '?') {
      items.push({ kind: 'any' });
      at += 1;
    } else if (char === '[') {
      const read = readClass(chars, at + 1);
      if (!read) return undefined;
      items.push(read.item);
      at = read.end;
    } else {
      if (char === '\\') at += 1;
      if (at >= chars.length) return undefined;
      items.push({ kind: 'char', char: chars[at]! });
      at += 1;
    }
  }
  if (items.length > 0 || star) chunks.push({ star, items });
  return chunks;
}

/** A class from behind its bracket, and where the pattern goes on. */
function readClass(chars: readonly string[], from: number) {
  const negated = chars[from] === '^';
  const ranges: Range[] = [];
  let at = from + (negated ? 1 : 0);
  for (;;) {
    if (chars[at] === ']' && ranges.length > 0) {
      return { item: { kind: 'class', negated, ranges } as const, end: at + 1 };
    }
    const low = readBound(chars, at);
    if (!low) return undefined;
    const high = chars[low.end] === '-' ? readBound(chars, low.end + 1) : low;
    if (!high) return undefined;
    ranges.push([low.char, high.char]);
    at = high.end;
  }
}

function readBound(chars: readonly string[], from: number) {
  const first = chars[from];
  if (first === undefined || first === '-' || first === ']') return undefined;
  const at = first === '\\' ? from + 1 : from;
  const char = chars[at];
  // A bound is never the last thing: its bracket is still to be closed.
  if (char === undefined || at + 1 >= chars.length) return undefined;
  return { char, end: at + 1 };
}
