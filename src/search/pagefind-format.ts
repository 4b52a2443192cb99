/**
 * Reads the files of a Pagefind 1.6 index: entry, metadata, word chunks and fragments.
 *
 * Pagefind's own client is WebAssembly, which a Content Security Policy of `default-src 'self'`
 * does not compile. The index needs none: each file is gzip around a signature and, but for
 * fragments, CBOR. The layout follows pagefind/src/index (`index_metadata.rs`, `index_words.rs`);
 * pagefind-format.test.ts holds it against the installed version.
 */
import { decodeCbor } from './cbor.ts';
import type { Cbor } from './cbor.ts';

export interface IndexMeta {
  readonly pages: readonly { readonly fragment: string; readonly words: number }[];
  /** Each chunk holds the words from `from` to `to`, decomposed (NFD), in order of code points. */
  readonly chunks: readonly { readonly from: string; readonly to: string; readonly hash: string }[];
}

/** Where a word stands on one page; `weight` is 24 in text, more in headings. */
export interface Posting {
  readonly page: number;
  readonly places: readonly { readonly at: number; readonly weight: number }[];
}

export type Chunk = ReadonlyMap<string, readonly Posting[]>;

/** One page's text. Places count its words, split at white space. */
export interface Fragment {
  readonly url: string;
  readonly content: string;
  readonly anchors: readonly { readonly id: string; readonly location: number }[];
}

export interface Entry {
  /** Hash of the metadata file by language. */
  readonly languages: Readonly<Record<string, string>>;
}

const SIGNATURE = 'pagefind_dcd';

/** Undoes gzip, unless a server did already, and the signature. */
export async function unpack(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const plain = packed
    ? new Uint8Array(
        await new Response(
          new Blob([Uint8Array.from(bytes)]).stream().pipeThrough(new DecompressionStream('gzip')),
        ).arrayBuffer(),
      )
    : bytes;
  const signature = new TextDecoder().decode(plain.subarray(0, SIGNATURE.length));
  if (signature !== SIGNATURE) throw new Error('not a file of a Pagefind index');
  return plain.subarray(SIGNATURE.length);
}

export function readEntry(text: string): Entry {
  const entry = JSON.parse(text) as { languages: Record<string, { hash: string }> };
  return {
    languages: Object.fromEntries(
      Object.entries(entry.languages).map(([language, { hash }]) => [language, hash]),
    ),
  };
}

export function readMeta(bytes: Uint8Array): IndexMeta {
  const [, pages, chunks] = list(decodeCbor(bytes));
  return {
    pages: list(pages).map((page) => {
      const [fragment, words] = list(page);
      return { fragment: String(fragment), words: Number(words) };
    }),
    chunks: list(chunks).map((chunk) => {
      const [from, to, hash] = list(chunk);
      return { from: String(from), to: String(to), hash: String(hash) };
    }),
  };
}

export function readChunk(bytes: Uint8Array): Chunk {
  const words = new Map<string, readonly Posting[]>();
  const [entries] = list(decodeCbor(bytes));
  for (const entry of list(entries)) {
    const [word, pages, variants] = list(entry);
    // Postings stand under the word, or, where the word was normalised, under its variants.
    const postings = readPostings(pages);
    for (const variant of list(variants)) postings.push(...readPostings(list(variant)[1]));
    // Pagefind takes Hangul apart (NFD) along with accents; ours is composed.
    words.set(String(word).normalize('NFC'), mergePages(postings));
  }
  return words;
}

export function readFragment(bytes: Uint8Array): Fragment {
  return JSON.parse(new TextDecoder().decode(bytes)) as Fragment;
}

function list(value: Cbor | undefined): readonly Cbor[] {
  if (!Array.isArray(value)) throw new Error('the Pagefind index has another layout');
  return value as readonly Cbor[];
}

/**
 * Pages and places are differences from the one before; a negative place sets the weight of those
 * that follow, -(weight + 1), and starts counting anew.
 */
function readPostings(pages: Cbor | undefined): Posting[] {
  let page = 0;
  return list(pages).map((entry) => {
    const [step, locations] = list(entry);
    page += Number(step);
    let weight = 24;
    let at = 0;
    const places: { at: number; weight: number }[] = [];
    for (const location of list(locations)) {
      if (Number(location) < 0) {
        weight = -Number(location) - 1;
        at = 0;
      } else {
        at += Number(location);
        places.push({ at, weight });
      }
    }
    return { page, places };
  });
}

function mergePages(postings: readonly Posting[]): Posting[] {
  const byPage = new Map<number, Posting>();
  for (const { page, places } of postings) {
    const before = byPage.get(page)?.places ?? [];
    byPage.set(page, { page, places: [...before, ...places] });
  }
  return [...byPage.values()];
}
