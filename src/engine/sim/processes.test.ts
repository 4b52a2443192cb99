import { describe, expect, it } from 'vitest';
import { Kernel } from './kernel.ts';
import {
  all,
  ask,
  close,
  exec,
  Interrupt,
  join,
  now,
  open,
  read,
  record,
  signal,
  sleep,
  start,
  unread,
  write,
  type Ending,
  type Self,
  type Waiter,
} from './process.ts';
import { LATER, Processes } from './processes.ts';

/** A world in which a baker bakes loaves, side by side or one by one, and a shop sells them. */
function bakery() {
  const kernel = new Kernel({ seed: 7 });
  const processes = new Processes(kernel);
  const sold = kernel.store.table<number>('shop/sold');
  const waiting = kernel.store.table<Waiter>('shop/waiting');
  const endings: Ending[] = [];
  const ended = kernel.event<{ ending: Ending }>('test/ended', ({ ending }) => {
    endings.push(ending);
  });
  processes.program('loaf', function* (args: { minutes: number }) {
    yield* sleep(args.minutes * 1000);
    return `loaf at ${yield* now()}`;
  });
  processes.program('bake', function* (minutes: readonly number[]) {
    const loaves = yield* all<string>(
      minutes.map((m) => ({ program: 'loaf', args: { minutes: m } })),
    );
    yield* ask('shop', { sell: loaves.length });
    return loaves;
  });
  processes.service('shop', (body: { sell: number }) => {
    sold.set('loaves', (sold.get('loaves') ?? 0) + body.sell);
    return sold.get('loaves');
  });
  processes.service('queue', (_body: unknown, asker) => {
    waiting.set('first', asker);
    return LATER;
  });
  const spawn = (program: string, args: unknown) =>
    processes.spawn(program, args, { then: { event: ended.name, payload: {} } });
  return { kernel, processes, sold, waiting, endings, spawn };
}

