/**
 * One language of the Pagefind index, its chunks and fragments loaded as they are asked for.
 *
 * Unlike Pagefind's client, a look-up loads every chunk that may hold a word beginning with the
 * one asked for, so that `컨테이너` meets `컨테이너를` wherever chunks are cut.
 */
import { hasHangul } from './hangul.ts';
import { readChunk, readEntry, readFragment, readMeta, unpack } from './pagefind-format.ts';
import type { Chunk, Fragment, IndexMeta, Posting } from './pagefind-format.ts';
import { isParticle } from './particles.ts';
import { keyOf } from './words.ts';

/** Reads a file below `pagefind/`; rejects when there is none. */
export type Load = (path: string) => Promise<Uint8Array>;

/** A word of the index that a query's word means, and how surely (at most 1). */
export interface Match {
  readonly postings: readonly Posting[];
  readonly trust: number;
}

export interface WordIndex {
  readonly pages: IndexMeta['pages'];
  /** Loads what `lookUp` needs for these words. */
  load(words: readonly string[]): Promise<void>;
  /** Index words that begin with `word`; unfinished Latin words may go on too. */
  lookUp(word: string, unfinished: boolean): Match[];
  fragment(page: number): Promise<Fragment>;
}

/** @returns undefined when the index has no such language */
export async function openWordIndex(load: Load, language: string): Promise<WordIndex | undefined> {
  const entry = readEntry(new TextDecoder().decode(await load('pagefind-entry.json')));
  const hash = entry.languages[language];
  if (hash === undefined) return undefined;
  const meta = readMeta(await unpack(await load(`pagefind.${hash}.pf_meta`)));
  const chunks = new Map<string, Promise<Chunk>>();
  const loaded = new Map<string, Chunk>();
  const fragments = new Map<number, Promise<Fragment>>();

  async function loadChunk(name: string): Promise<Chunk> {
    const chunk = readChunk(await unpack(await load(`index/${name}.pf_index`)));
    loaded.set(name, chunk);
    return chunk;
  }

  function chunksFor(word: string) {
    const prefix = word.normalize('NFD');
    return meta.chunks.filter(({ from, to }) => prefix <= to && from <= `${prefix}\uffff`);
  }

  return {
    pages: meta.pages,

    async load(words) {
      const names = new Set(words.flatMap((word) => chunksFor(keyOf(word)).map((one) => one.hash)));
      await Promise.all(
        [...names].map((name) => {
          const chunk = chunks.get(name) ?? loadChunk(name);
          chunks.set(name, chunk);
          return chunk;
        }),
      );
    },

    lookUp(word, unfinished) {
      const key = keyOf(word);
      const open = unfinished || hasHangul(word);
      const matches: Match[] = [];
      for (const { hash: name } of chunksFor(key)) {
        const chunk = loaded.get(name);
        if (!chunk) continue;
        if (!open) {
          const postings = chunk.get(key);
          if (postings) matches.push({ postings, trust: 1 });
          continue;
        }
        for (const [found, postings] of chunk) {
          const trust = trustIn(found, key, word);
          if (trust > 0) matches.push({ postings, trust });
        }
      }
      return matches;
    },

    fragment(page) {
      const known = fragments.get(page);
      if (known) return known;
      const name = meta.pages[page]?.fragment ?? '';
      const fragment = load(`fragment/${name}.pf_fragment`).then(unpack).then(readFragment);
      fragments.set(page, fragment);
      return fragment;
    },
  };
}

/** How surely an index word means the key: itself, with a particle, or as the start of another. */
function trustIn(found: string, key: string, word: string): number {
  if (found === key) return 1;
  if (!found.startsWith(key) && !(word.length > 2 && found.startsWith(word))) return 0;
  const rest = found.slice(key.length);
  if (!hasHangul(word)) return key.length < 2 ? 0 : 0.5;
  return isParticle(rest) || /^(입니다|이며|이고|이지만|마다|끼리|였|인|일)/.test(rest)
    ? 0.95
    : 0.5;
}
