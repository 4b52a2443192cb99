import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';

/** A machine whose daemon is gone, stops, or never was there. */
const NOBODY =
  'failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: dial unix /var/run/docker.sock: connect: no such file or directory\n';

function on(preset: string) {
  const session = new Session({ preset, seed: 1 });
  return (line: string) => session.type(line);
}

describe('a daemon that is stopped', () => {
  it('is missed by every command, builds among them', () => {
    const type = on('host');
    type('drydock fault daemon host stop');
    expect(type('docker ps')).toEqual({ printed: NOBODY, exitCode: 1 });
    // The client finds “no such file or directory” in that, and takes it for the command's.
    expect(type('docker run alpine').exitCode).toBe(127);
    for (const line of ['docker build .', 'docker build -q .', 'docker buildx du']) {
      expect(type(line), line).toEqual({ printed: `ERROR: ${NOBODY}`, exitCode: 1 });
    }
  });

  it('that is started while it still stops is up after that, and stays', () => {
    const type = on('host');
    type('docker run -d --name slow --restart always alpine sleep 1000');
    type('drydock fault daemon host stop');
    expect(type('time drydock fault daemon host start').printed).toMatch(/^\nreal\t0m10\./);
    const running = "docker ps --format '{{.Names}} {{.State}}'";
    expect(type(`sleep 1; ${running}`).printed).toBe('slow running\n');
    expect(type(`sleep 60; ${running}`).printed).toBe('slow running\n');
  });
});

describe('a machine without Docker', () => {
  it('has nobody who answers', () => {
    expect(on('cluster')('ssh node-1 docker ps')).toEqual({ printed: NOBODY, exitCode: 1 });
  });
});

describe('a world without a cluster', () => {
  it('has no kubectl', () => {
    expect(on('host')('kubectl get nodes')).toEqual({
      printed: 'bash: kubectl: command not found\n',
      exitCode: 127,
    });
  });
});
