import { describe, expect, it } from 'vitest';
import { Session } from './session.ts';

describe('a person at a prompt', () => {
  it('takes back what was done, file by file and command by command', () => {
    const session = new Session({ preset: 'host', seed: 5 });
    const empty = session.world.kernel.hash();
    session.write('notes.txt', 'one\n');
    const written = session.world.kernel.hash();
    expect(session.type('rm notes.txt; cat notes.txt').exitCode).toBe(1);
    expect(session.type('drydock undo').printed).toBe('undone: rm notes.txt; cat notes.txt\n');
    expect(session.world.kernel.hash()).toBe(written);
    expect(session.type('cat notes.txt').printed).toBe('one\n');
    session.type('drydock undo');
    session.type('drydock undo');
    expect(session.world.kernel.hash()).toBe(empty);
    expect(session.type('drydock undo')).toEqual({
      printed: 'drydock: nothing was done yet\n',
      exitCode: 1,
    });
  });

  it('goes back to a time and lives another future from there', () => {
    const session = new Session({ preset: 'host', seed: 5 });
    session.type('echo first > a.txt');
    expect(session.type('drydock at 1m').printed).toBe('2026-01-05T00:01:00Z\n');
    session.type('echo second > a.txt');
    expect(session.type('drydock at -10s').printed).toBe('2026-01-05T00:00:50Z\n');
    expect(session.type('cat a.txt').printed).toBe('first\n');
    expect(session.type('drydock at -10d').printed).toBe('2026-01-05T00:00:00Z\n');
    expect(session.timeline.branches()).toHaveLength(2);
    expect(session.type('drydock at noon').exitCode).toBe(1);
  });
});
