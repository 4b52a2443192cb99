import { describe, expect, it } from 'vitest';
import { Kernel } from '../../sim/kernel.ts';
import { PortAllocator, type HostListens } from './port-allocator.ts';

/** Stories of moby v29.7 `portallocator_test.go` and `osallocator_linux_test.go`. */
function allocator(hostListens?: HostListens) {
  const ports = new PortAllocator(new Kernel({ seed: 1 }), hostListens);
  let count = 0;
  const request = (ips: string[], first = 0, last = first, protocol = 'tcp') => {
    count += 1;
    const id = `c${count}`;
    const answer = ports.request({
      ...{ machine: 'dev', protocol, ips, first, last, id, inside: 80 },
    });
    return answer.ok ? answer.port : answer.message;
  };
  return { ports, request, release: (n: number) => ports.release('dev', `c${n}`) };
}

const EVERYWHERE = ['0.0.0.0', '::'];

describe('ports of a machine', () => {
  it('are handed out from 32768 on, one after the other, and go round', () => {
    const { request, release } = allocator();
    expect([request(EVERYWHERE), request(EVERYWHERE), request(EVERYWHERE)]).toEqual([
      32_768, 32_769, 32_770,
    ]);
    release(1);
    expect(request(EVERYWHERE)).toBe(32_771);
    expect(request(EVERYWHERE, 0, 0, 'udp')).toBe(32_768);
  });

  it('are taken on an address, or on all of its family', () => {
    const { request, release } = allocator();
    const taken = (ip: string) => `Bind for ${ip}:8080 failed: port is already allocated`;
    expect(request(['127.0.0.1'], 8080)).toBe(8080);
    expect(request(['10.0.0.2'], 8080)).toBe(8080);
    expect(request(['0.0.0.0'], 8080)).toBe(taken('10.0.0.2'));
    expect(request(['::'], 8080)).toBe(8080);
    release(1);
    release(2);
    expect(request(EVERYWHERE, 8080)).toBe(taken('::'));
    expect(request(['0.0.0.0'], 8080)).toBe(8080);
    expect(request(['127.0.0.1'], 8080)).toBe(taken('0.0.0.0'));
    expect(request(['0.0.0.0'], 8080, 8080, 'sctp')).toBe(8080);
  });

  it('of a range are the first free one behind the last', () => {
    const { request, release } = allocator();
    const next = () => request(EVERYWHERE, 8000, 8002);
    expect([next(), next(), next(), next()]).toEqual([8000, 8001, 8002, 'all ports are allocated']);
    release(2);
    expect(next()).toBe(8001);
    expect(request(EVERYWHERE, 8002, 8000)).toBe('invalid port range: 8002-8000');
  });

  it('may be taken by a process of the machine', () => {
    const { request } = allocator((_machine, protocol, ip, port) => {
      return protocol === 'tcp' && ip === '0.0.0.0' && [80, 8000].includes(port);
    });
    const why = 'failed to bind host port 0.0.0.0:80/tcp: address already in use';
    expect(request(EVERYWHERE, 80)).toBe(why);
    expect(request(['::'], 80)).toBe(80);
    expect(request(EVERYWHERE, 80, 80, 'udp')).toBe(80);
    expect(request(EVERYWHERE, 8000, 8010)).toBe(8001);
  });
});
