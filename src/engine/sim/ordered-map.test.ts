import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderedMap } from './ordered-map.ts';

type Write = { key: number; value: string | undefined };

const writes = fc.array(
  fc.record({
    key: fc.integer({ min: 0, max: 400 }),
    value: fc.option(fc.string({ maxLength: 3 }), { nil: undefined, freq: 3 }),
  }),
  { maxLength: 600 },
);

function apply(map: OrderedMap<number, string>, list: readonly Write[], owner = 0) {
  return list.reduce(
    (m, { key, value }) => (value === undefined ? m.delete(key, owner) : m.set(key, value, owner)),
    map,
  );
}

function model(list: readonly Write[], start = new Map<number, string>()) {
  const map = new Map(start);
  for (const { key, value } of list) {
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }
  return [...map].sort(([a], [b]) => a - b);
}

describe('OrderedMap', () => {
  it('holds what a plain map holds, in key order, written by copies or in place', () => {
    fc.assert(
      fc.property(writes, fc.constantFrom(0, 1), (list, owner) => {
        const map = apply(OrderedMap.empty<number, string>(), list, owner);
        const expected = model(list);
        expect([...map.entries()]).toEqual(expected);
        expect(map.size).toBe(expected.length);
        expect(map.first()).toEqual(expected[0]);
        for (const { key } of list) expect(map.get(key)).toBe(new Map(expected).get(key));
      }),
    );
  });

  it('leaves old versions alone', () => {
    fc.assert(
      fc.property(writes, writes, (first, second) => {
        const before = apply(OrderedMap.empty<number, string>(), first, 1);
        const entries = [...before.entries()];
        apply(before, second, 2);
        expect([...before.entries()]).toEqual(entries);
      }),
    );
  });

  it('tells two versions apart by exactly what differs', () => {
    fc.assert(
      fc.property(writes, writes, (first, second) => {
        const before = apply(OrderedMap.empty<number, string>(), first);
        const after = apply(before, second);
        const patched = new Map(before.entries());
        for (const { key, before: was, after: is } of before.differences(after)) {
          expect(was).not.toBe(is);
          expect(patched.get(key)).toBe(was);
          if (is === undefined) patched.delete(key);
          else patched.set(key, is);
        }
        expect([...patched].sort(([a], [b]) => a - b)).toEqual([...after.entries()]);
      }),
    );
  });

  it('hashes what it holds, not how it came to hold it', () => {
    fc.assert(
      fc.property(writes, writes, (list, detour) => {
        const straight = apply(OrderedMap.empty<number, string>(), list, 1);
        const wandering = apply(OrderedMap.empty<number, string>(), detour);
        const back = [...wandering.keys()].reduce((m, key) => m.delete(key), wandering);
        const same = [...straight.entries()]
          .reverse()
          .reduce((m, [key, value]) => m.set(key, value), back);
        expect(same.hash()).toBe(straight.hash());
        expect(same.set(500, 'more').hash()).not.toBe(straight.hash());
      }),
    );
  });

  it('starts a walk at a key or a prefix', () => {
    const keys = ['a', 'b/1', 'b/2', 'b0', 'c'];
    const map = keys.reduce((m, key) => m.set(key, key), OrderedMap.empty<string, string>());
    expect([...map.withPrefix('b/')].map(([key]) => key)).toEqual(['b/1', 'b/2']);
    expect([...map.entries('b/2')].map(([key]) => key)).toEqual(['b/2', 'b0', 'c']);
  });

  it('finds the one change between two versions of a large map', () => {
    let map = OrderedMap.empty<number, { n: number }>();
    for (let i = 0; i < 100_000; i++) map = map.set(i, { n: i }, 1);
    const changed = map.set(50_000, { n: -1 }, 2);
    const differences = [...map.differences(changed)];
    expect(differences).toEqual([{ key: 50_000, before: { n: 50_000 }, after: { n: -1 } }]);
  });
});
