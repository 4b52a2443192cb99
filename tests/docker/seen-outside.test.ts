import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** What the machine below sees of the processes of its containers. */
function host() {
  const session = new Session({ preset: 'host', seed: 1 });
  const type = (line: string) => session.type(line).printed;
  for (const image of ['alpine', 'nginx']) type(`docker pull -q ${image}`);
  const kill = (name: string, how = '') =>
    session.type(`kill ${how} $(docker inspect -f '{{.State.Pid}}' ${name})`);
  const status = (name: string) => {
    type('sleep 1');
    return type(`docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' ${name}`).trim();
  };
  return { type, kill, status };
}

describe('kill on the machine', () => {
  it('reaches the process of a container by the pid that docker inspect tells', () => {
    const { type, kill, status } = host();
    type('docker run -d --name web nginx');
    expect(kill('web', '-0')).toEqual({ printed: '', exitCode: 0 });
    expect(kill('web')).toEqual({ printed: '', exitCode: 0 });
    expect(status('web')).toBe('exited 0');
    expect(type('kill 99999; echo $?')).toBe('bash: kill: (99999) - No such process\n1\n');
  });

  it('ends a first process that handles nothing by SIGKILL only, and it is restarted', () => {
    const { type, kill, status } = host();
    type('docker run -d --name sleeper --restart on-failure alpine sleep 1000');
    kill('sleeper');
    expect(status('sleeper')).toBe('running 0');
    expect(type("docker inspect -f '{{.RestartCount}}' sleeper")).toBe('0\n');
    kill('sleeper', '-9');
    expect(status('sleeper')).toBe('running 0');
    expect(type("docker inspect -f '{{.RestartCount}}' sleeper")).toBe('1\n');
  });

  it('reaches them by name, too', () => {
    const { type, status } = host();
    type('docker run -d --name web nginx');
    type('pkill -KILL -o nginx');
    expect(status('web')).toBe('exited 137');
  });
});