describe('durable processes', () => {
  it('run side by side in virtual time and end with their result', () => {
    const { kernel, endings, sold, spawn } = bakery();
    spawn('bake', [3, 1, 2]);
    kernel.advance(10_000);
    expect(endings).toEqual([{ result: ['loaf at 3000', 'loaf at 1000', 'loaf at 2000'] }]);
    expect(sold.get('loaves')).toBe(3);
  });

  it('go on from a checkpoint taken in the middle, in another kernel too, to the same world', () => {
    const straight = bakery();
    straight.spawn('bake', [3, 1, 2]);
    straight.kernel.advance(1500);
    const middle = straight.kernel.checkpoint();
    straight.kernel.advance(10_000);
    const end = straight.kernel.hash();

    straight.kernel.restore(middle);
    straight.kernel.advance(10_000);
    expect(straight.kernel.hash()).toBe(end);
    expect(straight.sold.get('loaves')).toBe(3);

    const other = bakery();
    other.kernel.restore(middle);
    other.kernel.advance(10_000);
    expect(other.kernel.hash()).toBe(end);
    expect(other.endings).toEqual([{ result: ['loaf at 3000', 'loaf at 1000', 'loaf at 2000'] }]);
  });

  it('wait for a service that answers later', () => {
    const { kernel, processes, waiting, endings, spawn } = bakery();
    processes.program('customer', function* () {
      return `got ${yield* ask<string>('queue', {})}`;
    });
    spawn('customer', null);
    kernel.advance(5000);
    expect(endings).toEqual([]);
    processes.reply(waiting.need('first'), 'bread');
    kernel.advance(5001);
    expect(endings).toEqual([{ result: 'got bread' }]);
  });

  it('talk through streams until one end is closed', () => {
    const { kernel, processes, endings, spawn } = bakery();
    processes.program('writer', function* (_args: unknown, self: Self) {
      for (let i = 0; i < 3; i++) {
        yield* write(self.stdout, `line ${i}\n`);
        yield* sleep(10);
      }
      yield* close(self.stdout);
      return 0;
    });
    processes.program('reader', function* () {
      const stream = yield* open();
      const pid = yield* start('writer', null, { stdout: stream });
      let text = '';
      for (let chunks = yield* read<string>(stream); chunks; chunks = yield* read<string>(stream)) {
        text += chunks.join('');
      }
      yield* join(pid);
      return text;
    });
    spawn('reader', null);
    kernel.advance(1000);
    expect(endings).toEqual([{ result: 'line 0\nline 1\nline 2\n' }]);
  });

  it('leave nothing of a closed stream behind, and may still give back what they read of it', () => {
    const { kernel, processes, endings, spawn } = bakery();
    processes.program('careful', function* (stream: number) {
      const [chunk] = (yield* read<string>(stream)) ?? [];
      yield* unread(stream, chunk);
      const again = yield* read<string>(stream);
      return [again, yield* read(stream), yield* write(stream, 'late')];
    });
    const stream = processes.streams.open();
    processes.streams.write(stream, 'line\n');
    processes.streams.close(stream);
    processes.streams.close(processes.streams.open());
    spawn('careful', stream);
    kernel.advance(100);
    expect(endings).toEqual([{ result: [['line\n'], undefined, false] }]);
    expect(kernel.store.tables().get('sim/streams')?.size).toBe(0);
  });

  it('end by a signal unless they catch it, and may tidy up first', () => {
    const { kernel, processes, sold, endings, spawn } = bakery();
    processes.program('stubborn', function* () {
      for (let signals = 0; ;) {
        try {
          yield* sleep(60_000);
        } catch (error) {
          if (!(error instanceof Interrupt) || ++signals === 2) return signals;
        }
      }
    });
    processes.program('tidy', function* () {
      try {
        yield* sleep(60_000);
      } finally {
        yield* ask('shop', { sell: 1 });
      }
      return 0;
    });
    const stubborn = spawn('stubborn', null);
    const tidy = spawn('tidy', null);
    kernel.advance(100);
    expect(processes.signal(stubborn, 'SIGINT')).toBe(true);
    expect(processes.signal(tidy, 'SIGTERM')).toBe(true);
    kernel.advance(200);
    expect(endings).toEqual([{ signal: 'SIGTERM' }]);
    expect(sold.get('loaves')).toBe(1);
    processes.signal(stubborn, 'SIGINT');
    kernel.advance(300);
    expect(endings).toEqual([{ signal: 'SIGTERM' }, { result: 2 }]);
    expect(processes.signal(stubborn, 'SIGINT')).toBe(false);
  });

  it('signal one another, and are told whether there was anybody to hear', () => {
    const { kernel, processes, endings, spawn } = bakery();
    processes.program('impatient', function* () {
      const loaf = yield* start('loaf', { minutes: 60 });
      yield* sleep(1000);
      const heard = yield* signal(loaf, 'SIGTERM');
      const { signal: by } = yield* join(loaf);
      return [heard, by, yield* signal(loaf, 'SIGTERM')];
    });
    spawn('impatient', {});
    kernel.advance(2000);
    expect(endings).toEqual([{ result: [true, 'SIGTERM', false] }]);
  });

  it('cannot catch SIGKILL, and a signal before the first step ends them', () => {
    const { kernel, processes, endings, spawn } = bakery();
    const killed = spawn('loaf', { minutes: 5 });
    kernel.advance(10);
    processes.signal(killed, 'SIGKILL');
    const unborn = spawn('loaf', { minutes: 5 });
    processes.signal(unborn, 'SIGTERM');
    kernel.advance(60_000);
    expect(endings[0]).toEqual({ signal: 'SIGKILL' });
    expect(processes.isRunning(killed)).toBe(false);
  });

  it('are the cause of what they do after a record', () => {
    const { kernel, processes, spawn } = bakery();
    processes.program('tell', function* () {
      const first = yield* record({ actor: 'baker', verb: 'knead', object: 'dough' });
      yield* sleep(5);
      const pid = yield* start('tell-more', null);
      yield* join(pid);
      return first;
    });
    processes.program('tell-more', function* () {
      return yield* record({ actor: 'oven', verb: 'bake', object: 'dough' });
    });
    spawn('tell', null);
    kernel.advance(100);
    const baked = kernel.trace.of('dough').at(-1);
    expect(kernel.trace.chain(baked?.id ?? 0).map((r) => r.verb)).toEqual(['knead', 'bake']);
  });

  it('are not woken by what another program waited for in their place', () => {
    const { kernel, processes, endings, spawn } = bakery();
    processes.program('apprentice', function* () {
      try {
        yield* sleep(100);
      } catch (fault) {
        if (!(fault instanceof Interrupt)) throw fault;
      }
      return yield* exec('loaf', { minutes: 1 });
    });
    const pid = spawn('apprentice', null);
    kernel.advance(50);
    processes.signal(pid, 'SIGINT');
    kernel.advance(5000);
    expect(endings).toEqual([{ result: 'loaf at 1050' }]);
  });

  it('stand still while their group is frozen, and end together', () => {
    const { kernel, processes, endings } = bakery();
    const then = { event: 'test/ended', payload: {} };
    processes.spawn('bake', [1, 2], { then, group: 'bakery' });
    kernel.advance(500);
    processes.freezeGroup('bakery');
    kernel.advance(10_000);
    const middle = kernel.checkpoint();
    processes.thawGroup('bakery');
    kernel.advance(11_000);
    expect(endings.pop()).toEqual({ result: ['loaf at 10000', 'loaf at 10000'] });
    kernel.restore(middle);
    processes.killGroup('bakery');
    kernel.advance(11_000);
    expect(endings.pop()).toEqual({ signal: 'SIGKILL' });
    expect(kernel.store.tables().get('sim/processes')?.size).toBe(0);
  });

  it('leave nothing behind', () => {
    const { kernel, processes, spawn } = bakery();
    spawn('bake', [1, 2]);
    kernel.advance(60_000);
    expect(kernel.store.tables().get('sim/processes')?.size).toBe(0);
    expect(kernel.store.tables().get('sim/queue')?.size).toBe(0);
    expect(processes.isRunning(1)).toBe(false);
  });
});
