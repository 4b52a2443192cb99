import { beforeAll, describe, expect, test } from 'vitest';
import { Session } from '../../../engine/session.ts';
import { MapModel } from '../../panels/map-model.ts';
import { engineOver } from '../connect.ts';
import { makeWire } from '../here-wire.ts';
import { showSight } from '../sights.ts';
import type { BranchAnswer } from './messages.ts';

const engine = engineOver(makeWire());
const locale = 'en' as const;

function opened(preset: string, lines: readonly string[]): Session {
  const session = new Session({ preset, seed: 1 });
  for (const line of lines) session.type(line);
  showSight(preset, { world: () => session.world, timeline: session.timeline });
  return session;
}

async function branch(world: string, id: string, count = 50): Promise<BranchAnswer> {
  const branches = [{ id, from: 0, count }];
  const [answer] = await engine.ask('panels/objects', { world, locale, branches });
  return answer!;
}

describe('a machine with Docker', () => {
  let session: Session;
  beforeAll(() => {
    session = opened('host', [
      'docker run -d --name web -p 8080:80 nginx',
      'docker volume create data',
      'docker run --name bad alpine sh -c "exit 3"',
      'mkdir -p shop && cd shop',
    ]);
  });

  test('has its containers, images, volumes and networks in the tree', async () => {
    const [machine] = (await branch('host', '')).rows;
    expect(machine).toMatchObject({ label: 'host', state: 'running', opens: true });
    const groups = (await branch('host', machine!.id)).rows;
    expect(groups.map(({ label, count }) => [label, count])).toEqual([
      ['Containers', 2],
      ['Images', 2],
      ['Volumes', 1],
      ['Networks', 3],
    ]);
    const containers = (await branch('host', groups[0]!.id)).rows;
    expect(containers.map(({ label, state }) => [label, state])).toEqual([
      ['bad', 'failed'],
      ['web', 'running'],
    ]);
  });

  test('tells what docker inspect prints, and is as it was', async () => {
    const before = session.timeline.hash();
    const about = { object: 'container web', machine: 'host' };
    const found = await engine.ask('panels/inspect', { world: 'host', locale, ...about });
    expect(found.state).toBe('running');
    expect(found.facts).toContainEqual(['PORTS', '8080->80/tcp']);
    expect(found.why[0]?.caption).toContain('docker run -d --name web');
    const [command] = found.commands;
    const told = await engine.ask('panels/detail', { world: 'host', locale, ...command! });
    expect(session.timeline.hash()).toBe(before);
    expect(told).toEqual(session.type(command!.line));
  });

  test('tells docker events, and which of them is a warning', async () => {
    const { rows } = await engine.ask('panels/events', { world: 'host', locale, warnings: true });
    expect(rows.map(({ reason, ref }) => [reason, ref.object])).toEqual([['die', 'container bad']]);
  });
});

describe('a swarm', () => {
  beforeAll(() => {
    opened('swarm', [
      'docker swarm init',
      'docker service create --name web --replicas 3 nginx',
      'sleep 5s',
    ]);
  });

  test('has its nodes, services and tasks in the tree', async () => {
    const swarm = (await branch('swarm', '')).rows.find(({ id }) => id.startsWith('swarm|'));
    const [nodes, services] = (await branch('swarm', swarm!.id)).rows;
    expect((await branch('swarm', nodes!.id)).rows).toMatchObject([
      { label: 'node-1', word: 'Leader', state: 'running' },
    ]);
    const [web] = (await branch('swarm', services!.id)).rows;
    expect(web).toMatchObject({ label: 'web', word: '3/3', state: 'running' });
    const tasks = (await branch('swarm', web!.id)).rows;
    expect(tasks.map(({ label }) => label)).toEqual([
      'web.1 · node-1',
      'web.2 · node-1',
      'web.3 · node-1',
    ]);
  });

  test('lies on the map with its tasks', async () => {
    const model = new MapModel();
    model.apply(await engine.ask('panels/map', { world: 'swarm', locale }));
    expect(model.berths.map(({ name }) => name)).toContain('node-5');
    expect([...model.cellsOf(0)]).toEqual([1, 1, 1]);
  });
});

