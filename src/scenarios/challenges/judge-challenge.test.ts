import { describe, expect, it } from 'vitest';
import type { Session } from '../../engine/session.ts';
import { SECOND } from '../../engine/sim/clock.ts';
import { beginChallenge } from './begin-challenge.ts';
import type { Challenge } from './challenge.ts';
import { judgeChallenge } from './judge-challenge.ts';
import { readChallenge } from './read-challenge.ts';

const DOOR = `preset: host
title: { ko: 문, en: Door }
brief: { ko: 여십시오., en: Open it. }
hints: [{ ko: touch, en: touch }]
setup:
  - rm -f door && mkdir -p room
goal:
  - id: open
    says: { ko: 문이 열려 있습니다., en: The door is open. }
    script:
      - cat door
    proof:
      - { prints: open }
    for: 60s
limits:
  - { forbids: 'rm ', says: { ko: 지우지 마십시오., en: Remove nothing. } }
`;

function begun(): { challenge: Challenge; session: Session } {
  const read = readChallenge('door', DOOR);
  if (!read.ok) throw new Error(JSON.stringify(read.faults));
  return { challenge: read.challenge, session: beginChallenge(read.challenge) };
}

describe('judging an exercise', () => {
  it('says which part is not met, and what was seen instead', () => {
    const { challenge, session } = begun();
    expect(judgeChallenge(session, challenge)).toEqual({
      met: false,
      begun: true,
      broken: [],
      parts: [
        {
          id: 'open',
          says: { ko: '문이 열려 있습니다.', en: 'The door is open.' },
          met: false,
          why: '"cat door" does not print "open". It prints:\ncat: door: No such file or directory',
        },
      ],
    });
    session.type('echo open > door');
    expect(judgeChallenge(session, challenge).met).toBe(true);
  });

  it('asks in the home directory, wherever the reader went and whatever they defined', () => {
    const { challenge, session } = begun();
    session.type('cat() { echo open; }; cd room; echo open > door');
    expect(session.type('cat door').printed).toBe('open\n');
    expect(judgeChallenge(session, challenge).met).toBe(false);
    session.type('cd .. && mv room/door .');
    expect(judgeChallenge(session, challenge).met).toBe(true);
  });

  it('wants what has to go on to hold to do so', () => {
    const { challenge, session } = begun();
    session.type('echo open > door; (sleep 45; echo shut > door) &');
    const { met, parts } = judgeChallenge(session, challenge);
    expect(met).toBe(false);
    expect(parts[0]?.why).toContain('It prints:\nshut');
    session.type('sleep 60; echo open > door');
    expect(judgeChallenge(session, challenge).met).toBe(true);
  });

  it('can be asked while a command of the reader runs, which then runs on', () => {
    const { challenge, session } = begun();
    session.type('echo open > door');
    const { machine, timeline, world } = session;
    timeline.dispatch({ type: 'shell', machine, line: 'sleep 30; echo late' } as never);
    timeline.advance(timeline.moment.timeMs + SECOND);
    expect(world.terminals.isBusy(machine)).toBe(true);
    const { moment } = timeline;
    expect(judgeChallenge(session, challenge).met).toBe(true);
    expect(timeline.moment).toEqual(moment);
    expect(world.terminals.isBusy(machine)).toBe(true);
    timeline.advance(moment.timeMs + 60 * SECOND);
    expect(world.terminals.row(machine).printed.toArray(0).at(-1)?.text).toBe('late\n');
  });

  it('can be asked in the past, and leaves its future alone', () => {
    const { challenge, session } = begun();
    const before = session.timeline.moment;
    session.type('echo open > door');
    const after = session.timeline.moment;
    session.timeline.seek(before);
    expect(judgeChallenge(session, challenge).met).toBe(false);
    expect(session.timeline.branches()).toHaveLength(1);
    session.timeline.seek(after);
    expect(judgeChallenge(session, challenge).met).toBe(true);
  });

  it('is not met where the set-up was taken back', () => {
    const { challenge, session } = begun();
    session.type('drydock undo');
    expect(judgeChallenge(session, challenge).begun).toBe(false);
    session.type('drydock undo');
    session.type('echo open > door');
    session.type('true');
    const { met, begun: isBegun, parts } = judgeChallenge(session, challenge);
    expect([met, isBegun, parts[0]?.met]).toEqual([false, false, true]);
  });

  it('counts only what the reader typed before the present', () => {
    const { challenge, session } = begun();
    session.type('echo open > door');
    const before = session.timeline.moment;
    session.type('rm -r room');
    expect(judgeChallenge(session, challenge).met).toBe(false);
    session.timeline.seek(before);
    expect(judgeChallenge(session, challenge).met).toBe(true);
  });

  it('tells of a limit that the reader broke, not of the set-up', () => {
    const { challenge, session } = begun();
    expect(judgeChallenge(session, challenge).broken).toEqual([]);
    session.type('echo open > door; rm -r room');
    expect(judgeChallenge(session, challenge)).toMatchObject({
      met: false,
      parts: [{ id: 'open', met: true }],
      broken: [{ says: { en: 'Remove nothing.' }, typed: 'echo open > door; rm -r room' }],
    });
  });

  it('stops at a set-up that fails', () => {
    const { challenge } = begun();
    const broken = { ...challenge, setup: ['cat nowhere'] };
    expect(() => beginChallenge(broken)).toThrow(
      'door: "cat nowhere" ends with 1. It prints:\ncat:',
    );
  });
});
