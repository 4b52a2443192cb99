import { describe, expect, it } from 'vitest';
import { usageOfFaults } from '../../engine/faults.ts';
import { Session } from '../../engine/session.ts';
import { actionsOf, amountOf, FAULT_SUBJECTS, faultLineOf, namesWanted } from './fault-line.ts';

describe('the form of faults', () => {
  it('offers every word that the engine knows', () => {
    for (const usage of usageOfFaults()) {
      const [, , subject = ''] = usage.split(' ');
      expect(FAULT_SUBJECTS).toContain(subject);
      const words = actionsOf(subject).map((action) => {
        const amount = amountOf(subject, action);
        return amount === undefined ? action : `${action} ${amount}`;
      });
      expect(usage.endsWith(` ${words.join('|')}`), usage).toBe(true);
    }
  });

  it('makes lines that the engine carries out', () => {
    const session = new Session({ preset: 'cluster', seed: 7 });
    const type = (names: readonly string[], subject: string, action: string, amount = '') => {
      const line = faultLineOf({ subject, names, action, amount });
      return { line, ...session.type(line ?? 'false') };
    };
    const down = type(['node-1', ''], 'machine', 'down');
    expect(down).toMatchObject({ line: 'drydock fault machine node-1 down', exitCode: 0 });
    const slow = type(['node-2', 'node-3'], 'link', 'latency', '200ms');
    expect(slow).toMatchObject({ exitCode: 0 });
    expect(session.type('drydock faults').printed).toContain('link node-2 node-3 latency 200ms');
  });

  it('makes none while something is missing, or is no name', () => {
    const choice = { subject: 'link', names: ['a', 'b'], action: 'latency', amount: '1s' };
    expect(faultLineOf(choice)).toBe('drydock fault link a b latency 1s');
    expect(faultLineOf({ ...choice, amount: '' })).toBeUndefined();
    expect(faultLineOf({ ...choice, names: ['a', ''] })).toBeUndefined();
    expect(faultLineOf({ ...choice, names: ['a', 'b; reboot'] })).toBeUndefined();
    expect(faultLineOf({ ...choice, action: 'explode' })).toBeUndefined();
    expect(faultLineOf({ ...choice, subject: 'moon' })).toBeUndefined();
    expect(namesWanted('machine')).toBe(1);
  });
});
