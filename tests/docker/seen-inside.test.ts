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

describe('who one is', () => {
  it('includes the groups of the image, and those that were added', () => {
    const type = host();
    const id = (options: string) => type(`docker run --rm ${options} id`).printed;
    expect(id('alpine')).toMatch(
      /^uid=0\(root\) gid=0\(root\) groups=0\(root\),0\(root\),1\(bin\)/,
    );
    expect(id('-u 1000 --group-add 7 --group-add video alpine')).toBe(
      'uid=1000 gid=0(root) groups=0(root),7(lp),27(video)\n',
    );
    expect(id('--group-add nosuch alpine')).toContain(
      'unable to find group nosuch: no matching entries in group file',
    );
    expect(type('docker run --rm alpine sh -c \'echo "$PPID $$"\'').printed).toBe('0 1\n');
  });
});

describe('docker top', () => {
  it.each([
    ['-eo pid,comm', ['PID', 'COMMAND']],
    ['axo user,pid,args', ['USER', 'PID', 'COMMAND']],
    ['-o pid,ppid,cmd', ['PID', 'PPID', 'CMD']],
  ])('shows the columns of %s', (args, titles) => {
    const type = host();
    type('docker run -d --name box alpine sleep 1000');
    const [head = ''] = type(`docker top box ${args}`).printed.split('\n');
    expect(head.trim().split(/ +/)).toEqual(titles);
  });
});

describe('a device without a driver', () => {
  it('is missed when the container starts', () => {
    const type = host();
    const { printed, exitCode } = type('docker run --name box --gpus all alpine true');
    expect(printed).toContain('could not select device driver "" with capabilities: [[gpu]]\n');
    expect(exitCode).toBe(125);
    expect(type("docker ps -a --format '{{.Names}} {{.Status}}'").printed).toBe('box Created\n');
  });
});

describe('a line without end', () => {
  it('fills the memory there is, and ends the container', () => {
    const type = host();
    expect(type('docker run --name full -m 20m alpine tail /dev/zero').exitCode).toBe(137);
    const state = "docker inspect -f '{{.State.OOMKilled}} {{.State.ExitCode}}' full";
    expect(type(state).printed).toBe('true 137\n');
    const child = "docker run --rm -m 20m alpine sh -c 'tail /dev/zero; echo $?'";
    expect(type(child)).toMatchObject({ printed: expect.stringContaining('137\n') as string });
  });
});
