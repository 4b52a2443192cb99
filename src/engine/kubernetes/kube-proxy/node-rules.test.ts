import { describe, expect, it } from 'vitest';
import { Kernel } from '../../sim/kernel.ts';
import { catchUpMs } from './catching-up.ts';
import { NodeRules } from './node-rules.ts';
import type { Rule } from './rules.ts';

const WEB = '10.96.0.7:80';
const DB = '10.96.0.7:8080';
const to = (...ips: string[]): Rule => ({
  service: 'Service default/web',
  targets: ips.map((ip) => ({ ip, port: 80 })),
});

function rules() {
  const kernel = new Kernel({ seed: 1 });
  const all = new NodeRules(kernel, 'kube-proxy/main');
  const seen = (node: string, at = WEB) => all.of(node, at)?.targets.map(({ ip }) => ip);
  return { kernel, all, seen };
}

describe('the rules of nodes', () => {
  it('are the same on all that hear of every change, and nothing else is kept', () => {
    const { all, seen, kernel } = rules();
    all.set(WEB, to('a'));
    all.set(WEB, to('b'));
    expect([seen('node-1'), seen('node-2')]).toEqual([['b'], ['b']]);
    expect(kernel.store.tables().get('kube-proxy/main/past-rules')?.size).toBe(0);
  });

  it('stay on each node as they were when it heard the last word', () => {
    const { all, seen } = rules();
    all.set(WEB, to('a'));
    all.leave('node-1');
    all.set(WEB, to('b'));
    all.set(DB, to('x'));
    all.leave('node-2');
    all.set(WEB, to('c'));
    all.set(WEB, to('d'));
    all.delete(DB);
    expect(['node-1', 'node-2', 'node-3'].map((node) => seen(node))).toEqual([['a'], ['b'], ['d']]);
    const db = ['node-1', 'node-2', 'node-3'].map((node) => seen(node, DB));
    expect(db).toEqual([undefined, ['x'], undefined]);
    // Said again, it is still as far behind as it was.
    all.leave('node-1');
    expect(seen('node-1')).toEqual(['a']);
  });

  it('are the present ones again when a node has caught up, whoever else is behind', () => {
    const { all, seen, kernel } = rules();
    all.set(WEB, to('a'));
    all.set(DB, to('x'));
    all.leave('node-1');
    all.leave('node-2');
    all.set(WEB, to('b'));
    expect(all.catchUp('node-1')).toEqual([to('a')]);
    expect([seen('node-1'), seen('node-2')]).toEqual([['b'], ['a']]);
    all.set(WEB, to('c'));
    expect([seen('node-1'), seen('node-2')]).toEqual([['c'], ['a']]);
    all.catchUp('node-2');
    expect(seen('node-2')).toEqual(['c']);
    expect(kernel.store.tables().get('kube-proxy/main/past-rules')?.size).toBe(0);
  });

  it('cost a change once, however many nodes are behind', () => {
    const { all, kernel } = rules();
    all.set(WEB, to('a'));
    for (let i = 0; i < 5000; i++) all.leave(`node-${i}`);
    for (let i = 0; i < 100; i++) all.set(WEB, to(`b-${i}`));
    expect(kernel.store.tables().get('kube-proxy/main/past-rules')?.size).toBe(1);
  });
});

describe('a watch that was interrupted', () => {
  const draws = Array.from({ length: 200 }, (_, i) =>
    new Kernel({ seed: i }).random('test', 'watch'),
  );
  const range = (outageMs: number, refused: boolean) => {
    const found = draws.map((draw) => catchUpMs(outageMs, refused, draw));
    return [Math.min(...found), Math.max(...found)] as const;
  };

  it('goes on at once when its connection is still there', () => {
    const [, latest] = range(40_000, false);
    expect(latest).toBeLessThanOrEqual(1000);
  });

  it('comes back with the next try: at most 60 s later', () => {
    const [soon, latest] = range(5000, true);
    expect(soon).toBeGreaterThan(0);
    // 0.8 to 1.6, 1.6 to 3.2, 3.2 to 6.4 s: the third try comes after 11.2 s at the latest.
    expect(latest).toBeLessThanOrEqual(6400);
    expect(range(3_600_000, false)[1]).toBeGreaterThan(30_000);
    expect(range(3_600_000, false)[1]).toBeLessThanOrEqual(60_000);
  });
});
