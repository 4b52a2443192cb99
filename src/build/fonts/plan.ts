/** Which characters each face needs, and into which slices they go. */
import { FACES } from './families.ts';
import type { Face } from './families.ts';
import { cutSlices, isSyllable } from './slices.ts';
import type { Slice } from './slices.ts';
import type { PageText, SiteText } from './site-text.ts';

/** ASCII and the punctuation, arrows and marks of the house that a writer may use any day. */
const TYPOGRAPHY = [
  ...range(0x20, 0x7e),
  ...Array.from('\u00a0©®°±²³µ«»§–—‘’“”•…‰′″‹›€™→←↑↓↔⇒−≈≠≤≥×÷·○●◇◆△▲▽▼▶◀□■✓✗⌘⌥⌃⇧↵⏎'),
];
/** What terminals and file trees draw. */
const TERMINAL = [...range(0x20, 0x7e), ...range(0x2500, 0x259f)];
const TERMINAL_MARKS = Array.from('\u00a0–—‘’“”•…→←↑↓✓≤≥≠−×·°±');

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from + 1 }, (_, step) => String.fromCodePoint(from + step));
}

/** The characters of `page` that are set in `face`. Hangul in code is set in the text family. */
export function charactersOn(page: PageText, face: Face): Set<string> {
  if (face.role === 'code') return new Set([...page.code].filter((one) => !isSyllable(one)));
  return page[face.role];
}

export interface FacePlan {
  readonly face: Face;
  readonly slices: readonly Slice[];
}

/** Plans all faces. `latin` slices hold the house's typography whether or not it is used yet. */
export function planFaces(site: SiteText): FacePlan[] {
  return FACES.map((face) => {
    const pages = site.pages.map((page) => charactersOn(page, face));
    const others = pages.flatMap((page) => [...page].filter((one) => !isSyllable(one)));
    if (face.role === 'code') {
      const latin = new Set([...TERMINAL, ...TERMINAL_MARKS, ...others]);
      return { face, slices: [{ name: 'latin', characters: [...latin].sort() }] };
    }
    const latin = new Set([...TYPOGRAPHY, ...others, ...site.frame.en]);
    return { face, slices: cutSlices(pages, latin) };
  });
}
