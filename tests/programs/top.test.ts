import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

describe('top', () => {
  it('goes on until it is told to end, so that a container that runs it stays', () => {
    const session = new Session({ preset: 'host', seed: 1 });
    session.type('docker run -d --name box busybox top; sleep 1h');
    expect(session.type("docker ps --format '{{.Status}}'").printed).toBe('Up About an hour\n');
    expect(session.type('docker logs box').printed).toMatch(/^Mem: \d+K used/);
  });

  it('shows as many screens as -n says', () => {
    const session = new Session({ preset: 'host', seed: 1 });
    session.type('docker run -d --name box busybox sleep 1d');
    const screens = (line: string) =>
      session.type(line).printed.match(/^Load average/gm)?.length ?? 0;
    expect(screens('docker exec box top -bn1')).toBe(1);
    expect(screens('docker exec box top -b -n 3 -d 2')).toBe(3);
    expect(session.type('docker exec box top').exitCode).not.toBe(0);
  });
});