describe('a cluster', () => {
  let session: Session;
  const world = 'cluster';
  beforeAll(() => {
    session = opened('cluster', [
      'kubectl create deployment web --image=nginx --replicas=4',
      'sleep 10s',
      'kubectl expose deployment web --port 80',
      'drydock load web 250',
      'sleep 5s',
      'drydock fault machine node-2 down',
      'sleep 5s',
      'drydock load web 0',
      'sleep 60s',
      'kubectl create deployment big --image=nginx',
      'kubectl set resources deployment big --requests=cpu=100',
      'sleep 5s',
    ]);
  }, 60_000);

  test('has the chain of owners in the tree', async () => {
    const deployments = await branch(world, 'k8s|default|deployments');
    expect(deployments.rows.map(({ label, word }) => [label, word])).toEqual([
      ['big', '0/1'],
      ['web', expect.stringMatching(/^[23]\/4$/) as string],
    ]);
    const sets = await branch(world, deployments.rows[1]!.id);
    expect(sets.rows).toHaveLength(1);
    const pods = await branch(world, sets.rows[0]!.id);
    expect(pods.total).toBe(4);
    expect(pods.rows.map(({ state }) => state)).toContain('unknown');
  });

  test('counts what a namespace holds as the server lists it', async () => {
    const { rows } = await branch(world, 'k8s|kube-system');
    const client = session.world.cluster!.client;
    for (const { id, count } of rows) {
      const resource = id.split('|')[2] as 'pods';
      expect([id, count]).toEqual([id, [...client.scan(resource, 'kube-system')].length]);
    }
  });

  test('gives the scheduler verdicts of a Pod that found no node', async () => {
    const { rows } = await branch(world, 'k8s|default|pods');
    const pending = rows.find(({ state }) => state === 'pending')!;
    const found = await engine.ask('panels/inspect', { world, locale, ...pending.ref! });
    expect(found.placement?.node).toBeUndefined();
    const refused = found.placement!.verdicts.map(({ node, rejectedBy }) => [node, rejectedBy]);
    expect(refused).toContainEqual(['node-1', 'NodeResourcesFit']);
    expect(refused).toContainEqual(['control-1', 'TaintToleration']);
    expect(found.why.at(0)?.caption).toContain('The developer types: kubectl');
    const forms = found.commands.map(({ form }) => form);
    expect(forms).toEqual(['describe', 'yaml', 'json']);
  });

  test('counts the requests of every second, and all of them', async () => {
    const { series, marks } = await engine.ask('panels/history', { world, locale, fromSecond: 0 });
    const [web] = series;
    const sum = (of: 'served' | 'failed') =>
      web!.seconds.reduce((all, second) => all + second[of], 0);
    expect({ served: sum('served'), failed: sum('failed') }).toEqual(session.world.load);
    expect(session.world.load.failed).toBeGreaterThan(0);
    expect(marks.some(({ kind }) => kind === 'fault')).toBe(true);
  });

  test('follows the map by differences through time, back and forth', async () => {
    const model = new MapModel();
    const look = async () =>
      model.apply(
        await engine.ask('panels/map', {
          ...{ world, locale },
          ...(model.revision !== undefined && { since: model.revision }),
        }),
      );
    const end = session.timeline.moment;
    for (const timeMs of [31_000, 45_000, 75_000, 33_000, 100_000]) {
      session.timeline.seekTime(timeMs);
      await look();
      const pods = [...session.world.cluster!.client.scan('pods')];
      expect([timeMs, model.totals.reduce((sum, count) => sum + count, 0)]).toEqual([
        timeMs,
        pods.length,
      ]);
      for (const [berth, { name }] of model.berths.entries()) {
        const here = pods.filter(({ spec }) => (spec.nodeName ?? '') === name);
        const cells = [...model.cellsOf(berth)].filter((state) => state > 0);
        expect([name, cells.length]).toEqual([name, here.length]);
      }
    }
    session.timeline.seek(end);
  });

  test('finds the next thing that was done to an object, and the one before', async () => {
    const object = 'Deployment default/web';
    const about = { world, locale, object };
    const first = await engine.ask('panels/next', { ...about, timeMs: 0, back: false });
    const second = await engine.ask('panels/next', { ...about, ...first!, back: false });
    const back = await engine.ask('panels/next', { ...about, ...second!, back: true });
    expect(first!.timeMs).toBeGreaterThan(30_000);
    expect(second!.timeMs).toBeGreaterThan(first!.timeMs);
    expect(back!.timeMs).toBe(first!.timeMs);
  });

  test('compares two branches at one time, and goes back to where it was', async () => {
    session.timeline.seekTime(110_000);
    session.interrupt();
    session.type('kubectl scale deployment web --replicas=1');
    session.type('sleep 5s');
    const { branch: here, moment } = session.timeline;
    const hash = session.timeline.hash();
    const branches = [here.id, 0] as const;
    const asked = { world, locale, branches, timeMs: moment.timeMs };
    const told = await engine.ask('panels/compare', asked);
    const web = told!.differences.find(({ object }) => object === 'Deployment default/web');
    expect(web?.sides[0]).toMatch(/\/1$/);
    expect(web?.sides[1]).toMatch(/\/4$/);
    expect(session.timeline.branch.id).toBe(here.id);
    expect(session.timeline.hash()).toBe(hash);
  });

  test('lets others be answered while it lives two branches', async () => {
    const hash = session.timeline.hash();
    const { moment } = session.timeline;
    const answered: string[] = [];
    const note = (what: string) => () => answered.push(what);
    const asked = { world, locale, branches: [session.timeline.branch.id, 0] as const };
    await Promise.all([
      engine.ask('panels/compare', { ...asked, timeMs: moment.timeMs }).then(note('compared')),
      branch('host', '').then(note('looked')),
    ]);
    expect(answered).toEqual(['looked', 'compared']);
    expect(session.timeline.hash()).toBe(hash);
  });
});

describe('Events of a cluster', () => {
  test('are as the API has them: counted, and gone after an hour', async () => {
    const session = opened('cluster', []);
    session.type('kubectl run sick --image=alpine -- sh -c "exit 3"');
    session.type('sleep 2m');
    const asked = { world: 'cluster', locale, object: 'Pod default/sick' };
    const { rows } = await engine.ask('panels/events', asked);
    const template = '{range .items[*]}{.reason} {.count}{"\\n"}{end}';
    const choice = '--field-selector involvedObject.name=sick';
    const listed = session.type(`kubectl get events ${choice} -o jsonpath='${template}'`).printed;
    const counts = rows.map(({ reason, message }) => {
      const [, count = '1'] = /\(x(\d+) over \w+\)$/.exec(message) ?? [];
      return `${reason} ${count}`;
    });
    expect(counts.toSorted()).toEqual(listed.trim().split('\n').toSorted());
    const backOff = rows.find(({ reason }) => reason === 'BackOff')!;
    expect(backOff.message).toMatch(/\(x\d+ over \d+m?\d*s?\)$/);
    expect(session.world.kernel.trace.get(backOff.record!)?.timeMs).toBe(backOff.timeMs);
    session.type('kubectl delete pod sick');
    session.type('sleep 61m');
    expect((await engine.ask('panels/events', asked)).rows).toEqual([]);
  });
});
