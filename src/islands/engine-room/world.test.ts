import { describe, expect, it } from 'vitest';
import { Session } from '../../engine/session.ts';
import { SECOND } from '../../engine/sim/clock.ts';
import { readFileSync } from 'node:fs';
import { engineOver } from './connect.ts';
import { makeWire } from './here-wire.ts';
import type { News } from './port.ts';
import type { Printed, WorldSource, WorldState } from './world-messages.ts';

const engine = engineOver(makeWire());
let last = 0;

async function open(source: WorldSource) {
  const world = `world-${++last}`;
  const heard: News[] = [];
  engine.hear(world, (news) => heard.push(news));
  const opened = await engine.ask('world/open', { world, source });
  if (opened.kind === 'refused') return expect.unreachable(opened.why);
  const machine = opened.machines.find(({ hasPrompt }) => hasPrompt)!.name;
  const texts = (): string[] => {
    const all: Printed['texts'][number][] = [];
    for (const { kind, body } of heard) {
      if (kind !== 'printed') continue;
      const { from, texts: more } = body as Printed;
      all.splice(from, all.length, ...more);
    }
    return all.flatMap((one) => ('text' in one ? one.text : `<${one.typed}>`));
  };
  return {
    ...{ world, machine, opened, heard, texts },
    type: (line: string) => engine.ask('world/type', { world, machine, line }),
    settle: () => engine.ask('world/settle', { world, machine }),
    live: (byMs: number) => engine.ask('world/live', { world, byMs }),
    interrupt: () => engine.ask('world/interrupt', { world, machine }),
  };
}

const preset = (name: string, seed = 1): WorldSource => ({ from: 'preset', preset: name, seed });
const challenge: WorldSource = {
  from: 'challenge',
  id: 'find-by-name',
  text: readFileSync('src/scenarios/challenges/find-by-name/challenge.yaml', 'utf8'),
};

