/**
 * How a family is cut into slices, so that a page fetches few bytes and every page shares most.
 *
 * - `latin`: everything that is not a Hangul syllable. English pages fetch nothing else.
 * - `core`: the syllables that most Korean pages use.
 * - `1, 2, …`: the others, grouped by the pages on which they appear together.
 */

export interface Slice {
  /** `latin`, `core`, `1`, `2` … */
  readonly name: string;
  /** In order of code points. */
  readonly characters: readonly string[];
}

/** Syllables on at least this share of the Korean pages belong to the core. */
const CORE_SHARE = 0.15;
const CORE_LIMIT = 500;
/** About 3 kB of Pretendard: a larger group is fetched by more pages for less of what it holds. */
const GROUP_SIZE = 24;
/**
 * Share of the pages that a syllable and its group's first have in common. With less it would only
 * fill the group up, and have more pages fetch it; one's own small group is lighter.
 */
const LEAST_LIKENESS = 0.2;

export function isSyllable(character: string): boolean {
  return character >= '\uac00' && character <= '\ud7a3';
}

/**
 * @param pages the characters each page needs
 * @param latin characters of the Latin slice, Hangul that English pages print (한국어) included
 */
export function cutSlices(pages: readonly Set<string>[], latin: Iterable<string>): Slice[] {
  const first = new Set(latin);
  const where = new Map<string, Set<number>>();
  for (const [number, page] of pages.entries()) {
    for (const character of page) {
      if (!isSyllable(character) || first.has(character)) continue;
      const seen = where.get(character) ?? new Set();
      where.set(character, seen.add(number));
    }
  }
  const korean = new Set([...where.values()].flatMap((numbers) => [...numbers])).size;
  const common = [...where.keys()].sort(
    (a, b) => where.get(b)!.size - where.get(a)!.size || (a < b ? -1 : 1),
  );
  const core = common
    .filter((one) => where.get(one)!.size >= korean * CORE_SHARE)
    .slice(0, CORE_LIMIT);
  const rest = new Set(common.filter((one) => !core.includes(one)));
  const slices: Slice[] = [{ name: 'latin', characters: [...first].sort() }];
  if (core.length) slices.push({ name: 'core', characters: core.sort() });
  while (rest.size) {
    const characters = takeGroup(rest, where);
    slices.push({ name: String(slices.length - (core.length ? 1 : 0)), characters });
  }
  return slices;
}

/** Takes from `rest` its commonest syllable and those whose pages are most like its own. */
function takeGroup(rest: Set<string>, where: Map<string, Set<number>>): string[] {
  const [seed] = rest;
  const pages = where.get(seed!)!;
  const likeness = (one: string) => {
    const others = where.get(one)!;
    const shared = [...others].filter((page) => pages.has(page)).length;
    return shared / (others.size + pages.size - shared);
  };
  const group = [...rest]
    .map((one) => ({ one, score: likeness(one) }))
    .filter(({ score }) => score >= LEAST_LIKENESS)
    .sort((a, b) => b.score - a.score || (a.one < b.one ? -1 : 1))
    .slice(0, GROUP_SIZE)
    .map(({ one }) => one);
  group.forEach((one) => rest.delete(one));
  return group.sort();
}

/** `U+AC00,U+AC10-AC14`: the CSS unicode-range of sorted characters. */
export function unicodeRange(characters: readonly string[]): string {
  const hex = (point: number) => point.toString(16).toUpperCase();
  const ranges: [number, number][] = [];
  for (const character of characters) {
    const point = character.codePointAt(0)!;
    const last = ranges.at(-1);
    if (last?.[1] === point - 1) last[1] = point;
    else ranges.push([point, point]);
  }
  return ranges
    .map(([from, to]) => (from === to ? `U+${hex(from)}` : `U+${hex(from)}-${hex(to)}`))
    .join(',');
}
