import { describe, expect, it } from 'vitest';
import { MINUTE } from '../../src/engine/sim/clock.ts';
import { createWorld, type ShellAction } from '../../src/engine/world.ts';

const world = createWorld({ preset: 'host', seed: 1 });

/** Types a line at the prompt of the only machine; gives what was printed and the exit code. */
function run(line: string): { printed: string; exitCode: number } {
  const { kernel, terminals } = world;
  const before = terminals.row('host').printed.length;
  const typed: ShellAction = { type: 'shell', machine: 'host', line };
  kernel.dispatch(typed);
  kernel.advance(kernel.now + MINUTE);
  const { printed, exitCode } = terminals.row('host');
  const texts = printed.toArray(before).map(({ text }) => text);
  return { printed: texts.join(''), exitCode };
}

run('docker run -d --name web -p 8080:80 nginx:1.29-alpine');

describe('curl', () => {
  it('fetches what a container serves on a published port', () => {
    const { printed, exitCode } = run("curl -s -w '%{http_code}' http://localhost:8080/");
    expect(printed).toContain('<h1>Welcome to nginx!</h1>');
    expect(printed).toMatch(/200$/);
    expect(exitCode).toBe(0);
  });

  it('shows the head of an answer, and fails on an error only when asked to', () => {
    const missing = run('curl -i http://localhost:8080/none');
    expect(missing.printed).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
    expect(missing.exitCode).toBe(0);
    expect(run('curl -f http://localhost:8080/none')).toEqual({
      printed: 'curl: (22) The requested URL returned error: 404\n',
      exitCode: 22,
    });
  });

  it('tells a name nobody has from a port nobody listens on', () => {
    expect(run('curl http://nobody/')).toEqual({
      printed: 'curl: (6) Could not resolve host: nobody\n',
      exitCode: 6,
    });
    const refused = run('curl http://localhost:81/');
    expect(refused.printed).toContain('Failed to connect to localhost port 81');
    expect(refused.exitCode).toBe(7);
  });

  it('reaches nothing once the container has stopped', () => {
    run('docker stop web');
    expect(run('curl -s http://localhost:8080/').exitCode).toBe(7);
  });
});
