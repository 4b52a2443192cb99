import { describe, expect, it } from 'vitest';
import { Kernel } from '../sim/kernel.ts';
import { Processes } from '../sim/processes.ts';
import { Addresses, parseCidr } from './address.ts';
import { Http, type HttpOutcome, type HttpResponse } from './http.ts';
import { Links } from './link.ts';

/** Two machines, a server on the second, and a client on the first. */
function network() {
  const kernel = new Kernel({ seed: 2 });
  const processes = new Processes(kernel);
  const links = new Links(kernel, processes);
  const addresses = new Addresses(kernel);
  const http = new Http(kernel, processes, links, addresses);
  addresses.addPool('pods', '10.244.1.0/29');
  const ip = addresses.allocate('pods', { machine: 'b', owner: 'web' })!;
  const answer = { afterMs: 5 };
  const response: HttpResponse = { status: 200, headers: {}, body: new Uint8Array(1000) };
  http.server('test', () => ({ response, afterMs: answer.afterMs }));
  const outcomes: HttpOutcome[] = [];
  kernel.event<{ outcome: HttpOutcome }>('test/done', ({ outcome }) => outcomes.push(outcome));
  const listen = () =>
    http.listen({ ip, port: 80 }, { machine: 'b', name: 'web', server: 'test', payload: {} });
  const send = (to = { ip, port: 80 }, timeoutMs = 1000) =>
    http.request(
      { machine: 'a', name: 'client' },
      to,
      { method: 'GET', path: '/' },
      { event: 'test/done', payload: {} },
      { timeoutMs },
    );
  const get = (to?: { ip: string; port: number }) => {
    const before = outcomes.length;
    send(to);
    kernel.advanceUntil(() => outcomes.length > before, 10_000);
    return outcomes.at(-1)!;
  };
  return { kernel, links, addresses, http, ip, answer, listen, send, get, outcomes };
}

describe('a request', () => {
  it('pays for both ways and for the service, and leaves two flows', () => {
    const { kernel, links, listen, get } = network();
    listen();
    links.setEnd('b', { latencyMs: 10, bytesPerMs: 125 });
    const outcome = get();
    // 10 + 200/125 there, 5 to serve, 10 + 1250/125 back.
    expect(outcome).toMatchObject({ ok: true, servedBy: 'web', durationMs: 12 + 5 + 20 });
    const flows = [...kernel.trace.since(0)].map(({ flow }) => [flow?.from, flow?.to, flow?.bytes]);
    expect(flows).toEqual([
      ['client', 'web', 200],
      ['web', 'client', 1250],
    ]);
  });

  it('is refused where nobody listens, and times out where nobody is', () => {
    const { get, links, ip, listen } = network();
    expect(get()).toMatchObject({ ok: false, error: 'refused', durationMs: 3 });
    expect(get({ ip: '10.9.9.9', port: 80 })).toMatchObject({ error: 'timeout', durationMs: 1000 });
    listen();
    links.cut('b', 'a');
    expect(get({ ip, port: 80 })).toMatchObject({ ok: false, error: 'timeout' });
    links.mend('a', 'b');
    links.setUp('b', false);
    expect(get()).toMatchObject({ ok: false, error: 'timeout' });
    links.setUp('b', true);
    expect(get().ok).toBe(true);
  });

  it('is reset when the listener goes while it works, and times out when it is too slow', () => {
    const { kernel, http, ip, answer, listen, send, outcomes } = network();
    listen();
    answer.afterMs = 500;
    send();
    kernel.advance(100);
    http.close({ ip, port: 80 });
    listen();
    kernel.advance(2000);
    answer.afterMs = 5000;
    send();
    kernel.advance(10_000);
    expect(outcomes).toMatchObject([{ error: 'reset' }, { error: 'timeout', durationMs: 1000 }]);
  });

  it('goes where translators send it', () => {
    const { http, ip, get, listen } = network();
    listen();
    http.translator((_from, to) => (to.ip === '10.96.0.1' ? { ip, port: 80 } : undefined));
    http.translator((_from, to) => (to.ip === '10.96.0.2' ? 'refused' : undefined));
    expect(get({ ip: '10.96.0.1', port: 8080 }).ok).toBe(true);
    expect(get({ ip: '10.96.0.2', port: 80 })).toMatchObject({ ok: false, error: 'refused' });
  });
});

describe('a pool of addresses', () => {
  it('goes round before it gives an address again, and ends when all are taken', () => {
    const { addresses } = network();
    const take = () => addresses.allocate('pods', { machine: 'b', owner: 'x' });
    expect([take(), take()]).toEqual(['10.244.1.3', '10.244.1.4']);
    addresses.release('pods', '10.244.1.3');
    expect([take(), take(), take(), take()]).toEqual([
      '10.244.1.5',
      '10.244.1.6',
      '10.244.1.3',
      undefined,
    ]);
  });

  it('reads ranges', () => {
    expect(parseCidr('172.17.0.0/16')).toEqual({ first: 2886795264, last: 2886860799 });
    expect(parseCidr('0.0.0.0/0')).toEqual({ first: 0, last: 2 ** 32 - 1 });
    expect(parseCidr('1.2.3/8')).toBeUndefined();
  });
});
