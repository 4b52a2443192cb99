import { describe, expect, it } from 'vitest';
import { Links } from '../net/link.ts';
import { SECOND } from '../sim/clock.ts';
import { Kernel } from '../sim/kernel.ts';
import { Processes } from '../sim/processes.ts';
import { Raft } from './raft.ts';
import type { LogEntry } from './log.ts';

function group(size: number, seed = 1) {
  const kernel = new Kernel({ seed });
  const links = new Links(kernel, new Processes(kernel));
  const agreed: LogEntry[] = [];
  const raft = new Raft(kernel, links, {
    name: 'etcd/main',
    cast: (member) => `etcd/${member}`,
    heartbeatMs: 100,
    electionMs: 1000,
    onCommit: (entry) => agreed.push(entry),
  });
  const ids = Array.from({ length: size }, (_, i) => `m-${i + 1}`);
  raft.start(Object.fromEntries(ids.map((id) => [id, id])));
  const pass = (ms: number): void => kernel.advance(kernel.now + ms);
  const leaders = (): string[] =>
    [...raft.list()].filter((one) => one.role === 'leader').map((one) => one.id);
  const leader = (): string => {
    const id = ids.map((one) => raft.leaderFor(one)).find((one) => one !== undefined);
    if (id === undefined) throw new Error('nobody leads');
    return id;
  };
  const others = (id: string): string[] => ids.filter((one) => one !== id);
  return { kernel, links, raft, ids, agreed, pass, leaders, leader, others };
}

describe('a group of three', () => {
  it('elects one leader within two election timeouts, and then is quiet', () => {
    const { kernel, raft, pass, leaders } = group(3);
    expect(leaders()).toEqual([]);
    pass(2.1 * SECOND);
    expect(leaders()).toHaveLength(1);
    pass(10 * SECOND);
    expect(kernel.nextEventMs).toBeUndefined();
    expect([...raft.list()].map(({ commit }) => commit)).toEqual([1, 1, 1]);
  });

  it('agrees through any member, and every log gets the entry', () => {
    const { raft, ids, pass, agreed } = group(3);
    pass(3 * SECOND);
    for (const id of ids) expect(raft.propose(id, `from ${id}`)).toBe(true);
    pass(SECOND);
    expect(agreed.map(({ data }) => data).filter(Boolean)).toEqual(ids.map((id) => `from ${id}`));
    expect([...raft.list()].map(({ last }) => last.index)).toEqual([4, 4, 4]);
  });

  it('elects another leader when the leader goes down; the old one comes back and follows', () => {
    const { raft, pass, leader, others } = group(3);
    pass(3 * SECOND);
    const first = leader();
    raft.setUp(first, false);
    const [one = ''] = others(first);
    expect(raft.propose(one, 'too early')).toBe(false);
    pass(3 * SECOND);
    const second = leader();
    expect(second).not.toBe(first);
    expect(raft.propose(one, 'meanwhile')).toBe(true);
    pass(SECOND);
    raft.setUp(first, true);
    pass(SECOND);
    expect(raft.member(first)).toMatchObject({ role: 'follower', leader: second });
    expect(raft.member(first)?.last).toEqual(raft.member(second)?.last);
  });

  it('a leader cut off from both gives up after an election timeout, and comes back in peace', () => {
    const { raft, links, pass, leader, others } = group(3);
    pass(3 * SECOND);
    const cutOff = leader();
    for (const other of others(cutOff)) links.cut(cutOff, other);
    expect(raft.propose(cutOff, 'nobody hears it')).toBe(false);
    pass(1.1 * SECOND);
    expect(raft.member(cutOff)?.role).not.toBe('leader');
    pass(2 * SECOND);
    const now = leader();
    const term = raft.member(now)?.term;
    for (const other of others(cutOff)) links.mend(cutOff, other);
    pass(3 * SECOND);
    // Pre-vote: whoever was away does not force an election when it returns.
    expect(leader()).toBe(now);
    expect(raft.member(cutOff)?.term).toBe(term);
  });

  it('with two of three down nothing is agreed; with one back it is', () => {
    const { raft, pass, leader, others } = group(3);
    pass(3 * SECOND);
    const [a = '', b = ''] = others(leader());
    raft.setUp(a, false);
    raft.setUp(b, false);
    expect(raft.leaderFor(leaderOrOther(raft, [a, b]))).toBeUndefined();
    pass(60 * SECOND);
    raft.setUp(a, true);
    pass(5 * SECOND);
    expect(raft.propose(a, 'again')).toBe(true);
  });

  it('brings one that was long away up to date by a snapshot', () => {
    const { raft, pass, leader, others } = group(3);
    pass(3 * SECOND);
    const [away = '', here = ''] = others(leader());
    raft.setUp(away, false);
    for (let i = 0; i < 5000; i++) raft.propose(here, i);
    pass(SECOND);
    raft.setUp(away, true);
    pass(SECOND);
    expect(raft.member(away)?.last).toEqual(raft.member(here)?.last);
    expect(raft.member(away)?.first).toBeGreaterThan(3000);
  });
});

