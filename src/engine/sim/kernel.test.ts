import { describe, expect, it } from 'vitest';
import { BrokenInvariant } from './assert.ts';
import { Kernel } from './kernel.ts';

/** A world of dominoes: each event notes its name and may knock over the next. */
function dominoes(options: { queueLimit?: number; traceLimit?: number } = {}) {
  const kernel = new Kernel({ seed: 1, ...options });
  const fallen = kernel.store.table<string>('fallen');
  const fall = kernel.event<{ name: string; then?: string[] }>('fall', ({ name, then = [] }) => {
    fallen.set(String(fallen.size).padStart(4, '0'), `${kernel.now} ${name}`);
    const [next, ...rest] = then;
    kernel.because(kernel.record({ actor: 'domino', verb: 'fall', object: name }), () => {
      if (next) fall.after(10, { name: next, then: rest });
    });
  });
  return { kernel, fall, order: () => [...fallen.values()] };
}

describe('Kernel', () => {
  it('runs events by time, and within a millisecond in the order they were scheduled', () => {
    const { kernel, fall, order } = dominoes();
    fall.after(20, { name: 'late' });
    fall.after(10, { name: 'first' });
    fall.after(10, { name: 'second' });
    kernel.advance(15);
    expect(order()).toEqual(['10 first', '10 second']);
    expect(kernel.now).toBe(15);
    kernel.advance(100);
    expect(order()).toEqual(['10 first', '10 second', '20 late']);
    expect(kernel.moment).toEqual({ timeMs: 100, sequence: 3 });
  });

  it('forgets an event that was called off, once', () => {
    const { kernel, fall, order } = dominoes();
    const ticket = fall.after(10, { name: 'never' });
    expect(kernel.cancel(ticket)).toBe(true);
    expect(kernel.cancel(ticket)).toBe(false);
    kernel.advance(100);
    expect(order()).toEqual([]);
  });

  it('links each record to the record that caused it', () => {
    const { kernel, fall } = dominoes();
    fall.after(0, { name: 'a', then: ['b', 'c'] });
    kernel.advance(100);
    const last = kernel.trace.of('c')[0];
    expect(kernel.trace.chain(last?.id ?? 0).map((r) => `${r.timeMs} ${r.object}`)).toEqual([
      '0 a',
      '10 b',
      '20 c',
    ]);
  });

  it('keeps a bounded trace; chains end where the ring was cut', () => {
    const { kernel, fall } = dominoes({ traceLimit: 3 });
    fall.after(0, { name: 'a', then: ['b', 'c', 'd', 'e'] });
    kernel.advance(100);
    expect([...kernel.trace.since(0)].map((r) => r.object)).toEqual(['c', 'd', 'e']);
    expect(kernel.trace.of('a')).toEqual([]);
    expect(kernel.trace.chain(5).map((r) => r.object)).toEqual(['c', 'd', 'e']);
  });

  it('goes back to a checkpoint and lives the same future again', () => {
    const { kernel, fall, order } = dominoes();
    fall.after(0, { name: 'a', then: ['b', 'c'] });
    kernel.advance(5);
    const checkpoint = kernel.checkpoint();
    const hash = kernel.hash();
    kernel.advance(100);
    const end = { order: order(), hash: kernel.hash(), records: [...kernel.trace.since(0)] };
    kernel.restore(checkpoint);
    expect(kernel.hash()).toBe(hash);
    expect(order()).toEqual(['0 a']);
    kernel.advance(100);
    expect({ order: order(), hash: kernel.hash(), records: [...kernel.trace.since(0)] }).toEqual(
      end,
    );
  });

  it('stops when it is misused', () => {
    const { kernel, fall } = dominoes({ queueLimit: 2 });
    expect(() => fall.after(-1, { name: 'past' })).toThrow(BrokenInvariant);
    expect(() => fall.after(0.5, { name: 'between' })).toThrow(BrokenInvariant);
    expect(() => kernel.event('fall', () => undefined)).toThrow('has a handler already');
    expect(() => kernel.dispatch({ type: 'unheard-of' })).toThrow('no handler for the action');
    fall.after(1, { name: 'a' });
    fall.after(1, { name: 'b' });
    expect(() => fall.after(1, { name: 'c' })).toThrow('more than 2 events are waiting');
    kernel.advance(10);
    expect(() => kernel.advance(5)).toThrow('cannot advance back');
  });
});
