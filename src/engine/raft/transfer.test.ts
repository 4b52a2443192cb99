import { expect, it } from 'vitest';
import { Links } from '../net/link.ts';
import { SECOND } from '../sim/clock.ts';
import { Kernel } from '../sim/kernel.ts';
import { Processes } from '../sim/processes.ts';
import { Raft } from './raft.ts';

function room(seed = 1) {
  const kernel = new Kernel({ seed });
  const links = new Links(kernel, new Processes(kernel));
  const raft = new Raft(kernel, links, {
    name: 'test',
    cast: (member) => member,
    heartbeatMs: SECOND,
    electionMs: 10 * SECOND,
  });
  const pass = (ms: number): void => kernel.advance(kernel.now + ms);
  return { kernel, links, raft, pass };
}

const group = (...ids: string[]) => Object.fromEntries(ids.map((id) => [id, id]));

it('a leader hands over at once, while all hear it', () => {
  const { raft, pass } = room();
  raft.start(group('a', 'b', 'c'), 'a');
  pass(SECOND);
  raft.transfer('a', 'b');
  pass(100);
  expect(['a', 'b', 'c'].map((id) => raft.leaderFor(id))).toEqual(['b', 'b', 'b']);
  expect(raft.propose('a', 'more')).toBe(true);
  pass(2 * SECOND);
  expect(raft.member('a')?.last).toEqual(raft.member('b')?.last);
});

it('a leader hands over to one that lacks entries when it has them', () => {
  const { raft, links, pass } = room();
  raft.start(group('a', 'b', 'c'), 'a');
  pass(SECOND);
  links.cut('a', 'b');
  links.cut('b', 'c');
  for (let entry = 0; entry < 20; entry++) raft.propose('a', entry);
  pass(SECOND);
  links.mend('a', 'b');
  links.mend('b', 'c');
  expect(raft.member('b')?.last.index).toBeLessThan(raft.member('a')?.last.index ?? 0);
  raft.transfer('a', 'b');
  pass(3 * SECOND);
  expect(raft.member('b')).toMatchObject({ role: 'leader', term: 2 });
  expect(raft.leaderFor('a')).toBe('b');
});

it('who does not lead hands nothing over', () => {
  const { raft, pass } = room();
  raft.start(group('a', 'b', 'c'), 'a');
  pass(SECOND);
  raft.transfer('b', 'c');
  pass(5 * SECOND);
  expect(raft.leaderFor('c')).toBe('a');
});

it('groups of one table have nothing to do with one another', () => {
  const { raft, pass } = room();
  raft.start(group('a', 'b'), 'a');
  raft.start(group('x'));
  pass(SECOND);
  expect([raft.leaderFor('a'), raft.leaderFor('x')]).toEqual(['a', 'x']);
  raft.setUp('b', false);
  expect([raft.propose('a', 1), raft.propose('x', 1)]).toEqual([false, true]);
});

it('a member that is forgotten is gone, with its timers', () => {
  const { kernel, raft, pass } = room();
  raft.start(group('a', 'b', 'c'), 'a');
  pass(SECOND);
  expect(raft.changeMember('a', 'c', undefined)).toBe(true);
  raft.forget('c');
  raft.setUp('b', false);
  pass(SECOND);
  raft.forget('b');
  raft.forget('a');
  expect([...raft.list()]).toEqual([]);
  pass(60 * SECOND);
  expect(kernel.nextEventMs).toBeUndefined();
});

it('one that is alone leads as soon as it is up again', () => {
  const { raft, pass } = room();
  raft.start(group('a'));
  raft.setUp('a', false);
  expect(raft.leaderFor('a')).toBeUndefined();
  pass(SECOND);
  raft.setUp('a', true);
  expect(raft.leaderFor('a')).toBe('a');
  expect(raft.member('a')?.term).toBe(2);
});