const leaderOrOther = (raft: Raft, away: readonly string[]): string =>
  [...raft.list()].map(({ id }) => id).find((id) => !away.includes(id)) ?? '';

describe('a group that changes', () => {
  it('takes a member in and leaves one out, one at a time', () => {
    const { raft, pass } = group(1);
    expect(raft.changeMember('m-1', 'm-2', 'm-2')).toBe(true);
    pass(SECOND);
    expect(raft.changeMember('m-1', 'm-3', 'm-3')).toBe(true);
    pass(SECOND);
    expect(raft.member('m-3')?.last).toEqual(raft.member('m-1')?.last);
    raft.setUp('m-1', false);
    pass(5 * SECOND);
    expect(['m-2', 'm-3']).toContain(raft.leaderFor('m-2'));
    expect(raft.changeMember('m-2', 'm-1', undefined)).toBe(true);
    pass(SECOND);
    expect(Object.keys(raft.member('m-2')?.members ?? {})).toEqual(['m-2', 'm-3']);
    expect(raft.propose('m-2', 'still here')).toBe(true);
  });
});

describe('under random faults', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'one leader a term, nothing agreed is lost (seed %i)',
    (seed) => {
      const { kernel, raft, links, ids, agreed, pass } = group(5, seed);
      const draw = kernel.random('test', seed);
      const leaderOfTerm = new Map<number, string>();
      for (let step = 0; step < 300; step++) {
        const [a, b] = [draw.pick(ids), draw.pick(ids)];
        const what = draw.integer(0, 5);
        if (what === 0) raft.setUp(a, draw.integer(0, 2) > 0);
        else if (what === 1 && a !== b) links.cut(a, b);
        else if (what === 2 && a !== b) links.mend(a, b);
        else raft.propose(a, step);
        pass(draw.integer(0, 700));
        for (const { id, role, term } of raft.list()) {
          if (role !== 'leader') continue;
          expect(leaderOfTerm.get(term) ?? id).toBe(id);
          leaderOfTerm.set(term, id);
        }
      }
      for (const a of ids) for (const b of ids) if (a < b) links.mend(a, b);
      for (const id of ids) raft.setUp(id, true);
      pass(10 * SECOND);
      const ends = new Set([...raft.list()].map(({ last }) => `${last.term}/${last.index}`));
      expect(ends.size).toBe(1);
      expect(new Set([...raft.list()].map(({ commit }) => commit)).size).toBe(1);
      // What was once agreed at an index stays: no index is agreed twice with different entries.
      const byIndex = new Map<number, unknown>();
      for (const { index, data } of agreed) {
        if (byIndex.has(index)) expect(byIndex.get(index)).toEqual(data);
        byIndex.set(index, data);
      }
      expect(byIndex.size).toBeGreaterThan(50);
      expect(kernel.nextEventMs).toBeUndefined();
    },
  );
});
