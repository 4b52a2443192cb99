import { describe, expect, it } from 'vitest';
import { podStories } from './pod-stories.ts';

const LASTING = 'trap "exit 0" TERM; while true; do sleep 1; done';

describe('a liveness probe', () => {
  it('that fails often enough has its container started again', () => {
    const { create, advance, status, events, exec } = podStories();
    create('web', [
      {
        sh: `touch /tmp/healthy; ${LASTING}`,
        livenessProbe: {
          exec: { command: ['cat', '/tmp/healthy'] },
          periodSeconds: 5,
          failureThreshold: 2,
        },
      },
    ]);
    advance(20);
    expect(exec('web', 'rm /tmp/healthy').answer).toEqual({ ok: true, exitCode: 0 });
    advance(15);
    expect(status('web')).toMatchObject({ restartCount: 1, ready: true });
    expect(status('web').lastState?.terminated).toMatchObject({ exitCode: 0 });
    expect(events('web')).toContain(
      "Unhealthy: Liveness probe failed: cat: can't open '/tmp/healthy': No such file or directory\n",
    );
    expect(events('web')).toContain(
      'Killing: Container app failed liveness probe, will be restarted',
    );
    const told = events('web').map((text) => text.split(':', 1)[0]);
    expect(
      told.slice(0, told.indexOf('Killing')).filter((word) => word === 'Unhealthy'),
    ).toHaveLength(2);
  });

  it('of a request wants an answer between 200 and 399', () => {
    const { create, advance, events, status } = podStories();
    const livenessProbe = { httpGet: { port: 80, path: '/nosuch' }, periodSeconds: 1 };
    create('web', [{ image: 'nginx:1.29-alpine', livenessProbe }]);
    create('other', [
      { image: 'nginx:1.29-alpine', livenessProbe: { tcpSocket: { port: 81 }, periodSeconds: 1 } },
    ]);
    advance(15);
    expect(events('web')).toContain(
      'Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 404',
    );
    expect(status('web').restartCount).toBeGreaterThan(0);
    const ip = /dial tcp 10\.244\.1\.\d+:81: connect: connection refused/;
    expect(events('other').join('\n')).toMatch(ip);
  });

  it('waits for the startup probe, which has its own patience', () => {
    const { create, advance, status, events } = podStories();
    const httpGet = { port: 80, path: '/nosuch' };
    create('slow', [
      {
        image: 'nginx:1.29-alpine',
        livenessProbe: { httpGet, periodSeconds: 1, failureThreshold: 1 },
        startupProbe: { httpGet, periodSeconds: 2, failureThreshold: 10 },
      },
    ]);
    advance(18);
    expect(status('slow')).toMatchObject({ restartCount: 0, started: false, ready: false });
    advance(12);
    expect(status('slow').restartCount).toBe(1);
    expect(events('slow')).toContain(
      'Killing: Container app failed startup probe, will be restarted',
    );
    expect(events('slow').join('\n')).not.toContain('Liveness');
  });

  it('of a port that nobody named finds nothing out, and ends nothing', () => {
    const { create, advance, status, events } = podStories();
    const livenessProbe = { httpGet: { port: 'web' }, periodSeconds: 1, failureThreshold: 1 };
    create('web', [{ image: 'nginx:1.29-alpine', livenessProbe }]);
    advance(15);
    expect(events('web')).toContain(
      'Unhealthy: Liveness probe errored and resulted in unknown state: ' +
        'strconv.Atoi: parsing "web": invalid syntax',
    );
    expect(status('web').restartCount).toBe(0);
  });

  it('that takes too long has failed', () => {
    const { create, advance, events } = podStories();
    create('web', [
      {
        sh: LASTING,
        readinessProbe: { exec: { command: ['sleep', '10'] }, timeoutSeconds: 2, periodSeconds: 5 },
      },
    ]);
    advance(15);
    expect(events('web')).toContain(
      'Unhealthy: Readiness probe failed: command timed out: "sleep 10" timed out after 2s',
    );
  });
});

describe('a readiness probe', () => {
  it('takes a Pod out of service and puts it back, and never restarts it', () => {
    const { create, advance, status, condition, exec } = podStories();
    const readinessProbe = {
      exec: { command: ['test', '-e', '/tmp/ready'] },
      ...{ periodSeconds: 2, failureThreshold: 3, successThreshold: 2 },
    };
    create('web', [{ sh: LASTING, readinessProbe }]);
    advance(15);
    expect(condition('web', 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [app]',
    });
    exec('web', 'touch /tmp/ready');
    advance(2);
    expect(status('web').ready).toBe(false);
    advance(3);
    expect(status('web').ready).toBe(true);
    expect(condition('web', 'Ready')?.status).toBe('True');
    exec('web', 'rm /tmp/ready');
    advance(3);
    expect(status('web').ready).toBe(true);
    advance(5);
    expect(status('web')).toMatchObject({ ready: false, restartCount: 0 });
  });

  it('is not enough where a gate is closed', () => {
    const { create, advance, condition, client, pod } = podStories();
    create('web', [{ sh: LASTING }], {
      readinessGates: [{ conditionType: 'example.com/tested' }],
    });
    advance(10);
    expect(condition('web', 'ContainersReady')?.status).toBe('True');
    expect(condition('web', 'Ready')).toMatchObject({
      status: 'False',
      reason: 'ReadinessGatesNotReady',
      message: 'corresponding condition of pod readiness gate "example.com/tested" does not exist.',
    });
    const now = pod('web');
    const gate = { type: 'example.com/tested', status: 'True' as const };
    const conditions = [...(now.status.conditions ?? []), gate];
    client.updateStatus('pods', { ...now, status: { ...now.status, conditions } });
    advance(2);
    expect(condition('web', 'Ready')?.status).toBe('True');
  });
});
