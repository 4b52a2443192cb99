/** The committed record of the slices that were cut, and what a page fetches of them. */
import { charactersOn } from './plan.ts';
import { FACES } from './families.ts';
import type { PageText } from './site-text.ts';

export interface CutSlice {
  readonly role: 'text' | 'bold' | 'code';
  readonly name: string;
  /** Below public/fonts. */
  readonly file: string;
  readonly bytes: number;
  readonly characters: string;
}

export interface FontManifest {
  readonly madeBy: string;
  /** Versions of the packages the fonts were cut from. */
  readonly versions: Readonly<Record<string, string>>;
  readonly slices: readonly CutSlice[];
  /** Characters in use that the faces cannot draw: left to the reader's own fonts. */
  readonly undrawable: Readonly<Record<string, string>>;
}

/** No page may fetch more. */
export const PAGE_BUDGET_BYTES = 150_000;

/** The slices a browser fetches for `page`: those of which it shows a character. */
export function slicesOf(page: PageText, manifest: FontManifest): CutSlice[] {
  return FACES.flatMap((face) => {
    const needed = charactersOn(page, face);
    return manifest.slices.filter(
      (slice) => slice.role === face.role && [...slice.characters].some((one) => needed.has(one)),
    );
  });
}

/** Characters of `page` that no slice holds although the face could draw them. */
export function missingOn(page: PageText, manifest: FontManifest): string[] {
  return FACES.flatMap((face) => {
    const held = new Set(manifest.undrawable[face.role] ?? '');
    for (const slice of manifest.slices) {
      if (slice.role === face.role) for (const one of slice.characters) held.add(one);
    }
    return [...charactersOn(page, face)]
      .filter((one) => !held.has(one))
      .map((one) => `${one} (${face.role})`);
  });
}
