import { describe, expect, it } from 'vitest';
import { Session } from './session.ts';
import type { ProcessRow } from './sim/process.ts';

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

  it('keeps what the shell knows from line to line, and is told no more the longer one types', () => {
    const session = new Session({ preset: 'host', seed: 5 });
    const says = (line: string): string => session.type(line).printed;
    session.type('mkdir -p work && cd work');
    session.type('greet() { echo "hello $1 from $PWD"; }; x=7; set -u');
    session.type('trap "echo bye" EXIT; sleep 20 & echo started');
    session.type('for i in 1 2');
    session.type('do echo $i; done > lines');
    expect(says('cat lines; greet you; echo $x $-')).toBe('1\n2\nhello you from /root/work\n7 u\n');
    session.type('false');
    expect(says('echo $? $((x + 1)); jobs')).toContain('1 8\n[1]+  Running');
    expect(says('wait; echo done')).toContain('done\n');
    const told = (): number[] => {
      const rows = session.world.kernel.store.tables().get('sim/processes');
      return [...(rows?.values() ?? [])].map((row) => (row as ProcessRow).told.length);
    };
    for (let i = 0; i < 50; i++) session.type(`echo ${i}`);
    const [shell = 0, ...others] = told();
    expect(others).toEqual([]);
    expect(shell).toBeLessThan(20);
    expect(says('exit 3')).toContain('bye\n');
  });
});