describe('a world beside its page', () => {
  it('prints and comes to what a session comes to', async () => {
    const { world, type, settle, texts } = await open(preset('cluster'));
    const lines = [
      'kubectl create deployment web --image=nginx --replicas=2',
      'kubectl rollout status deployment web',
      'kubectl get pods -w',
    ];
    const session = new Session({ preset: 'cluster', seed: 1 });
    let printed = '';
    for (const line of lines) {
      await type(line);
      await settle();
      printed += session.type(line).printed;
    }
    expect(await engine.ask('world/hash', { world })).toBe(session.timeline.hash());
    const seen = texts().filter((text) => !lines.includes(text) && text !== '<interrupt>');
    expect(seen.join('')).toBe(printed);
  });

  it('tells once of each stretch that it lives', async () => {
    const { heard, live } = await open(preset('cluster'));
    heard.length = 0;
    for (let frame = 0; frame < 3; frame++) await live(SECOND);
    expect(heard.map(({ kind }) => kind)).toEqual(['state', 'state', 'state']);
  });

  it('streams what a command prints as time passes, until it is interrupted', async () => {
    const { type, live, interrupt, texts } = await open(preset('host'));
    await type('while true; do date; sleep 1; done');
    for (let frame = 0; frame < 100; frame++) await live(50);
    expect(texts()).toHaveLength(1 + 5);
    await interrupt();
    const state = await live(50);
    expect(state.prompts.host).toMatchObject({ busy: false, exitCode: 130 });
    expect(texts().slice(1 + 5)).toEqual(['<interrupt>']);
  });

  it('passes no more time than a command takes, where it is told so', async () => {
    const { world, type } = await open(preset('host'));
    await type('sleep 2');
    const passed = await engine.ask('world/live', { world, byMs: 5_000, whileBusy: true });
    expect(passed.moment.timeMs).toBe(2 * SECOND);
    const idle = await engine.ask('world/live', { world, byMs: 5_000, whileBusy: true });
    expect(idle.moment.timeMs).toBe(2 * SECOND);
  });

  it('gives what a command reads to it, and its end', async () => {
    const { type, live, texts } = await open(preset('host'));
    await type('wc -l');
    expect((await live(10)).prompts.host).toMatchObject({ busy: true, reads: true });
    await type('one');
    await live(10);
    await type('\u0004');
    expect((await live(10)).prompts.host).toMatchObject({ busy: false });
    expect(texts().at(-1)).toBe('1\n');
  });

  it('is interrupted while somebody waits for it', async () => {
    const { type, settle, interrupt } = await open(preset('cluster'));
    await type('kubectl get pods -w; sleep 10000d');
    const settled = settle();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await interrupt();
    expect((await settled).prompts.workstation!.busy).toBe(false);
  });

  it('is interrupted at once where a line goes on', async () => {
    const { world, type, interrupt, texts } = await open(preset('host'));
    // The page lets no time pass any more than until the prompt is free, in as many slices as it takes.
    const free = async () => {
      for (let slice = 0; slice < 100; slice++) {
        const state = await engine.ask('world/live', { world, byMs: 20, whileBusy: true });
        if (!state.prompts.host!.busy) return state;
      }
      return expect.unreachable('the prompt is never free');
    };
    await type('cat <<X');
    await free();
    await type('one');
    await interrupt();
    expect((await free()).prompts.host).toMatchObject({ busy: false, continues: false });
    await type('echo two');
    await free();
    expect(texts().at(-1)).toBe('two\n');
  });

  it('leaves what never ends running, where it is told so', async () => {
    const { world, machine, type } = await open(preset('host'));
    await type('while true; do sleep 1; done');
    const state = await engine.ask('world/settle', { world, machine, leave: true });
    expect(state.prompts.host!.busy).toBe(true);
    expect(state.moment.timeMs).toBe(60 * SECOND);
  });

  it('goes back, forks and returns, and what stands at the prompt with it', async () => {
    const { world, type, settle, texts, opened } = await open(preset('host'));
    await type('echo one; sleep 5');
    const one = await settle();
    await type('echo two');
    const two = await settle();
    await engine.ask('world/seek', { world, timeMs: opened.state.startMs + 3 * SECOND });
    expect(texts()).toEqual(['echo one; sleep 5', 'one\n']);
    const back = await engine.ask('world/seek-moment', { world, moment: one.moment });
    expect(back).toMatchObject({ inThePast: true, done: 1, branch: 0 });
    await type('echo three');
    const forked = await settle();
    expect(forked.branches.map(({ acts }) => acts.map(({ text }) => text))).toEqual([
      ['echo one; sleep 5', 'echo two'],
      ['echo one; sleep 5', 'echo three'],
    ]);
    const home = await engine.ask('world/switch', { world, branch: 0 });
    expect([home.moment, home.branch]).toEqual([two.moment, 0]);
    expect(texts().slice(2)).toEqual(['echo two', 'two\n']);
    expect((await engine.ask('world/undo', { world })).done).toBe(1);
    expect(texts()).toHaveLength(2);
  });

  it('answers lines that are about time itself', async () => {
    const { type, settle, heard, texts } = await open(preset('host'));
    await type('echo one');
    await settle();
    await type('drydock undo');
    await type('drydock undo');
    const said = heard.filter(({ kind }) => kind === 'said').map(({ body }) => body);
    expect(said).toMatchObject([
      { line: 'drydock undo', text: 'undone: echo one\n', exitCode: 0 },
      { text: 'drydock: nothing was done yet\n', exitCode: 1 },
    ]);
    expect(texts()).toEqual([]);
  });

  it('keeps files, lists them, and says why it cannot', async () => {
    const { world, machine } = await open(preset('host'));
    const at = { world, machine };
    await engine.ask('world/save', { ...at, path: 'shop/a.yaml', content: 'a: 1\n' });
    expect(await engine.ask('world/read', { ...at, path: '/root/shop/a.yaml' })).toBe('a: 1\n');
    expect(await engine.ask('world/read', { ...at, path: 'shop/b.yaml' })).toBeUndefined();
    const files = await engine.ask('world/files', { ...at, directory: '.' });
    expect(files).toEqual([{ path: '/root/shop/a.yaml', bytes: 5 }]);
    const bad = engine.ask('world/save', { ...at, path: 'shop', content: '' });
    await expect(bad).rejects.toThrow('/root/shop: Is a directory');
  });

  it('is sent and opened again, as a link and as a file', async () => {
    const { world, type, settle, texts } = await open(preset('swarm'));
    await type('docker swarm init');
    await settle();
    const hash = await engine.ask('world/hash', { world });
    const link = await engine.ask('world/link', { world });
    if (link.kind !== 'link') expect.unreachable(link.kind);
    const text = (await engine.ask('world/file', { world }))!;
    for (const source of [
      { from: 'link', payload: link.payload },
      { from: 'file', text },
    ] as const) {
      const again = await open(source);
      expect(again.opened).toMatchObject({ preset: 'swarm', seed: 1, state: { done: 1 } });
      expect(again.opened.changed).toBeUndefined();
      expect(await engine.ask('world/hash', { world: again.world })).toBe(hash);
      expect(again.texts()).toEqual(texts());
    }
  });

  it('is asked in a fork, and stays as it is', async () => {
    const { world, machine, type, settle } = await open(preset('host'));
    await type('docker run -d --name web nginx');
    await settle();
    const hash = await engine.ask('world/hash', { world });
    const answer = await engine.ask('world/ask', {
      ...{ world, machine },
      line: 'docker rm -f web; docker ps -aq; echo none',
    });
    expect(answer).toEqual({ printed: 'web\nnone', exitCode: 0 });
    expect(await engine.ask('world/hash', { world })).toBe(hash);
  });
});

