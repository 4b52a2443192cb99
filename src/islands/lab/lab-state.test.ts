import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { engineOver, type Engine } from '../engine-room/connect.ts';
import { makeWire } from '../engine-room/here-wire.ts';
import { readAddress } from './address.ts';
import type { BenchWorld } from './bench-world.ts';
import type { Catalogue } from './catalogue.ts';
import * as exercises from './exercise-sources.ts';
import { forgetWorld, keptWorlds, type Store } from './kept-worlds.ts';
import { LabState, type BenchStatus } from './lab-state.ts';
import { solvedChallenges } from './solved.ts';

/** The lab without its look, over the real engine on the same thread. */
function memory(): Store {
  const texts = new Map<string, string>();
  return {
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
  };
}

const catalogue: Catalogue = {
  titleOf: (address) => ('id' in address ? address.id : undefined),
  story: (id) => ({
    id,
    machine: 'host',
    steps: [
      { title: 'pull', run: 'docker pull -q nginx:alpine', pauseMs: 1000 },
      { title: 'run', run: 'docker run -d --name web nginx:alpine', pauseMs: 500 },
      { title: 'stop', run: 'docker stop web', pauseMs: 60_000 },
    ],
  }),
  exercise: (id) => ({ id, brief: 'brief', hints: ['one'] }),
  exerciseIds: () => ['full-disk', 'missing-key', 'small-image'],
};

let engine: Engine;
let store: Store;
let lab: LabState;

beforeEach(() => {
  // What a page has besides: frames, and being seen.
  vi.stubGlobal('requestAnimationFrame', (draw: (ms: number) => void) =>
    setTimeout(() => draw(performance.now()), 16),
  );
  vi.stubGlobal('cancelAnimationFrame', clearTimeout);
  vi.stubGlobal('document', Object.assign(new EventTarget(), { hidden: false }));
  engine = engineOver(makeWire());
  store = memory();
  const fetchExercises = () => Promise.resolve(exercises);
  const changed = () => undefined;
  lab = new LabState({ engine, locale: 'en', catalogue, store, fetchExercises, changed });
});

// Other tests of the same process have no page.
afterAll(() => vi.unstubAllGlobals());

const openAt = (hash: string) => lab.open({ from: 'address', address: readAddress(hash) });

const openFile = (text: string) => lab.open({ from: 'file', name: 'x.json', text });

function benchOf({ value }: { readonly value: BenchStatus }): BenchWorld {
  if (value.kind !== 'open') throw new Error(`the bench is ${value.kind}: ${lab.notice.value}`);
  return value.bench;
}

const run = (bench: BenchWorld, line: string) => bench.world.run(bench.machine.value, line);
const hashOf = (bench: BenchWorld) => engine.ask('world/hash', { world: bench.world.name });
const until = (holds: () => boolean) => expect.poll(holds, { timeout: 10_000 }).toBe(true);

