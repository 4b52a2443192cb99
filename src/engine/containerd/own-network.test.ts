import { describe, expect, it } from 'vitest';
import type { HttpOutcome } from '../net/http.ts';
import { oneMachine } from './one-machine.ts';

/** Two containers with one address that all know, as those of a Pod have it. */
function pod() {
  const ip = '10.244.0.5';
  const machine = oneMachine();
  const { kernel, http, addresses, run, create, start } = machine;
  addresses.assign(ip, { machine: 'host', owner: 'pod' });
  run('a', 'exec nginx -g "daemon off;"', { ip });
  create('b', { cmd: ['sleep', '1000'], ip });
  start('b');
  machine.wait(100);
  const outcomes: HttpOutcome[] = [];
  kernel.event<{ outcome: HttpOutcome }>('pod/http', ({ outcome }) => outcomes.push(outcome));
  const ask = (from: string, to: string, port = 80) => {
    const then = { event: 'pod/http', payload: {} };
    http.request(
      { machine: from, name: from },
      { ip: to, port },
      { method: 'GET', path: '/' },
      then,
    );
    kernel.advanceUntil(() => outcomes.length > 0, kernel.now + 60_000);
    return outcomes.pop();
  };
  return { ...machine, ask, ip };
}

describe('localhost in a container with an address of its own', () => {
  it('is what listens there, in whichever container', () => {
    const { ask, logs } = pod();
    expect(ask('host/b', '127.0.0.1')).toMatchObject({ ok: true, servedBy: 'container a' });
    expect(logs('a').at(-1)).toMatch(/^127\.0\.0\.1 /);
    expect(ask('host/b', '127.0.0.1', 81)).toMatchObject({ ok: false, error: 'refused' });
  });

  it('is nothing to the machine, which sees the address', () => {
    const { ask, logs, ip } = pod();
    expect(ask('host', '127.0.0.1')).toMatchObject({ ok: false, error: 'refused' });
    expect(ask('host', ip)).toMatchObject({ ok: true });
    expect(ask('host/b', ip)).toMatchObject({ ok: true });
    expect(logs('a').at(-1)).toMatch(/^10\.244\.0\.5 /);
  });
});
