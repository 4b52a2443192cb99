import { describe, expect, it } from 'vitest';
import { Kernel } from '../sim/kernel.ts';
import { Processes } from '../sim/processes.ts';
import { Addresses } from './address.ts';
import { Http, type HttpOutcome, type HttpResponse } from './http.ts';
import { Links } from './link.ts';

/** A server on a second machine that can stop answering, and a client on the first. */
function network() {
  const kernel = new Kernel({ seed: 2 });
  const processes = new Processes(kernel);
  const links = new Links(kernel, processes);
  const addresses = new Addresses(kernel);
  const http = new Http(kernel, processes, links, addresses);
  const ip = '10.244.1.2';
  addresses.assign(ip, { machine: 'b', owner: 'web' });
  const at = { ip, port: 80 };
  const response: HttpResponse = { status: 200, headers: {}, body: new Uint8Array(10) };
  const server = { hangs: false, asked: 0 };
  http.server('test', () => {
    server.asked += 1;
    return server.hangs ? undefined : { response, afterMs: 5 };
  });
  const outcomes: HttpOutcome[] = [];
  kernel.event<{ outcome: HttpOutcome }>('test/done', ({ outcome }) => outcomes.push(outcome));
  const listen = () => {
    const listener = { machine: 'b', name: 'web', server: 'test', payload: {} };
    return http.listen(at, listener);
  };
  const send = (timeoutMs = 1000) => {
    const from = { machine: 'a', name: 'client' };
    const then = { event: 'test/done', payload: {} };
    http.request(from, at, { method: 'GET', path: '/' }, then, { timeoutMs });
  };
  const pass = (ms: number): void => kernel.advance(kernel.now + ms);
  listen();
  return { kernel, links, http, at, server, outcomes, listen, send, pass };
}

describe('a request to a server that hangs', () => {
  it('is answered when the server goes on', () => {
    const { server, send, pass, http, at, outcomes } = network();
    server.hangs = true;
    send();
    pass(400);
    expect(outcomes).toEqual([]);
    server.hangs = false;
    http.wake(at);
    pass(20);
    expect(outcomes).toMatchObject([{ ok: true, servedBy: 'web' }]);
    expect(outcomes[0]?.durationMs).toBeGreaterThan(400);
    pass(2000);
    expect(outcomes).toHaveLength(1);
  });

  it('is given up by who asked, and then nobody is left to answer', () => {
    const { server, send, pass, http, at, outcomes, kernel } = network();
    server.hangs = true;
    send(1000);
    send(5000);
    pass(1500);
    expect(outcomes).toMatchObject([{ ok: false, error: 'timeout', durationMs: 1000 }]);
    const { asked } = server;
    server.hangs = false;
    http.wake(at);
    pass(20);
    expect(server.asked).toBe(asked + 1);
    expect(outcomes[1]).toMatchObject({ ok: true });
    expect(kernel.nextEventMs).toBeUndefined();
  });

  it('is reset when the server is gone; one that comes in its place has never heard of it', () => {
    const { server, send, pass, http, at, outcomes, listen } = network();
    server.hangs = true;
    send();
    pass(100);
    http.close(at);
    listen();
    server.hangs = false;
    http.wake(at);
    pass(10);
    expect(outcomes).toMatchObject([{ ok: false, error: 'reset', durationMs: 101 }]);
    expect(server.asked).toBe(1);
  });

  it('hears nothing from a machine without power: who asked waits to the end', () => {
    const { server, send, pass, http, at, links, outcomes } = network();
    server.hangs = true;
    send();
    pass(100);
    links.setUp('b', false);
    http.close(at);
    pass(800);
    expect(outcomes).toEqual([]);
    pass(200);
    expect(outcomes).toMatchObject([{ ok: false, error: 'timeout', durationMs: 1000 }]);
  });

  it('waits again when the server still hangs', () => {
    const { server, send, pass, http, at, outcomes, kernel } = network();
    server.hangs = true;
    send();
    pass(100);
    http.wake(at);
    expect(server.asked).toBe(2);
    const here = kernel.checkpoint();
    pass(1000);
    expect(outcomes).toMatchObject([{ error: 'timeout', durationMs: 1000 }]);
    kernel.restore(here);
    server.hangs = false;
    http.wake(at);
    pass(1000);
    expect(outcomes[1]).toMatchObject({ ok: true });
  });
});
