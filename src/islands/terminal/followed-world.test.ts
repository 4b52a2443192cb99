import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { engineOver } from '../engine-room/connect.ts';
import { makeWire } from '../engine-room/here-wire.ts';
import { openFollowed, type FollowedWorld } from './followed-world.ts';
import { Typist } from './typist.ts';

const engine = engineOver(makeWire());
let last = 0;

/** Frames of a page, sixty a second, without one. */
const { requestAnimationFrame, cancelAnimationFrame } = globalThis;
beforeAll(() => {
  let nowMs = 0;
  globalThis.requestAnimationFrame = (draw) =>
    setTimeout(() => draw((nowMs += 16))) as unknown as number;
  globalThis.cancelAnimationFrame = (frame) => clearTimeout(frame);
});
afterAll(() => {
  Object.assign(globalThis, { requestAnimationFrame, cancelAnimationFrame });
});

async function follow(preset = 'host'): Promise<FollowedWorld> {
  const world = `followed-${++last}`;
  const source = { from: 'preset', preset, seed: 1 } as const;
  const followed = await openFollowed(engine, { world, source, locale: 'en' });
  return followed.kind === 'open' ? followed.world : expect.unreachable(followed.why);
}

const isFree = (world: FollowedWorld) => () => !world.state.value.prompts.host!.busy;

async function until(holds: () => boolean): Promise<void> {
  await expect.poll(holds, { timeout: 20_000, interval: 5 }).toBe(true);
}

describe('a world that a page follows', () => {
  it('lives while a command runs, as fast as is chosen, and stands still where it is held', async () => {
    const world = await follow();
    world.play(false);
    world.speed.value = 60;
    world.type('host', 'sleep 3; date');
    await until(() => world.screen('host').length === 2);
    const { timeMs } = world.state.value.moment;
    expect(timeMs).toBeGreaterThanOrEqual(3_000);
    expect(timeMs).toBeLessThan(3_500);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(world.state.value.moment.timeMs).toBe(timeMs);
    world.end();
  });

  it('does at once what ends by itself, and goes on with what does not', async () => {
    const world = await follow();
    world.speed.value = 'at-once';
    world.type('host', 'sleep 9000');
    await until(() => world.state.value.moment.timeMs >= 9_000_000 && isFree(world)());
    world.type('host', 'while true; do sleep 1; done');
    await until(() => world.state.value.moment.timeMs > 9_070_000);
    expect(world.state.value.prompts.host!.busy).toBe(true);
    world.interrupt('host');
    await until(isFree(world));
    world.end();
  });

  it('stands still until somebody types, and then goes on as time does', async () => {
    const world = await follow();
    const { timeMs: startMs } = world.state.value.moment;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(world.state.value.moment.timeMs).toBe(startMs);
    world.type('host', 'true');
    await until(() => world.state.value.moment.timeMs > startMs + 500);
    world.rest();
    await until(() => !world.playing.value);
    world.type('host', 'true');
    await until(() => world.playing.value);
    world.end();
  });

  it('stands where the reader pauses it or looks at a moment, though a command runs', async () => {
    const world = await follow();
    const still = async () => {
      const { timeMs } = world.state.value.moment;
      await new Promise((resolve) => setTimeout(resolve, 80));
      expect([world.playing.value, world.state.value.moment.timeMs]).toEqual([false, timeMs]);
    };
    const timeMs = () => world.state.value.moment.timeMs;
    world.type('host', 'while true; do sleep 1; done');
    await until(() => timeMs() > 3_000);
    world.play(false);
    await engine.ask('world/live', { world: world.name, byMs: 0 });
    await still();
    world.play(true);
    const before = timeMs();
    await until(() => timeMs() > before + 200);
    world.rest();
    await engine.ask('world/seek', { world: world.name, timeMs: 2_500 });
    await until(() => timeMs() === 2_500);
    expect(isFree(world)()).toBe(false);
    await still();
    world.interrupt('host');
    await until(isFree(world));
    world.end();
  });

  it('stands at the moment to which a typed line goes, and does not do again what is undone', async () => {
    const world = await follow();
    const typed = async (line: string) => {
      await world.typing('host', line);
      await until(isFree(world));
    };
    const passes = async (times: number) => {
      for (let frame = 0; frame < times; frame++) await new Promise((next) => setTimeout(next, 5));
    };
    await typed('echo one');
    await until(() => world.screen('host').printedFrom(0) === 'one\n');
    await typed('drydock undo');
    await passes(20);
    expect(world.state.value).toMatchObject({ inThePast: true, done: 0 });
    // What is said of here begins no time either.
    await typed('drydock link');
    await passes(20);
    expect(world.screen('host').printedFrom(0)).toBe('');
    await typed('drydock at 30s');
    await passes(20);
    expect(world.state.value.moment.timeMs).toBe(30_000);
    expect(world.playing.value).toBe(false);
    world.end();
  });

  it('stands where a line led back, also when time ran before', async () => {
    const world = await follow();
    world.type('host', 'echo one > one');
    await until(() => world.state.value.moment.timeMs > 200);
    world.type('host', 'drydock undo');
    await until(() => !world.playing.value);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(world.state.value).toMatchObject({ done: 0, inThePast: true, moment: { timeMs: 0 } });
    world.type('host', 'ls one');
    await until(() => world.screen('host').printedFrom(0).includes('No such file'));
    world.end();
  });

  it('passes time between commands where it is played', async () => {
    const world = await follow();
    world.play(true);
    await until(() => world.state.value.moment.timeMs > 100);
    world.play(false);
    world.end();
  });

  it('tells that time passed ten times a second, and what else happened', async () => {
    const world = await follow();
    const told: { readonly atMs: number; readonly busy: boolean }[] = [];
    const end = world.state.subscribe(({ prompts }) => {
      told.push({ atMs: performance.now(), busy: prompts.host?.busy ?? false });
    });
    world.play(true);
    await until(() => told.length >= 6);
    const between = told.slice(2, 6).map(({ atMs }, at) => atMs - told[at + 1]!.atMs);
    expect(Math.min(...between)).toBeGreaterThan(90);
    world.type('host', 'sleep 30');
    await until(() => told.at(-1)!.busy);
    end();
    world.end();
  });

  it('runs a line as a session does, and says what it printed', async () => {
    const world = await follow();
    expect(await world.run('host', 'echo a; echo b >&2; exit 3')).toEqual({
      ...{ printed: 'a\nb\n', exitCode: 3 },
    });
    expect(await world.run('host', 'drydock undo')).toMatchObject({
      printed: 'undone: echo a; echo b >&2; exit 3\n',
    });
    world.end();
  });

  it('types several lines one after the other, each where it belongs', async () => {
    const world = await follow();
    world.speed.value = 60;
    const typist = new Typist(world, 'host');
    typist.type(['read name', 'Kim', 'sleep 2; echo "$name"', 'cat <<X', '$name', 'X', 'echo end']);
    await until(() => world.screen('host').printedFrom(0).endsWith('end\n'));
    expect(world.screen('host').printedFrom(0)).toBe('Kim\nKim\nend\n');
    typist.type(['sleep 900', 'echo never']);
    await until(() => typist.waiting.value === 1 && !isFree(world)());
    typist.interrupt();
    await until(isFree(world));
    expect(world.screen('host').printedFrom(0)).not.toContain('never');
    typist.end();
    world.end();
  });

  it('says so when the engine is gone', async () => {
    const world = await follow();
    await engine.ask('world/close', { world: world.name });
    world.type('host', 'ls');
    await until(() => world.broken.value?.includes('there is no world') ?? false);
    world.end();
  });
});
