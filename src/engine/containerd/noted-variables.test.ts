import { describe, expect, it } from 'vitest';
import { NotedVariables, type VariablesOf } from './noted-variables.ts';
import type { Variables } from './rows.ts';

const of = (env: Variables): VariablesOf => ({ one: (name) => env[name], all: () => env });

const PORT_80 = { PORT: '80', COLOUR: 'blue' };

/** Whether variables count as the same as those above after somebody looked at these so. */
function agrees(look: (env: Variables) => unknown, others: Variables): boolean {
  const noted = new NotedVariables(PORT_80);
  look(noted.env);
  return noted.agreesWith(of(others), 'HOSTNAME');
}

describe('variables that were looked at', () => {
  it('are what counts: others may differ', () => {
    const port = (env: Variables) => env.PORT;
    expect(agrees(port, { PORT: '80', COLOUR: 'red', MORE: '1' })).toBe(true);
    expect(agrees(port, { PORT: '81', COLOUR: 'blue' })).toBe(false);
  });

  it('count where they were missing, too', () => {
    const missing = (env: Variables) => env.HOST ?? 'HOST' in env;
    expect(agrees(missing, { COLOUR: 'red' })).toBe(true);
    expect(agrees(missing, { ...PORT_80, HOST: 'a' })).toBe(false);
  });

  it('are all of them once somebody took them all', () => {
    const all = (env: Variables) => ({ ...env });
    expect(agrees(all, { ...PORT_80 })).toBe(true);
    expect(agrees(all, { ...PORT_80, MORE: '1' })).toBe(false);
    expect(agrees(all, { PORT: '80' })).toBe(false);
  });

  it('leave out the one that was kept from who looked', () => {
    const all = (env: Variables) => ({ ...env });
    expect(agrees(all, { ...PORT_80, HOSTNAME: 'web-1' })).toBe(true);
    expect(agrees((env) => env.HOSTNAME, { HOSTNAME: 'web-1' })).toBe(true);
  });
});
