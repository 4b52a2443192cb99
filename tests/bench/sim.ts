import { Session } from '../../src/engine/session.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import { timed, type Benchmark } from './benchmark.ts';

const EVENTS = 200_000;

const events: Benchmark = () => {
  const kernel = new Kernel({ seed: 1 });
  const rows = kernel.store.table<number>('rows');
  const tick = kernel.event<{ n: number }>('tick', ({ n }) => {
    rows.set(`row ${n % 1000}`, n);
    if (n < EVENTS) tick.after(1, { n: n + 1 });
  });
  tick.after(1, { n: 1 });
  const ms = timed(() => kernel.advance(EVENTS + 1));
  return [{ name: 'sim.events_per_second', value: (EVENTS / ms) * 1000, unit: '1/s' }];
};

const SEEKS = 100;

/** To moments all over a run of a hundred containers, each way from another. */
const seeks: Benchmark = () => {
  const session = new Session({ preset: 'host', seed: 1 });
  for (let i = 0; i < 100; i++) session.type('docker run -d nginx:1.29-alpine');
  const end = session.timeline.moment.timeMs;
  const took = Array.from({ length: SEEKS }, (_, i) =>
    timed(() => session.timeline.seekTime(Math.round((end * ((i * 37) % SEEKS)) / SEEKS))),
  ).sort((a, b) => a - b);
  const value = took[Math.floor(SEEKS * 0.95)] ?? 0;
  return [{ name: 'seek.p95_ms.docker_100', value, unit: 'ms' }];
};

export const sim: readonly Benchmark[] = [events, seeks];
