import { expect, it } from 'vitest';
import { Random } from '../../sim/random.ts';
import { ActivePods, type Ranked } from './active-pods.ts';

it('gives the most important first and of equals the first that came, whatever came between', () => {
  const random = new Random(1, ['active pods']);
  const active = new ActivePods<Ranked>();
  const waiting: Ranked[] = [];
  const take = (): void => {
    waiting.sort((a, b) => b.priority - a.priority || a.order - b.order);
    expect(active.first).toBe(waiting.shift());
    active.dropFirst();
  };
  for (let order = 1; order <= 500; order++) {
    const pod = { priority: random.integer(-2, 2), order };
    active.push(pod);
    waiting.push(pod);
    if (random.integer(0, 2) === 0) take();
  }
  while (waiting.length > 0) take();
  expect(active.first).toBeUndefined();
});
