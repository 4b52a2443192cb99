/**
 * Matches the expressions that path patterns become, in time bounded by pattern times path: all
 * positions that can be reached are kept side by side, as Go's regular expressions do, so that no
 * list of `**` can take for ever. Expressions hold what patterns.ts writes and nothing else.
 */
type Move = (path: readonly string[], from: Uint8Array) => Uint8Array;

const PIECES = /\(\.\*\/\)\?|\.\*|\[\^\/\]\*|\\.|\[\^?(?:\\.|[^\]\\])*\]|./gsu;

/** Through one character that fits. */
const one =
  (fits: (char: string) => boolean): Move =>
  (path, from) => {
    const to = new Uint8Array(from.length);
    for (const [at, char] of path.entries()) if (from[at] === 1 && fits(char)) to[at + 1] = 1;
    return to;
  };

/** Through any number of characters, from where `keep` lets one go on; ends where `ends` holds. */
const many =
  (goesOn: (char: string) => boolean, ends: (char: string) => boolean): Move =>
  (path, from) => {
    const to = from.slice();
    let under = false;
    for (const [at, char] of path.entries()) {
      under = (under || from[at] === 1) && goesOn(char);
      if (under && ends(char)) to[at + 1] = 1;
    }
    return to;
  };

const always = (): boolean => true;
const isName = (char: string): boolean => char !== '/';
const MANY: Readonly<Record<string, Move>> = {
  '(.*/)?': many(always, (char) => char === '/'),
  '.*': many(always, always),
  '[^/]*': many(isName, always),
};

function classOf(piece: string): Move {
  const own = piece.replace(/\\(.)/gsu, (_, char: string) =>
    /[\^$\\.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char,
  );
  try {
    const expression = new RegExp(own, 'su');
    return one((char) => expression.test(char));
  } catch {
    return one(() => false);
  }
}

function moveOf(piece: string): Move {
  const known = MANY[piece];
  if (known) return known;
  if (piece.length > 2 && piece.startsWith('[')) return classOf(piece);
  // Not escaped by a pattern, and so the beginning of the path.
  if (piece === '^') return (_path, from) => Uint8Array.from(from, (on, at) => (at === 0 ? on : 0));
  const literal = piece.startsWith('\\') && piece.length > 1 ? piece.slice(1) : piece;
  return one((char) => char === literal);
}

/** Whether a whole path fits an expression `^…$`. */
export function expressionFits(source: string): (path: string) => boolean {
  const pieces = source.slice(1, -1).match(PIECES) ?? [];
  // Most patterns of a long list fail at their first letters.
  const special = pieces.findIndex((piece) => piece.length > 1 || piece === '^');
  const start = (special < 0 ? pieces : pieces.slice(0, special)).join('');
  let moves: Move[] | undefined;
  return (path) => {
    if (!path.startsWith(start)) return false;
    moves ??= pieces.map(moveOf);
    const chars = [...path];
    let reached: Uint8Array = new Uint8Array(chars.length + 1);
    reached[0] = 1;
    for (const move of moves) {
      reached = move(chars, reached);
      if (!reached.includes(1)) return false;
    }
    return reached[chars.length] === 1;
  };
}
