import { describe, expect, it } from 'vitest';
import { Session } from './session.ts';

describe('help', () => {
  it('lists commands that there are, by group', () => {
    const session = new Session({ preset: 'host', seed: 1 });
    const { printed, exitCode } = session.type('help');
    expect(exitCode).toBe(0);
    for (const line of printed.split('\n')) expect(line.length).toBeLessThanOrEqual(96);
    expect(session.type('help tools').printed).toMatch(/ jq\s/);
    expect(session.type('help shell').printed).toMatch(/ getopts\s/);
    expect(session.type('help docker').printed).toMatch(/docker compose .* up/s);
    expect(session.type('help moon')).toMatchObject({ exitCode: 1 });
  });

  it('names no tool that the shell would not find', () => {
    const session = new Session({ preset: 'host', seed: 1 });
    const { printed } = session.type('help tools');
    const names = printed.split('\n').slice(1, -2).join(' ').trim().split(/\s+/);
    expect(names.length).toBeGreaterThan(50);
    const found = session.type(`command -v ${names.map((name) => `'${name}'`).join(' ')}`);
    expect(found.printed.trim().split('\n')).toHaveLength(names.length);
  });

  it('names docker commands that say more than that they are not modelled', () => {
    const session = new Session({ preset: 'host', seed: 1 });
    const { printed } = session.type('help docker');
    const containers = /docker container +([\s\S]*?)\n {2}docker/.exec(printed)![1]!.split(/\s+/);
    expect(containers).toContain('rename');
    for (const name of containers) {
      expect(session.type(`docker container ${name} --nosuch`).printed).toContain('unknown flag');
    }
  });
});
