import { describe, expect, it } from 'vitest';
import { createWorld, type ShellAction } from '../../src/engine/world.ts';
import type { Checkpoint } from '../../src/engine/sim/kernel.ts';

/** A person at the prompt of a machine with Docker: shell and docker together. */
const LIMIT_MS = 600_000;
const typed = (line: string): ShellAction => ({ type: 'shell', machine: 'host', line });

function prompt() {
  const world = createWorld({ preset: 'host', seed: 4 });
  const { kernel, terminals, files } = world;
  const shown = () =>
    terminals
      .row('host')
      .printed.toArray()
      .map(({ text }) => text)
      .join('');
  const type = (line: string) => {
    const before = shown().length;
    kernel.dispatch(typed(line));
    kernel.advanceUntil(() => !terminals.isBusy('host'), kernel.now + LIMIT_MS);
    return { text: shown().slice(before), code: terminals.row('host').exitCode };
  };
  return { kernel, terminals, files, type, shown };
}

describe('at a prompt with Docker', () => {
  it('builds, runs, asks and removes', () => {
    const { type } = prompt();
    type('mkdir web && echo "FROM nginx:1.29-alpine" > web/Dockerfile');
    type(
      'echo "COPY index.html /usr/share/nginx/html/" >> web/Dockerfile; echo hello > web/index.html',
    );
    type('cd web');
    expect(type('docker build -q -t web . && echo built').text).toMatch(
      /^sha256:[0-9a-f]{64}\nbuilt\n$/,
    );
    expect(type('docker run -d --name web -p 8080:80 web').text).toMatch(/^[0-9a-f]{64}\n$/);
    expect(type('sleep 1; curl -s localhost:8080').text).toBe('hello\n');
    expect(type('docker rmi web')).toEqual({
      text: expect.stringMatching(
        /^Error response from daemon: conflict: unable to delete web:latest \(must be forced\) - container [0-9a-f]{12} is using its referenced image [0-9a-f]{12}\n$/,
      ) as string,
      code: 1,
    });
    expect(type('docker rm -f web nosuch && docker rmi web').text).toMatch(
      /^web\nUntagged: web:latest\nDeleted: sha256:[0-9a-f]{64}\n$/,
    );
    expect(type('curl -s localhost:8080 || echo "no answer: $?"').text).toBe('no answer: 7\n');
  });

  it('joins commands by what they come to, and sends output where it is told', () => {
    const { type } = prompt();
    expect(type('docker run nosuch && echo yes || echo no').text).toBe(
      "Unable to find image 'nosuch:latest' locally\n" +
        'docker: Error response from daemon: pull access denied for nosuch, ' +
        "repository does not exist or may require 'docker login'\n\n" +
        "Run 'docker run --help' for more information\nno\n",
    );
    expect(type('docker pull -q alpine:3.22 > name.txt; cat name.txt').text).toBe(
      'docker.io/library/alpine:3.22\n',
    );
    expect(type('docker pull alpine:3.22 | cat').text).toMatch(
      /^3\.22: Pulling from library\/alpine\nDigest: sha256:[0-9a-f]{64}\nStatus: Image is up to date for alpine:3\.22\ndocker\.io\/library\/alpine:3\.22\n$/,
    );
    expect(type('docker run --rm alpine:3.22 sh -c "exit 3"; echo $?').text).toBe('3\n');
    expect(type('docker start a b 2>&1 | cat').text).toBe(
      'Error response from daemon: No such container: a\n' +
        'Error response from daemon: No such container: b\n' +
        'failed to start containers: a, b\n',
    );
  });

  it('removes what was to be removed when it ends, and draws names nobody has', () => {
    const { type, kernel } = prompt();
    type('docker run -d --rm --name brief alpine sleep 2');
    expect(type('docker ps -q').text).toMatch(/^[0-9a-f]{12}\n$/);
    kernel.advance(kernel.now + 3000);
    expect(type('docker ps -aq').text).toBe('');
    const runs = Array.from({ length: 60 }, () => 'docker run -d alpine true').join('; ');
    expect(type(runs).text).toMatch(/^([0-9a-f]{64}\n){60}$/);
    const names = type('docker ps -a')
      .text.split('\n')
      .slice(1, -1)
      .map((row) => row.split(/\s+/).at(-1));
    expect(new Set(names).size).toBe(60);
  });

  it('publishes ranges, addresses and any free port', () => {
    const { type } = prompt();
    type('docker run -d --name aa -p 127.0.0.1:8080:80 -p 7000-7001:90-91/udp nginx:alpine');
    type('docker run -d --name bb -p 80 nginx:alpine; docker run -d --name cc -p 443 nginx:alpine');
    const text = type('sleep 1; docker ps').text;
    expect(text).toContain(
      '7000->90/udp, [::]:7000->90/udp, 0.0.0.0:7001->91/udp, [::]:7001->91/udp',
    );
    expect(text).toContain('127.0.0.1:8080->80/tcp');
    expect(text).toContain('0.0.0.0:32768->80/tcp, [::]:32768->80/tcp');
    expect(text).toContain('80/tcp, 0.0.0.0:32769->443/tcp, [::]:32769->443/tcp');
    expect(type('curl -s -w "%{http_code}" -I localhost:8080 | cat').text).toContain('200');
    expect(type('curl -s localhost:32768').text).toContain('Welcome to nginx!');
    expect(type('docker run -p 99999:80 alpine').text).toMatch(
      /^docker: invalid hostPort: 99999\n/,
    );
    expect(type('docker run -p 80:80/xyz alpine').text).toMatch(/^docker: invalid proto: xyz\n/);
  });

  it('answers what makes no sense, and goes on', () => {
    const { type } = prompt();
    expect(type('docker constructor').text).toMatch(
      /^docker: unknown command: docker constructor\n/,
    );
    expect(type('docker container toString').code).toBe(1);
    expect(type('docker run alpine constructor')).toMatchObject({ code: 127 });
    type('docker run -d --name one nginx:alpine');
    expect(type('docker kill -s FOO one').text).toBe(
      'Error response from daemon: cannot kill container: one: invalid signal: FOO\n',
    );
    expect(type('docker stop -t soon one').text).toMatch(
      /^invalid argument "soon" for "-t, --timeout" flag: strconv.ParseInt: parsing "soon": invalid syntax\n\nUsage: {2}docker stop /,
    );
    expect(type(`docker pull ${'a/'.repeat(5000)}b`).text).toBe(
      'repository name must not be more than 255 characters\n',
    );
    expect(type(`docker images ${'x'.repeat(10_000)}`).code).toBe(0);
  });

  it('goes on from a checkpoint in the middle of a run to the same world', () => {
    const { kernel, terminals } = prompt();
    const line =
      'docker run -d --name web -p 8080:80 nginx:alpine; sleep 2; curl -s localhost:8080';
    kernel.dispatch(typed(line));
    kernel.advance(900);
    expect(terminals.isBusy('host')).toBe(true);
    const middle: Checkpoint = kernel.checkpoint();
    kernel.advance(60_000);
    const end = kernel.hash();
    const other = prompt();
    other.kernel.restore(middle);
    other.kernel.advance(60_000);
    expect(other.kernel.hash()).toBe(end);
    expect(other.shown()).toContain('Welcome to nginx!');
  });
});
