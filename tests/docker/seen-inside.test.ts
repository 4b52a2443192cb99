import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** What programs in a container see of what was mounted, of its network and of its terminal. */
function host() {
  const session = new Session({ preset: 'host', seed: 1 });
  const type = (line: string) => session.type(line);
  type('docker pull -q alpine');
  return type;
}

describe('mount and df in a container', () => {
  it('list what was mounted, with its rights and its size', () => {
    const type = host();
    const { printed } = type(
      'docker run --rm --read-only --tmpfs /tmp -v data:/data -v /etc:/conf:ro ' +
        '--mount type=tmpfs,dst=/cache,tmpfs-size=1m alpine mount',
    );
    expect(printed).toContain('overlay on / type overlay (ro,relatime)\n');
    expect(printed).toContain('tmpfs on /tmp type tmpfs (rw,nosuid,nodev,noexec,relatime)\n');
    expect(printed).toContain(
      'tmpfs on /cache type tmpfs (rw,nosuid,nodev,noexec,relatime,size=1024k)\n',
    );
    expect(printed).toContain('/dev/vda1 on /data type ext4 (rw,relatime)\n');
    expect(printed).toContain('/dev/vda1 on /conf type ext4 (ro,relatime)\n');
  });

  it('say what a path lies on', () => {
    const type = host();
    const df = (path: string) =>
      type(`docker run --rm --tmpfs /run:size=64m -v data:/data alpine df -h ${path}`).printed;
    expect(df('/run/lock')).toMatch(/^tmpfs +64\.0M +0 +64\.0M +0% \/run$/m);
    expect(df('/data')).toMatch(/^\/dev\/vda1 .* \/data$/m);
    expect(df('/usr')).toMatch(/^overlay .* \/$/m);
  });
});

describe('ping without a way out', () => {
  it.each(['none', 'closed'])('says so at once on the network %s', (network) => {
    const type = host();
    type('docker network create --internal closed');
    expect(type(`docker run --rm --network ${network} alpine ping -c 3 1.1.1.1`)).toEqual({
      printed: 'PING 1.1.1.1 (1.1.1.1): 56 data bytes\nping: sendto: Network unreachable\n',
      exitCode: 1,
    });
  });
});

describe('tty', () => {
  it('names the terminal there is', () => {
    const type = host();
    expect(type('docker run --rm -it alpine tty').printed).toBe('/dev/pts/0\n');
    expect(type('docker run --rm alpine tty')).toEqual({ printed: 'not a tty\n', exitCode: 1 });
  });
});
