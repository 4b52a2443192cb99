import { expect, test } from 'vitest';
import { Kernel } from '../sim/kernel.ts';
import { LeaderLoops } from './leader-loops.ts';
import type { SecretObject } from './objects.ts';
import { SwarmStore, type Change } from './store.ts';

const SWARM = 'one';

function room() {
  const kernel = new Kernel({ seed: 1 });
  const proposed: number[] = [];
  const state = { led: true };
  const agreement = {
    isLed: () => state.led,
    propose: (_swarm: string, revision: number) => {
      if (state.led) proposed.push(revision);
      return state.led;
    },
  };
  const store = new SwarmStore(kernel, agreement);
  const loops = new LeaderLoops(kernel, store, agreement);
  return { kernel, store, loops, proposed, state };
}

const secret = (id: string, Name: string): SecretObject => {
  const stored = { id, version: 0, createdAtMs: 0, updatedAtMs: 0 };
  return { ...stored, spec: { Name, Labels: {} } };
};

const put = (set: SecretObject): Change => ({ kind: 'secret', set });

test('a transaction counts once, and stamps what it writes', () => {
  const { kernel, store, proposed } = room();
  kernel.advance(5);
  expect(store.write(SWARM, [put(secret('b', 'Key')), put(secret('a', 'other'))])).toBe(true);
  kernel.advance(9);
  store.write(SWARM, [put(secret('b', 'Key'))]);
  expect(proposed).toEqual([1, 2]);
  expect(store.get(SWARM, 'secret', 'b')).toMatchObject({
    ...{ version: 2, createdAtMs: 5, updatedAtMs: 9 },
  });
  expect(store.list(SWARM, 'secret').map(({ id }) => id)).toEqual(['a', 'b']);
  expect(store.named(SWARM, 'secret', 'key')?.id).toBe('b');
  expect(store.named('two', 'secret', 'key')).toBeUndefined();
  expect(store.list('two', 'secret')).toEqual([]);
});

test('without a quorum nothing is written', () => {
  const { store, state } = room();
  store.write(SWARM, [put(secret('a', 'a'))]);
  state.led = false;
  expect(store.write(SWARM, [{ kind: 'secret', delete: 'a' }])).toBe(false);
  expect(store.get(SWARM, 'secret', 'a')?.version).toBe(1);
});

test('ids have 25 characters and never come twice', () => {
  const { kernel, store } = room();
  const before = kernel.checkpoint();
  const ids = Array.from({ length: 100 }, () => store.newId());
  expect(new Set(ids).size).toBe(100);
  expect(ids.every((id) => /^[0-9a-z]{25}$/.test(id))).toBe(true);
  kernel.restore(before);
  expect(store.newId()).toBe(ids[0]);
});

test('a loop works once for a key that was marked often, and sees what was deleted', () => {
  const { kernel, store, loops, state } = room();
  const worked: string[] = [];
  const loop = loops.add({
    name: 'names',
    keysOf: (swarm, change) => {
      if (change.kind !== 'secret') return [];
      const id = 'set' in change ? change.set.id : change.delete;
      return [store.get(swarm, 'secret', id)?.spec.Name ?? 'new'];
    },
    all: () => ['everything'],
    work: (_swarm, key) => worked.push(`${kernel.now} ${key}`),
  });
  store.write(SWARM, [put(secret('a', 'a')), put(secret('b', 'b'))]);
  kernel.advance(1);
  expect(worked).toEqual(['1 new']);
  store.write(SWARM, [{ kind: 'secret', delete: 'a' }]);
  const marked = kernel.checkpoint();
  kernel.advance(10);
  kernel.restore(marked);
  kernel.advance(10);
  expect(worked).toEqual(['1 new', '2 a', '2 a']);
  loop.after(20, SWARM, 'late');
  state.led = false;
  kernel.advance(40);
  state.led = true;
  loops.lead(SWARM);
  kernel.advance(50);
  expect(worked.slice(3)).toEqual(['41 everything']);
});
