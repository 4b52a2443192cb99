import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MapModel } from '../../panels/map-model.ts';
import { Berths } from './berths.ts';
import { packChange, unpackChange } from './cell-states.ts';

const states = ['running', 'starting', 'pending', 'failed', 'terminating'] as const;

/** What can happen to a map; `look` is a page that asks. */
const happenings = fc.array(
  fc.oneof(
    fc.record({
      act: fc.constant('set' as const),
      key: fc.integer({ min: 0, max: 30 }),
      berth: fc.integer({ min: 0, max: 5 }),
      state: fc.constantFrom(...states),
    }),
    fc.record({ act: fc.constant('remove' as const), key: fc.integer({ min: 0, max: 30 }) }),
    fc.record({
      act: fc.constant('node' as const),
      berth: fc.integer({ min: 0, max: 5 }),
      state: fc.constantFrom('running', 'unknown', 'cordoned'),
    }),
    fc.record({ act: fc.constant('look' as const) }),
  ),
  { maxLength: 120 },
);

function shown(model: MapModel): unknown {
  return {
    berths: model.berths,
    states: [...model.berthStates],
    cells: model.berths.map((_, berth) => [...model.cellsOf(berth)]),
    totals: model.totals.slice(1),
  };
}

test('what changed, taken in one by one, is the whole', () => {
  fc.assert(
    fc.property(happenings, (all) => {
      const berths = new Berths();
      const page = new MapModel();
      const look = () => page.apply(berths.answer(page.revision));
      for (const one of all) {
        if (one.act === 'look') look();
        else if (one.act === 'remove') berths.remove(`pod-${one.key}`);
        else {
          const number = berths.berth(`node-${one.berth}`, 'kubernetes');
          if (one.act === 'node') berths.stateOfBerth(number, one.state);
          else berths.set(`pod-${one.key}`, number, one.state);
        }
      }
      look();
      const fresh = new MapModel();
      fresh.apply(berths.answer(undefined));
      expect(shown(page)).toEqual(shown(fresh));
    }),
  );
});

test('what stays is not moved by what goes', () => {
  const berths = new Berths();
  const node = berths.berth('node-1', 'kubernetes');
  for (const key of ['a', 'b', 'c']) berths.set(key, node, 'running');
  const page = new MapModel();
  page.apply(berths.answer(undefined));
  berths.remove('b');
  const answer = berths.answer(page.revision);
  expect(answer.kind).toBe('changes');
  page.apply(answer);
  expect([...page.cellsOf(node)]).toEqual([1, 0, 1]);
  berths.set('d', node, 'starting');
  page.apply(berths.answer(page.revision));
  expect([...page.cellsOf(node)]).toEqual([1, 2, 1]);
});

test('what finds no cell is counted all the same, until it goes', () => {
  const berths = new Berths();
  const water = berths.berth('', 'kubernetes');
  const node = berths.berth('node-1', 'kubernetes');
  const keys = Array.from({ length: 2_100 }, (_, at) => `pod-${at}`);
  const page = new MapModel();
  const counts = () => {
    page.apply(berths.answer(page.revision));
    return { waiting: page.totals[4], running: page.totals[1], cells: page.cellsOf(water).length };
  };
  for (const key of keys) berths.set(key, water, 'waiting');
  expect(counts()).toEqual({ waiting: 2_100, running: 0, cells: 2_047 });
  expect([...berths.keys()]).toEqual(keys);
  for (const key of keys.slice(2_040, 2_060)) berths.set(key, node, 'running');
  expect(counts()).toEqual({ waiting: 2_080, running: 20, cells: 2_047 });
  for (const key of keys) berths.remove(key);
  expect(counts()).toEqual({ waiting: 0, running: 0, cells: 2_047 });
});

test('a page that is too far behind is told all', () => {
  const berths = new Berths();
  const node = berths.berth('node-1', 'kubernetes');
  const { revision } = berths.answer(undefined);
  for (let i = 0; i < 200_000; i++) berths.set('a', node, i % 2 === 0 ? 'running' : 'starting');
  expect(berths.answer(revision).kind).toBe('whole');
});

test('a change is one number', () => {
  fc.assert(
    fc.property(
      fc.tuple(fc.nat({ max: 65_535 }), fc.nat({ max: 2047 }), fc.nat({ max: 31 })),
      (change) => {
        expect(unpackChange(packChange(...change))).toEqual(change);
      },
    ),
  );
});
