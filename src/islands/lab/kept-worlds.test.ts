import { describe, expect, it } from 'vitest';
import {
  forgetWorld,
  keepWorld,
  KEPT_LIMIT,
  keptText,
  keptWorlds,
  type KeptWorld,
  type Store,
} from './kept-worlds.ts';

/** A store with room for so many characters, which fails as a browser's does. */
function storeOf(
  limit = Number.POSITIVE_INFINITY,
): Store & { readonly texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    getItem: (key) => texts.get(key) ?? null,
    removeItem: (key) => void texts.delete(key),
    setItem: (key, text) => {
      const others = [...texts].filter(([known]) => known !== key);
      const used = others.reduce((sum, [, other]) => sum + other.length, 0);
      if (used + text.length > limit) throw new DOMException('no room', 'QuotaExceededError');
      texts.set(key, text);
    },
  };
}

const world = (id: string, acts = 1): KeptWorld => ({
  id,
  address: 'preset=host',
  title: 'One',
  preset: 'host',
  acts,
});

describe('kept worlds', () => {
  it('are the last few, the last one first, and no text is left of the others', () => {
    const store = storeOf();
    const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    for (const id of ids) expect(keepWorld(store, world(id), `text of ${id}`)).toBe('kept');
    expect(keptWorlds(store).map(({ id }) => id)).toEqual(['g', 'f', 'e', 'd', 'c']);
    expect(keptText(store, 'c')).toBe('text of c');
    expect(keptText(store, 'b')).toBeUndefined();
    expect(store.texts.size).toBe(KEPT_LIMIT + 1);
  });

  it('are kept anew in the place of what they were', () => {
    const store = storeOf();
    keepWorld(store, world('a'), 'first');
    keepWorld(store, world('b'), 'other');
    keepWorld(store, world('a', 2), 'second');
    expect(keptWorlds(store)).toEqual([world('a', 2), world('b')]);
    expect(keptText(store, 'a')).toBe('second');
  });

  it('give way to nothing when there is no room', () => {
    const store = storeOf(400);
    keepWorld(store, world('a'), 'x'.repeat(100));
    expect(keepWorld(store, world('b'), 'x'.repeat(300))).toBe('full');
    expect(keptWorlds(store).map(({ id }) => id)).toEqual(['a']);
    expect(keptText(store, 'a')).toHaveLength(100);
  });

  it('are deleted with their text', () => {
    const store = storeOf();
    keepWorld(store, world('a'), 'text');
    forgetWorld(store, 'a');
    expect([keptWorlds(store), keptText(store, 'a')]).toEqual([[], undefined]);
  });

  it('are none where storing is forbidden or what is stored was spoilt', () => {
    expect(keepWorld(undefined, world('a'), 'text')).toBe('forbidden');
    expect(keptWorlds(undefined)).toEqual([]);
    const store = storeOf();
    for (const text of ['{', '{}', '[1]', '[{"id":"a"}]', 'null']) {
      store.setItem('drydock:worlds', text);
      expect(keptWorlds(store)).toEqual([]);
    }
  });
});