describe('the lab', () => {
  it('keeps what was done in a world, and goes on with it in the same state', async () => {
    await openAt('#preset=host&seed=11');
    const bench = benchOf(lab.status);
    expect(keptWorlds(store)).toEqual([]);
    await run(bench, 'docker run -d --name web nginx:alpine');
    await until(() => keptWorlds(store).length === 1);
    const [kept] = keptWorlds(store);
    expect(kept).toMatchObject({ address: 'preset=host&seed=11', preset: 'host', acts: 1 });
    const hash = await hashOf(bench);
    lab.close();
    expect(lab.status.value.kind).toBe('empty');

    await lab.open({ from: 'kept', kept: kept! });
    const again = benchOf(lab.status);
    expect(await hashOf(again)).toBe(hash);
    await run(again, 'docker stop web');
    await until(() => keptWorlds(store)[0]?.acts === 2);
    expect(keptWorlds(store)).toHaveLength(1);
  });

  it('opens a scenario before its first step, and types its steps one after the other', async () => {
    await openAt('#scenario=containers/first-container');
    const bench = benchOf(lab.status);
    bench.world.speed.value = 'at-once';
    bench.nextStep();
    await until(() => bench.world.state.value.done > 0 && !bench.busy.value);
    bench.nextStep();
    await until(() => bench.steps.value === 2 && !bench.busy.value);
    const { printed } = await bench.ask("docker ps --format '{{.Names}}'");
    expect(printed).toBe('web');
    // What was asked in a fork left nothing behind.
    expect(bench.world.state.value.done).toBe(2);
  });

  it('lives a scenario on to a time of it, its steps until then typed', async () => {
    await openAt('#scenario=containers/first-container&at=9000');
    const bench = benchOf(lab.status);
    const { moment, startMs, done } = bench.world.state.value;
    expect(moment.timeMs - startMs).toBe(9000);
    expect([done, bench.steps.value]).toEqual([2, 2]);
    expect((await bench.ask("docker ps --format '{{.Names}}'")).printed).toBe('web');
  });

  it('says which part of an address it could not use', async () => {
    await openAt('#scenario=containers/first-container&at=soon');
    expect(benchOf(lab.status).steps.value).toBe(0);
    expect(lab.notice.value).toMatch(/at=soon is no number/);
    await openAt('#preset=host&seed=3');
    expect(lab.notice.value).toBe('');
  });

  it('sends the steps of a scenario along in a link', async () => {
    await openAt('#scenario=containers/first-container&at=9000');
    const made = await benchOf(lab.status).link();
    const payload = made.kind === 'link' ? made.payload : '';
    expect(payload).toMatch(/&scenario=containers\/first-container&steps=2$/);
    await openAt(`#${payload}`);
    const bench = benchOf(lab.status);
    expect([bench.story?.id, bench.steps.value]).toEqual(['containers/first-container', 2]);
  });

  it('lives on by as many seconds as were asked for, however fast', async () => {
    await openAt('#preset=host');
    const { world, ...bench } = benchOf(lab.status);
    expect(bench.title).toBe('preset=host');
    const { startMs } = world.state.value;
    for (let i = 0; i < 3; i++) benchOf(lab.status).live(1000);
    await until(() => world.state.value.moment.timeMs === startMs + 3_000);
  });

  it('gives up a check, and has whoever waits behind it go on', async () => {
    await openAt('#challenge=missing-key');
    const bench = benchOf(lab.status);
    const asked = vi.spyOn(engine, 'ask');
    const checked = bench.check();
    const judged = asked.mock.results[0]!.value as Promise<unknown>;
    bench.endCheck();
    expect(await judged).toBeUndefined();
    await checked;
    expect(bench.verdict.value).toBeUndefined();
    await bench.check();
    expect(bench.verdict.value).toMatchObject({ met: false, begun: true });
  });

  it('judges a challenge, also after it was opened from what was kept', async () => {
    await openAt('#challenge=missing-key');
    const bench = benchOf(lab.status);
    await run(bench, 'kubectl get pods');
    await bench.check();
    expect(bench.verdict.value).toMatchObject({ met: false, begun: true });
    expect(solvedChallenges(store)).toEqual([]);
    await until(() => keptWorlds(store).length === 1);
    await lab.open({ from: 'kept', kept: keptWorlds(store)[0]! });
    const again = benchOf(lab.status);
    expect(again.exercise?.id).toBe('missing-key');
    await again.check();
    expect(again.verdict.value).toMatchObject({ met: false, begun: true });
  });

  it('sends a challenge along in a link and in a file, with brief and judge', async () => {
    await openAt('#challenge=missing-key');
    const first = benchOf(lab.status);
    await run(first, 'kubectl get pods');
    const [made, text] = [await first.link(), await first.file()];
    const payload = made.kind === 'link' ? made.payload : '';
    expect(payload).toMatch(/^v2\.[\w-]+&challenge=missing-key$/);
    const { machine, world } = first;
    const { printed } = await world.run(machine.value, 'drydock link');
    expect(printed).toBe(`#${payload}\n`);
    for (const open of [
      () => openAt(`#${payload}`),
      () => lab.open({ from: 'file', name: 'a.drydock.json', text: text ?? '' }),
    ]) {
      await open();
      const bench = benchOf(lab.status);
      expect(bench.exercise?.id).toBe('missing-key');
      expect(bench.title).toBe('missing-key');
      // The set-up is no act of the reader's, and what he did after it is there.
      const { done, startMs } = bench.world.state.value;
      expect([done, startMs]).toEqual([1, first.world.state.value.startMs]);
      expect(bench.world.screen(bench.machine.value).commands).toEqual(['kubectl get pods']);
      await bench.check();
      expect(bench.verdict.value).toMatchObject({ met: false, begun: true });
    }
    await openAt(`#${payload.replace(/&.*/, '')}`);
    expect(benchOf(lab.status).exercise).toBeUndefined();
  });

  it('believes no link that says it began as a challenge and did not', async () => {
    await openAt('#preset=host');
    const made = await benchOf(lab.status).link();
    const payload = made.kind === 'link' ? made.payload : '';
    for (const id of ['full-disk', 'no-such']) {
      await openAt(`#${payload}&challenge=${id}`);
      const bench = benchOf(lab.status);
      expect([bench.exercise, bench.opened.preset]).toEqual([undefined, 'host']);
    }
  });

  it('names the next challenge that is not solved', async () => {
    await openAt('#challenge=missing-key');
    const bench = benchOf(lab.status);
    expect(bench.nextExercise?.title).toBe('small-image');
    store.setItem('drydock:solved', '["small-image"]');
    expect(bench.nextExercise?.title).toBe('full-disk');
    store.setItem('drydock:solved', '["small-image","full-disk"]');
    expect(bench.nextExercise).toBeUndefined();
  });

  it('keeps apart what two tabs make of the same kept world', async () => {
    await openAt('#preset=host');
    await run(benchOf(lab.status), 'touch common');
    await until(() => keptWorlds(store).length === 1);
    const [kept] = keptWorlds(store);
    const other = new LabState(lab.means);
    await lab.open({ from: 'kept', kept: kept! });
    await other.open({ from: 'kept', kept: kept! });
    const there = benchOf(other.status);
    await run(there, 'touch theirs');
    await until(() => there.keeping.value === 'kept');
    const here = benchOf(lab.status);
    await run(here, 'touch mine');
    await until(() => here.keeping.value === 'apart');
    expect(keptWorlds(store)).toHaveLength(2);
    const texts = keptWorlds(store).map(({ id }) => store.getItem(`drydock:world:${id}`) ?? '');
    expect(
      texts.map((text) => [text.includes('touch mine'), text.includes('touch theirs')]),
    ).toEqual([
      [true, false],
      [false, true],
    ]);
    await run(here, 'touch more');
    await until(() => keptWorlds(store)[0]?.acts === 3);
    expect(keptWorlds(store)).toHaveLength(2);
  });

  it('keeps nothing that was deleted, until something else is done', async () => {
    await openAt('#preset=host');
    const bench = benchOf(lab.status);
    await run(bench, 'touch a');
    await until(() => keptWorlds(store).length === 1);
    await run(bench, 'touch b');
    forgetWorld(store, keptWorlds(store)[0]!.id);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(keptWorlds(store)).toEqual([]);
    await run(bench, 'touch c');
    await until(() => keptWorlds(store)[0]?.acts === 3);
  });

  it('says why something cannot be opened, and leaves what is open as it is', async () => {
    await openAt('#preset=host');
    const { name } = benchOf(lab.status).world;
    const cases = [
      [() => openAt('#preset=moon'), 'There is no world'],
      [() => openAt('#scenario=no/such'), 'There is no world'],
      [() => openAt('#v2.broken'), 'not complete'],
      [() => openAt('#v9.eJyL'), 'newer Drydock'],
      [() => openFile('{"a":1}'), 'not a Drydock world'],
      [() => openFile('{"format":"drydock-world","version":2}'), 'not complete'],
      [() => openFile('{"format":"drydock-world","version":2,"engine":"9.0.0"}'), 'newer Drydock'],
    ] as const;
    for (const [open, words] of cases) {
      await open();
      expect(lab.notice.value).toContain(words);
      expect(lab.notice.value).toContain('as it was');
      expect(benchOf(lab.status).world.name).toBe(name);
    }
  });

  it('lets the last of two requests count', async () => {
    const first = openAt('#preset=cluster');
    const second = openAt('#preset=host');
    await Promise.all([first, second]);
    expect(benchOf(lab.status).opened.preset).toBe('host');
  });
});
