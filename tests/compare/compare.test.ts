import { describe, expect, it } from 'vitest';
import { ONE_APP } from '../../src/engine/compare/one-app.ts';
import { PLATFORMS } from '../../src/engine/compare/platforms/platforms.ts';
import { Session } from '../../src/engine/session.ts';
import { oneAppFiles } from './one-app.ts';

/** A table as `drydock compare` prints it: a row's cells by the platform. */
function tableIn(printed: string): Record<string, Record<string, string>> {
  const lines = printed.split('\n');
  const from = lines.findIndex((line) => /^ +[A-Z]/.test(line));
  const names = (lines[from] ?? '').trim().toLowerCase().split(/ {2,}/);
  const rows = lines.slice(from + 1, lines.indexOf('', from));
  return Object.fromEntries(
    rows.map((line) => {
      const [title = '', ...cells] = line.split(/ {3,}/);
      return [title, Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))];
    }),
  );
}

function workstation() {
  const session = new Session({ preset: 'compare', seed: 7 });
  const type = (line: string) => session.type(line);
  const must = (line: string): string => {
    const { printed, exitCode } = type(line);
    if (exitCode !== 0) throw new Error(`${line}: ${printed}`);
    return printed;
  };
  return {
    session,
    type,
    must,
    compared: (words: string) => tableIn(must(`drydock compare ${words}`)),
  };
}

describe('the preset compare', () => {
  it('has the files of the application as their folder has them: npm run one-app:update', () => {
    expect(ONE_APP).toEqual(oneAppFiles());
  });

  it('has every machine by its name, and the application where somebody deploys it', () => {
    const { must, session } = workstation();
    for (const { name } of session.world.machines)
      expect(must(`ssh ${name} hostname`)).toBe(`${name}\n`);
    for (const { machine } of PLATFORMS) {
      expect(must(`ssh ${machine} ls bookshelf`)).toContain('stack.yaml');
    }
    expect(must('kubectl get nodes -o name').split('\n')).toHaveLength(7);
  });

  it('leaves the swarm to be initialised, which is part of what is typed', () => {
    const { type } = workstation();
    expect(type('ssh swarm-1 docker node ls').printed).toContain('not a swarm manager');
  });
});

describe('drydock compare', () => {
  const { must, type, compared } = workstation();

  it('says what there is, and refuses what there is not', () => {
    expect(must('drydock compare')).toContain('Platforms: docker, compose, swarm, kubernetes.');
    expect(type('drydock compare flood').printed).toContain('there is no experiment "flood"');
    expect(type('drydock compare load --on nomad').printed).toContain('no platform "nomad"');
    expect(type('drydock compare load --rate 500').printed).toContain('1 to 20');
    expect(type('drydock compare load --on').printed).toContain('--on wants a value');
    expect(type('drydock compare load update').printed).toContain('one experiment at a time');
    expect(type('drydock compare --rate 5').printed).toContain('there is no experiment;');
    expect(type('drydock compare load --fast').exitCode).toBe(1);
    expect(type('ssh swarm-1 drydock compare load').printed).toContain('for the workstation');
    const elsewhere = new Session({ preset: 'host', seed: 1 });
    expect(elsewhere.type('drydock compare load').printed).toContain('preset compare');
  });

  it('brings the application up by the commands of each platform', () => {
    const lines = must('drydock compare up').trim().split('\n');
    expect(lines[0]).toBe('docker is up (7 commands)');
    expect(lines[1]).toMatch(/^compose is up \(1 command, \d+ lines of YAML\)$/);
    expect(lines[2]).toMatch(/^swarm is up \(4 commands, \d+ lines of YAML\)$/);
    expect(lines[3]).toMatch(/^kubernetes is up \(1 command, \d+ lines of YAML\)$/);
    expect(must('drydock compare up')).toBe(
      PLATFORMS.map(({ name }) => `${name} is up already\n`).join(''),
    );
    const entries = ['docker-1:8080', 'compose-1:8080', 'swarm-3:8080', 'node-3:30080'];
    for (const entry of entries) {
      expect(must(`curl -s http://${entry}/api/books`)).toContain('Rachel Carson');
    }
  });

  it('sends as many requests to each, and all are served where nothing happens', () => {
    const table = compared('load --on docker,kubernetes --rate 1');
    expect(table.served).toEqual({ docker: '600', kubernetes: '600' });
    expect(table.failed).toEqual({ docker: '0', kubernetes: '0' });
  });

  it('sees every platform start a crashed container again', () => {
    const { served = {}, failed = {}, replicas } = compared('container');
    for (const { name } of PLATFORMS) {
      expect(Number(served[name]) + Number(failed[name])).toBe(300);
      expect(Number(failed[name])).toBeLessThan(15);
    }
    expect(replicas).toEqual({ docker: '3', compose: '3', swarm: '3/3', kubernetes: '3/3' });
  });

  it('sees one machine take the application with it, and several not', () => {
    const { served = {}, ...table } = compared('machine --on docker,swarm,kubernetes');
    expect(served.docker).toBe('0');
    expect(table['recovered after']?.docker).toBe('not yet');
    const recovered = (name: string): number =>
      Number.parseFloat(table['recovered after']?.[name] ?? '');
    expect(Number(served.swarm)).toBeGreaterThan(500);
    expect(recovered('swarm')).toBeLessThan(30);
    // Until the node is given up for lost, the Service sends to its Pods as to the others.
    expect(recovered('kubernetes')).toBeGreaterThan(40);
    expect(recovered('kubernetes')).toBeLessThan(60);
    expect(Number(served.kubernetes)).toBeGreaterThan(300);
  });

  it('sees a changed config arrive: at once in a mount, later in a cluster', () => {
    const { 'commands typed': typed, '"Ahoy" seen after': seen } = compared(
      'config --on docker,kubernetes',
    );
    expect(seen?.docker).toBe('0s');
    expect(Number.parseFloat(seen?.kubernetes ?? '')).toBeGreaterThan(1);
    expect(typed).toEqual({ docker: '1', kubernetes: '2' });
  });

  it('changes a password on both ends, and tells how long they disagreed', () => {
    const { failed = {}, ...table } = compared('secret --on docker,swarm,kubernetes');
    expect(failed.docker).toBe('0');
    for (const name of ['swarm', 'kubernetes']) {
      expect(Number(failed[name])).toBeGreaterThan(0);
      expect(table['recovered after']?.[name]).toMatch(/^\d/);
    }
    const shown = must('ssh docker-1 docker exec api-1 cat /run/secrets/db_password');
    expect(shown).toBe('tr0ub4dor\n');
  });

  it('sees a bad version reach the clients of one machine, and no others', () => {
    const { '"2.0" seen after': seen, replicas, version } = compared('bad-update');
    expect(version).toEqual({ docker: '2.0', compose: '2.0', swarm: '1.0', kubernetes: '1.0' });
    expect(seen).toMatchObject({ swarm: 'not seen', kubernetes: 'not seen' });
    expect(replicas).toMatchObject({ docker: '0', kubernetes: '3/3' });
  });
});

