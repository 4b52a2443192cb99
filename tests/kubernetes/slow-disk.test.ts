import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** What people notice when the disk of a control plane is slow. */
describe('a slow disk under etcd', () => {
  it('makes writes wait, now and then for long, and reads hardly', () => {
    const session = new Session({ preset: 'cluster', seed: 4 });
    const took = (line: string): number => {
      const { now } = session.world.kernel;
      expect([line, session.type(line).exitCode]).toEqual([line, 0]);
      return session.world.kernel.now - now;
    };
    const usualMs = took('kubectl create configmap before');
    took('drydock fault disk control-1 slow');
    const writes = Array.from({ length: 60 }, (_, i) => {
      took('sleep 1');
      return took(`kubectl create configmap slow-${i}`);
    });
    expect(Math.min(...writes)).toBe(usualMs + 200);
    // It stood still, and kubectl waited: nothing was refused.
    expect(Math.max(...writes)).toBeGreaterThan(usualMs + 400);
    expect(Math.max(...writes)).toBeLessThan(usualMs + 3500);
    took('drydock fault disk control-1 mend');
    took('sleep 5');
    expect(took('kubectl create configmap after')).toBe(usualMs);
  });

  it('of another machine changes nothing', () => {
    const session = new Session({ preset: 'cluster', seed: 4 });
    const { kernel } = session.world;
    session.type('drydock fault disk node-1 slow');
    const before = kernel.now;
    session.type('kubectl create configmap one');
    expect(kernel.now - before).toBeLessThan(200);
  });
});
