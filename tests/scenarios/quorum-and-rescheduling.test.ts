import { describe, expect, it } from 'vitest';
import { inspect } from '../../src/diagram/inspect.ts';
import { tasksIn, viewOfTask } from '../../src/diagram/projection/swarm-subjects.ts';
import { SECOND } from '../../src/engine/sim/clock.ts';
import { locales } from '../../src/i18n/locales.ts';
import { figureOn, isAStory, live } from './lived-scenario.ts';

const ID = 'swarm/quorum-and-rescheduling';
const NODES = ['node-1', 'node-2', 'node-3', 'node-4', 'node-5'];
const lived = live(ID);
const { playback, during, endOf } = lived;
const last = playback.records.length - 1;

/** What runs where after a step, by what the managers know: `node-4 web.3 running`. */
function tasksAfter(step: string): string[] {
  const world = playback.worldAt(endOf(step));
  return NODES.flatMap((node) =>
    tasksIn(world, { service: 'web', node }).map((id) => {
      const { label, state } = viewOfTask(world, id);
      return `${node} ${label} ${state}`;
    }),
  );
}

function leaderAfter(step: string): string | undefined {
  const { rooms } = playback.worldAt(endOf(step)).swarm;
  const swarm = rooms.locals.get('node-1')?.swarm ?? '';
  return rooms.quorum.leaderMachine(swarm);
}

const timeOf = (step: string, verb: string, object?: string): number =>
  during(step).find((record) => record.verb === verb && (!object || record.object === object))
    ?.timeMs ?? Number.NaN;

describe('managers that are lost', () => {
  it('begin with three tasks on three of five machines, and with a leader', () => {
    expect(tasksAfter('create')).toEqual([
      'node-2 web.3 running',
      'node-3 web.1 running',
      'node-5 web.2 running',
    ]);
    expect(leaderAfter('create')).toBe('node-1');
  });

  it('are marked as down after three heartbeats, and their tasks run elsewhere', () => {
    const [lost, down] = [timeOf('lose-one', 'run'), timeOf('lose-one', 'down', 'node node-2')];
    expect(down - lost).toBeGreaterThan(8 * SECOND);
    expect(down - lost).toBeLessThan(16 * SECOND);
    expect(tasksAfter('lose-one')).toEqual([
      'node-3 web.1 running',
      'node-4 web.3 running',
      'node-5 web.2 running',
    ]);
    expect(leaderAfter('lose-one')).toBe('node-1');
  });

  it('leave no leader when two of three are lost', () => {
    const [stepDown] = during('lose-two').filter(({ verb }) => verb === 'step-down');
    expect(stepDown).toMatchObject({ actor: 'manager/node-1', detail: { why: 'no quorum' } });
    expect(leaderAfter('lose-two')).toBeUndefined();
  });

  it('take no change then, and replace nothing', () => {
    const decisions = ['lose-two', 'refused', 'ask']
      .flatMap(during)
      .filter(({ actor }) => ['orchestrator', 'scheduler', 'dispatcher'].includes(actor));
    expect(decisions).toEqual([]);
    expect(tasksAfter('refused')).toEqual([
      'node-3 web.1 unknown',
      'node-4 web.3 running',
      'node-5 web.2 running',
    ]);
    const { terminals } = playback.worldAt(endOf('ask'));
    const { printed } = terminals.row('node-1');
    expect(printed.toArray().map(({ text }) => text)).toContainEqual(
      expect.stringContaining('The swarm does not have a leader.'),
    );
  });

  it('do not keep what runs from answering', () => {
    const answer = during('ask').find(({ verb }) => verb === 'answer');
    expect(answer?.detail?.status).toBe(200);
  });

  it('elect a leader as soon as one of the two is back, and make up for what was lost', () => {
    const verbs = during('return').map(({ verb }) => verb);
    const order = ['vote', 'vote-answer', 'campaign', 'become-leader', 'restart'];
    const places = order.map((verb) => verbs.indexOf(verb));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(leaderAfter('return')).toBe('node-1');
    expect(tasksAfter('return')).toEqual([
      'node-3 web.1 running',
      'node-4 web.3 running',
      'node-5 web.2 running',
    ]);
  });

  it('take the change that they refused', () => {
    expect(tasksAfter('scale')).toContain('node-1 web.4 running');
    expect(tasksAfter('scale')).toHaveLength(4);
  });

  it('can be asked why a task is there: a machine was lost', () => {
    const world = playback.worldAt(last);
    const [id = ''] = tasksIn(world, { service: 'web', node: 'node-4' });
    const seen = inspect(world, viewOfTask(world, id).object ?? '', 'en');
    expect(seen.state).toBe('running');
    expect(seen.facts).toContainEqual(['node', 'node-4']);
    const world2 = playback.worldAt(endOf('lose-one'));
    const { why } = inspect(world2, viewOfTask(world2, id).object ?? '', 'en');
    expect(why[0]).toMatchObject({
      actor: 'developer',
      object: 'drydock fault machine node-2 down',
    });
  });

  it.each(locales)('are shown by their figure, all of it (%s)', (locale) => {
    const { figure, faults } = figureOn(locale, 'compare/swarm', 'swarm-quorum', lived);
    expect(faults).toEqual([]);
    const at = (step: string) => figure.viewAt(endOf(step)).nodes;
    expect(at('create')).toMatchObject({
      node1: { state: 'running', badge: 'Leader' },
      s1: { state: 'empty' },
      s2: { state: 'running', label: 'web.3' },
    });
    expect(at('lose-one')).toMatchObject({
      node2: { state: 'failed', badge: 'Down' },
      s2: { state: 'empty' },
      s4: { state: 'running', label: 'web.3' },
    });
    expect(at('refused').node1).toEqual({ state: 'running', object: 'node node-1' });
    expect(at('refused').node3).toEqual({ state: 'failed', object: 'node node-3' });
    expect(at('scale').s1).toMatchObject({ state: 'running', label: 'web.4' });
    const votes = during('return').filter(({ verb }) => verb.startsWith('vote'));
    const edges = votes.map(
      (record) => figure.journeyOf(playback.records.indexOf(record))?.legs[0]?.edge,
    );
    expect(new Set(edges)).toEqual(new Set(['raft3']));
  });

  isAStory(lived);
});