describe('an exercise', () => {
  it('is judged, its set-up neither shown nor taken back', async () => {
    const { world, type, texts, opened } = await open(challenge);
    expect(texts()).toEqual([]);
    expect(opened.state).toMatchObject({ done: 0, inThePast: false });
    expect(opened.state.moment.timeMs).toBe(opened.state.startMs);
    await engine.ask('world/undo', { world });
    await type('drydock undo');
    const verdict = await engine.ask('world/judge', { world });
    expect(verdict).toMatchObject({ met: false, begun: true });
    const text = (await engine.ask('world/file', { world }))!;
    const again = await open({ from: 'file', text, challenge });
    expect(await engine.ask('world/judge', { world: again.world })).toEqual(verdict);
    expect(again.opened.state.done).toBe(0);
  });
});

describe('what is bad', () => {
  it.each<[WorldSource, string]>([
    [preset('nowhere'), 'preset'],
    [preset('nodes-99999'), 'preset'],
    [{ from: 'link', payload: 'v2.AAAA' }, 'broken'],
    [{ from: 'link', payload: 'v9.AAAA' }, 'future'],
    [{ from: 'file', text: 'no file' }, 'broken'],
    [{ from: 'challenge', id: 'x', text: '[' }, 'broken'],
    [{ from: 'scenario', source: { id: 'x', definition: '[', files: {} } }, 'broken'],
    [
      { from: 'acts', preset: 'host', seed: 1, acts: [{ type: 'line', machine: 'x', line: 'ls' }] },
      'machine',
    ],
  ])('%j is refused', async (source, why) => {
    const world = `bad-${++last}`;
    expect(await engine.ask('world/open', { world, source })).toMatchObject({
      ...{ kind: 'refused', why },
    });
    await expect(engine.ask('world/hash', { world })).rejects.toThrow(`no world ${world}`);
  });

  it('is told of machines that are not there, and of worlds that were closed', async () => {
    const { world, type } = await open(preset('host'));
    const elsewhere = engine.ask('world/type', { world, machine: 'x', line: 'ls' });
    await expect(elsewhere).rejects.toThrow('there is no machine x');
    await type('sleep 1000');
    const settling = engine.ask('world/settle', { world, machine: 'host' });
    await engine.ask('world/close', { world });
    await settling.catch(() => undefined);
    await expect(engine.ask('world/live', { world, byMs: 1 })).rejects.toThrow('no world');
  });
});

describe('a large world', () => {
  it('is opened and lived in slices', async () => {
    // Counted and not timed: on a machine that is busy a slice holds less, and there are more of them.
    let turns = 0;
    let isOver = false;
    const take = (): void => {
      turns += 1;
      if (!isOver) setImmediate(take);
    };
    take();
    const { heard, live, opened } = await open(preset('nodes-300'));
    const state: WorldState = await live(30 * SECOND);
    isOver = true;
    expect(opened.machines).toHaveLength(302);
    expect(heard.filter(({ kind }) => kind === 'progress').length).toBeGreaterThan(5);
    expect(state.moment.timeMs).toBeGreaterThan(opened.state.moment.timeMs);
    expect(turns).toBeGreaterThan(20);
  });
});
