import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** By which address a server in a container sees who asks it, whichever way they come. */
function host() {
  const session = new Session({ preset: 'host', seed: 1 });
  return (line: string) => session.type(line).printed;
}

const HOST = '192.168.10.2';

describe('a server in a container sees', () => {
  const type = host();
  type('docker run -d --name web -p 8080:80 nginx');
  type('docker network create other');
  const seenBy = (line: string): string => {
    type(line);
    return type('docker logs -n 1 web').split(' ')[0] ?? '';
  };

  it.each([
    ['a published port on loopback, by docker-proxy', 'curl -s localhost:8080', '172.17.0.1'],
    [`the machine's own address`, `curl -s ${HOST}:8080`, HOST],
    ['the machine on its bridge', 'curl -s 172.17.0.2', '172.17.0.1'],
    ['itself on loopback', 'docker exec web curl -s localhost', '127.0.0.1'],
    ['itself by its address', 'docker exec web curl -s 172.17.0.2', '172.17.0.2'],
    ['a neighbour', 'docker run --rm curlimages/curl -s 172.17.0.2', '172.17.0.3'],
    [
      'a neighbour by a published port',
      `docker run --rm curlimages/curl -s ${HOST}:8080`,
      '172.17.0.1',
    ],
    [
      'somebody on another network by a published port',
      `docker run --rm --network other curlimages/curl -s ${HOST}:8080`,
      '172.17.0.1',
    ],
  ])('%s', (_way, line, ip) => {
    expect(seenBy(line)).toBe(ip);
  });

  it('loopback on the network of the machine', () => {
    type('docker run -d --name own --network host nginx');
    type('curl -s localhost');
    expect(type('docker logs -n 1 own')).toMatch(/^127\.0\.0\.1 /);
    type('docker run --rm curlimages/curl -s 172.17.0.1');
    expect(type('docker logs -n 1 own')).toMatch(/^172\.17\.0\.\d+ /);
  });
});

describe('on another machine', () => {
  it('a container is seen by the address of its own', () => {
    const session = new Session({ preset: 'registry', seed: 1 });
    const type = (line: string) => session.type(line).printed;
    type('ssh prod docker run -d --name web -p 8080:80 nginx');
    expect(type('docker run --rm curlimages/curl -s prod:8080')).toContain('Welcome to nginx!');
    expect(type('ssh prod docker logs -n 1 web')).toMatch(/^192\.168\.10\.2 /);
  });
});
