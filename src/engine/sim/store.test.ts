import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Store } from './store.ts';

interface Berth {
  ship: string;
  cranes: number;
}

function harbour() {
  const store = new Store();
  const berths = store.table<Berth>('berths');
  const byShip = berths.index((berth) => [berth.ship]);
  const byCranes = berths.index((berth) => [`cranes ${berth.cranes}`, 'any']);
  return { store, berths, byShip, byCranes };
}

describe('Store', () => {
  it('finds rows by index as they come, change and go', () => {
    const { berths, byShip } = harbour();
    berths.set('b2', { ship: 'Ora', cranes: 1 });
    berths.set('b1', { ship: 'Ora', cranes: 2 });
    expect(byShip.keys('Ora')).toEqual(['b1', 'b2']);
    berths.update('b1', (berth) => ({ ...berth, ship: 'Mira' }));
    expect(byShip.keys('Ora')).toEqual(['b2']);
    expect(byShip.values('Mira')).toEqual([{ ship: 'Mira', cranes: 2 }]);
    berths.delete('b2');
    expect(byShip.count('Ora')).toBe(0);
  });

  it('restores a snapshot whole, indexes too, and the snapshot stays as it was', () => {
    const { store, berths, byShip } = harbour();
    berths.set('b1', { ship: 'Ora', cranes: 1 });
    const before = store.snapshot();
    const hash = store.hash();
    for (let i = 0; i < 200; i++) berths.set(`b${i}`, { ship: 'Mira', cranes: i });
    const after = store.snapshot();
    store.restore(before);
    expect(store.hash()).toBe(hash);
    expect([...berths.entries()]).toEqual([['b1', { ship: 'Ora', cranes: 1 }]]);
    expect(byShip.keys('Ora')).toEqual(['b1']);
    berths.set('b9', { ship: 'Ora', cranes: 3 });
    store.restore(after);
    expect(berths.size).toBe(200);
    expect(byShip.count('Mira')).toBe(200);
    expect(byShip.count('Ora')).toBe(0);
  });

  it('lets one walk rows while writing them', () => {
    const { berths } = harbour();
    for (let i = 0; i < 100; i++) berths.set(`b${i}`, { ship: 'Ora', cranes: 1 });
    for (const [key] of berths.entries()) {
      berths.set(`${key}-more`, { ship: 'Mira', cranes: 1 });
      berths.delete(key);
    }
    expect([...berths.entries()].map(([key]) => key).every((key) => key.endsWith('-more'))).toBe(
      true,
    );
    expect(berths.size).toBe(100);
  });

  it('holds what a plain map holds, whatever is written, walked, kept and taken back', () => {
    const key = fc.integer({ min: 0, max: 60 }).map((n) => `b${n}`);
    const step = fc.oneof(
      { weight: 14, arbitrary: fc.record({ set: key, cranes: fc.nat(3) }) },
      { weight: 5, arbitrary: fc.record({ delete: key }) },
      { weight: 2, arbitrary: fc.constantFrom('walk', 'keep', 'take back') },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300, size: 'max' }), (steps) => {
        const { store, berths, byCranes } = harbour();
        let model = new Map<string, Berth>();
        let kept = { snapshot: store.snapshot(), model: new Map(model), hash: store.hash() };
        for (const one of steps) {
          if (one === 'walk') {
            const sorted = [...model].sort(([a], [b]) => (a < b ? -1 : 1));
            expect([...berths.entries()]).toEqual(sorted);
          } else if (one === 'keep') {
            kept = { snapshot: store.snapshot(), model: new Map(model), hash: store.hash() };
          } else if (one === 'take back') {
            store.restore(kept.snapshot);
            model = new Map(kept.model);
            expect(store.hash()).toBe(kept.hash);
          } else if ('set' in one) {
            const row = { ship: `of ${one.set}`, cranes: one.cranes };
            berths.set(one.set, row);
            model.set(one.set, row);
          } else {
            expect(berths.delete(one.delete)).toBe(model.delete(one.delete));
          }
          expect(berths.size).toBe(model.size);
          expect(byCranes.count('any')).toBe(model.size);
        }
        for (let cranes = 0; cranes <= 3; cranes++) {
          const those = [...model].filter(([, berth]) => berth.cranes === cranes);
          expect(byCranes.keys(`cranes ${cranes}`)).toEqual(those.map(([name]) => name).sort());
        }
        expect(byCranes.keys('any')).toEqual([...model.keys()].sort());
        for (let n = 0; n <= 60; n++) expect(berths.get(`b${n}`)).toBe(model.get(`b${n}`));
      }),
    );
  });

  it('has the same hash for the same rows, and leaves unhashed tables out', () => {
    const a = harbour();
    const b = harbour();
    const notes = b.store.table<string>('notes', { unhashed: true });
    a.berths.set('b1', { ship: 'Ora', cranes: 1 });
    a.berths.set('b2', { ship: 'Mira', cranes: 2 });
    b.berths.set('b2', { cranes: 2, ship: 'Mira' });
    b.berths.set('b1', { cranes: 1, ship: 'Ora' });
    expect(a.store.hash()).toBe(b.store.hash());
    notes.set('n', 'seen');
    expect(a.store.hash()).toBe(b.store.hash());
    b.berths.update('b1', (berth) => ({ ...berth, cranes: 2 }));
    expect(a.store.hash()).not.toBe(b.store.hash());
  });

  it('keeps room for a table that is made later: neither hash nor checkpoints tell the difference', () => {
    const { store: late } = harbour();
    late.promise(['docks']);
    const { store: early } = harbour();
    early.table<Berth>('docks');
    expect(late.hash()).toBe(early.hash());
    const before = late.snapshot();
    const docks = late.table<Berth>('docks');
    const byShip = docks.index((dock) => [dock.ship]);
    expect(late.hash()).toBe(early.hash());
    docks.set('d1', { ship: 'Ora', cranes: 1 });
    const after = late.snapshot();
    late.restore(before);
    expect([...docks.values()]).toEqual([]);
    expect(byShip.count('Ora')).toBe(0);
    expect(late.hash()).toBe(early.hash());
    late.restore(after);
    expect(byShip.keys('Ora')).toEqual(['d1']);
    expect(() => late.promise(['docks'])).toThrow('there already');
  });
});