describe('one experiment after another', () => {
  const { must, compared } = workstation();

  it('begins as the first one did, whatever the one before has changed', () => {
    must('drydock compare up --on docker,swarm,kubernetes');
    const on = '--on docker,swarm,kubernetes --rate 2';
    for (const name of ['scale', 'bad-update', 'update']) {
      const { replicas, version, ...table } = compared(`${name} ${on}`);
      if (name === 'scale') {
        expect(replicas).toEqual({ docker: '10', swarm: '10/10', kubernetes: '10/10' });
      }
      if (name === 'update') {
        expect(version).toEqual({ docker: '1.1', swarm: '1.1', kubernetes: '1.1' });
        expect(table['"1.1" seen after']?.docker).not.toBe('not seen');
        expect(replicas).toEqual({ docker: '3', swarm: '3/3', kubernetes: '3/3' });
      }
    }
    const { version } = compared(`container ${on}`);
    expect(version).toEqual({ docker: '1.0', swarm: '1.0', kubernetes: '1.0' });
  });

  it('loses one of three members of etcd, and nobody notices', () => {
    const { failed } = compared('daemon --on kubernetes');
    expect(failed).toEqual({ kubernetes: '0' });
    expect(must('drydock faults')).toBe('');
  });

  it('puts right what somebody took away, and says nothing of what is up', () => {
    must('ssh docker-1 docker rm -f api-2 redis; kubectl delete deployment web');
    const printed = must('drydock compare container --on docker,kubernetes --rate 1');
    expect(printed).toMatch(/^docker is up .*\nkubernetes is up .*\n/);
    expect(must('drydock compare container --on docker --rate 1')).not.toContain('is up');
  });

  it('is told to programs in numbers', () => {
    const told = JSON.parse(must('drydock compare volume --on docker --rate 1 --json')) as {
      platforms: { platform: string; served: number; failed: number; recoveredMs: number | null }[];
    };
    expect(told.platforms).toMatchObject([{ platform: 'docker', commandsTyped: 3, yamlLines: 0 }]);
    const [{ served, failed } = { served: 0, failed: 0 }] = told.platforms;
    expect(served + failed).toBe(60);
  });

  it('goes on from a swarm that got half way, and says what is missing until then', () => {
    const half = workstation();
    half.must('drydock fault machine swarm-3 down');
    const refused = half.type('drydock compare container --on swarm');
    expect(refused.exitCode).toBe(1);
    expect(refused.printed).toContain('swarm is left out: ssh swarm-3 "docker swarm join');
    half.must('drydock fault machine swarm-3 up');
    const { replicas } = half.compared('container --on swarm --rate 1');
    expect(replicas).toEqual({ swarm: '3/3' });
  });

  it('builds and pushes again what a registry that was down did not get', () => {
    const late = workstation();
    late.must('drydock fault registry registry.local:5000 down');
    const failed = late.type('drydock compare container --on docker');
    expect(failed.exitCode).toBe(1);
    expect(failed.printed).toContain('drydock: docker push');
    late.must('drydock fault registry registry.local:5000 up');
    expect(late.must('drydock compare up --on docker')).toContain('docker is up (7 commands)');
  });
});

describe('a comparison', () => {
  it('is the same to the letter and to the hash when it is made again', () => {
    const [first, second] = [1, 2].map(() => {
      const { session, must } = workstation();
      const printed = must('drydock compare container --on docker,kubernetes --rate 2');
      return { printed, hash: session.world.kernel.hash() };
    });
    expect(first).toEqual(second);
  });
});
