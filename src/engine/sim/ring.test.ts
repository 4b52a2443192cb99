import { expect, it } from 'vitest';
import { Ring } from './ring.ts';
import { Store } from './store.ts';

const words = (ring: Ring<string>): string[] => [...ring.from(0)];

it('keeps the last so many, each under its number', () => {
  const ring = new Ring<string>(new Store(), 'words', 300);
  for (let i = 1; i <= 1000; i++) expect(ring.append(`w${i}`)).toBe(i);
  expect([ring.size, ring.first, ring.next]).toEqual([300, 701, 1001]);
  expect([ring.get(700), ring.get(701), ring.get(1000), ring.get(1001)]).toEqual([
    undefined,
    'w701',
    'w1000',
    undefined,
  ]);
  expect(words(ring)).toEqual(Array.from({ length: 300 }, (_, i) => `w${701 + i}`));
  expect(ring.perChunk((items, from) => [from, items.length])).toEqual([
    [701, 67],
    [768, 233],
  ]);
});

it('is taken back and goes on another way, and each way stays as it was', () => {
  const store = new Store();
  const ring = new Ring<string>(store, 'words', 600);
  for (let i = 1; i <= 500; i++) ring.append(`w${i}`);
  const then = store.snapshot();
  const hash = store.hash();
  for (let i = 0; i < 400; i++) ring.append(`one ${i}`);
  const one = store.snapshot();
  const said = words(ring);
  store.restore(then);
  expect([store.hash(), ring.size, words(ring).at(-1)]).toEqual([hash, 500, 'w500']);
  for (let i = 0; i < 400; i++) ring.append(`other ${i}`);
  expect(words(ring).slice(-401, -399)).toEqual(['w500', 'other 0']);
  store.restore(one);
  expect(words(ring)).toEqual(said);
  store.restore(then);
  expect(words(ring)).toEqual(Array.from({ length: 500 }, (_, i) => `w${i + 1}`));
});

it('hashes alike what holds the same', () => {
  const make = (): { store: Store; ring: Ring<string> } => {
    const store = new Store();
    return { store, ring: new Ring<string>(store, 'words', 10) };
  };
  const [one, other] = [make(), make()];
  for (let i = 0; i < 30; i++) {
    one.ring.append(`w${i}`);
    other.ring.append(`w${i}`);
    other.store.snapshot();
  }
  expect(one.store.hash()).toBe(other.store.hash());
  other.ring.append('more');
  expect(one.store.hash()).not.toBe(other.store.hash());
});
