import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

describe('hosts of the internet', () => {
  it('answer ping out of a container, until the way to them is cut', () => {
    const session = new Session({ preset: 'host', seed: 1 });
    const ping = 'docker run --rm alpine ping -c 2 docker.com';
    expect(session.type(ping).printed).toContain('2 packets transmitted, 2 packets received');
    session.type('drydock link host docker.com down');
    expect(session.type(ping).printed).toContain('2 packets transmitted, 0 packets received');
    const unknown = session.type('docker run --rm alpine ping -c 1 nosuch.example');
    expect(unknown.printed).toBe("ping: bad address 'nosuch.example'\n");
  });

  it('serve a page', () => {
    const session = new Session({ preset: 'host', seed: 1 });
    expect(session.type('curl -s http://example.com').printed).toContain('<h1>example.com</h1>');
    expect(session.type('curl -s -o /dev/null -w "%{http_code}" example.com/x').printed).toBe(
      '404',
    );
  });
});
