import { describe, expect, it } from 'vitest';
import { podStories } from './pod-stories.ts';

const LASTING = 'trap "exit 0" TERM; while true; do sleep 1; done';
/** Ignores what it is asked, as a process without a handler does when it is the first. */
const STUBBORN = 'trap "" TERM; while true; do sleep 1; done';

describe('a container that ends', () => {
  it('is started again as its policy says, and its Pod has the phase for it', () => {
    const { create, advance, pod, status } = podStories();
    const ends = (name: string, code: number, restartPolicy: 'OnFailure' | 'Never' | 'Always') =>
      create(name, [{ sh: `exit ${code}` }], { restartPolicy });
    ends('done', 0, 'OnFailure');
    ends('failed', 4, 'Never');
    ends('again', 4, 'OnFailure');
    ends('always', 0, 'Always');
    advance(20);
    const seen = ['done', 'failed', 'again', 'always'].map((name) => {
      const { phase } = pod(name).status;
      return [name, phase, status(name).restartCount > 0];
    });
    expect(seen).toEqual([
      ['done', 'Succeeded', false],
      ['failed', 'Failed', false],
      ['again', 'Running', true],
      ['always', 'Running', true],
    ]);
    expect(status('failed').state?.terminated).toMatchObject({ exitCode: 4, reason: 'Error' });
    const ready = pod('done').status.conditions?.find(({ type }) => type === 'Ready');
    expect(ready).toMatchObject({ status: 'False', reason: 'PodCompleted' });
  });

  it('is started again for the exit codes that its own rules name', () => {
    const { create, advance, status } = podStories();
    const restartPolicyRules = [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }];
    const rules = { restartPolicy: 'Never' as const, restartPolicyRules };
    create('named', [{ sh: 'exit 42', ...rules }], { restartPolicy: 'Never' });
    create('other', [{ sh: 'exit 43', ...rules }], { restartPolicy: 'Never' });
    advance(8);
    expect(status('named').restartCount).toBe(1);
    expect(status('other')).toMatchObject({ restartCount: 0 });
  });

  it('leaves its last words', () => {
    const { create, advance, status } = podStories();
    create('file', [{ sh: 'echo out of luck > /dev/termination-log; exit 1' }], {
      restartPolicy: 'Never',
    });
    const log = { sh: 'echo one; echo two; exit 1' };
    create('log', [{ ...log, terminationMessagePolicy: 'FallbackToLogsOnError' }], {
      restartPolicy: 'Never',
    });
    create('none', [log], { restartPolicy: 'Never' });
    advance(15);
    const words = (name: string) => status(name).state?.terminated?.message;
    expect(['file', 'log', 'none'].map(words)).toEqual(['out of luck\n', 'one\ntwo\n', undefined]);
  });

  it('for its memory is OOMKilled', () => {
    const { create, advance, status, containerd } = podStories();
    create('big', [{ image: 'nginx:1.29-alpine', resources: { limits: { memory: '64Mi' } } }]);
    advance(10);
    const id = status('big').containerID?.slice('containerd://'.length) ?? '';
    containerd.answer('node-1', { op: 'fault', id, kind: 'leak' });
    advance(30);
    expect(status('big').restartCount).toBeGreaterThan(0);
    expect(status('big').lastState?.terminated).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    });
  });

  it('counts its crashes anew after ten good minutes', () => {
    const { create, advance, status, kernel, containerd, until } = podStories();
    create('web', [{ image: 'nginx:1.29-alpine' }]);
    advance(10);
    /** Crashes it, and gives the seconds until it runs again. */
    const crash = (): number => {
      const { containerID = '', restartCount } = status('web');
      const id = containerID.slice('containerd://'.length);
      const sinceMs = kernel.now;
      containerd.answer('node-1', { op: 'fault', id, kind: 'crash' });
      const isBack = () =>
        status('web').restartCount > restartCount && status('web').state?.running !== undefined;
      expect(until(isBack, 400)).toBe(true);
      return Math.round((kernel.now - sinceMs) / 1000);
    };
    expect([crash(), crash(), crash(), crash()]).toEqual([0, 10, 20, 40]);
    advance(602);
    expect(crash()).toBe(0);
    expect(crash()).toBe(10);
  });
});

describe('a Pod that is deleted', () => {
  it('gets its preStop hook, SIGTERM, and SIGKILL when its grace is over', () => {
    const { create, advance, client, pod, kernel, events } = podStories();
    const preStop = { exec: { command: ['sleep', '3'] } };
    create('web', [{ sh: STUBBORN, lifecycle: { preStop } }]);
    advance(10);
    const deletedMs = kernel.now;
    client.delete('pods', pod('web'), 10);
    advance(20);
    expect(client.get('pods', 'default', 'web')).toBeUndefined();
    expect(events('web')).toContain('Killing: Stopping container app');
    const signals = kernel.trace
      .of('Pod default/web')
      .filter(({ verb, actor }) => verb === 'signal' && actor.startsWith('containerd'))
      .map(({ timeMs, detail }) => [
        (detail as { signal: string }).signal,
        Math.round((timeMs - deletedMs) / 1000),
      ]);
    expect(signals).toEqual([
      ['SIGTERM', 3],
      ['SIGKILL', 10],
    ]);
  });

  it('has two seconds at least, and a failed hook is told', () => {
    const { create, advance, client, pod, kernel, events } = podStories();
    const preStop = { exec: { command: ['false'] } };
    create('web', [{ sh: STUBBORN, lifecycle: { preStop } }]);
    create('force', [{ sh: STUBBORN }]);
    advance(10);
    const deletedMs = kernel.now;
    client.delete('pods', pod('web'), 1);
    client.delete('pods', pod('force'), 0);
    expect(client.get('pods', 'default', 'force')).toBeUndefined();
    advance(5);
    expect(client.get('pods', 'default', 'web')).toBeUndefined();
    expect(events('web')).toContain('FailedPreStopHook: PreStopHook failed');
    const kills = ['web', 'force'].map((name) =>
      kernel.trace
        .of(`Pod default/${name}`)
        .filter(({ verb, detail }) => verb === 'signal' && isKill(detail))
        .map(({ timeMs }) => Math.round((timeMs - deletedMs) / 1000)),
    );
    expect(kills).toEqual([[2], [2]]);
    const left = kernel.store.tables().get('kubelet/main/pods');
    expect(left?.size).toBe(0);
  });

  it('is stopped by the signal that its image asks for', () => {
    const { create, advance, client, pod, kernel } = podStories();
    create('web', [{ image: 'nginx:1.29-alpine' }]);
    advance(10);
    client.delete('pods', pod('web'), 30);
    advance(5);
    const [signal] = kernel.trace.of('Pod default/web').filter(({ verb }) => verb === 'signal');
    expect(signal?.detail).toEqual({ signal: 'SIGQUIT' });
    expect(client.get('pods', 'default', 'web')).toBeUndefined();
  });
});

const isKill = (detail: unknown): boolean =>
  (detail as { signal?: string } | undefined)?.signal === 'SIGKILL';

describe('hooks', () => {
  it('after the start hold back readiness, and take the container along when they fail', () => {
    const { create, advance, status, events, exec } = podStories();
    const postStart = { exec: { command: ['sh', '-c', 'sleep 5; echo hook > /tmp/hook'] } };
    create('web', [{ sh: LASTING, lifecycle: { postStart } }]);
    const failing = { exec: { command: ['false'] } };
    create('bad', [{ sh: LASTING, lifecycle: { postStart: failing } }]);
    advance(4);
    expect(status('web').state?.waiting?.reason).toBe('ContainerCreating');
    advance(6);
    expect(status('web').ready).toBe(true);
    expect(exec('web', 'cat /tmp/hook').text).toBe('hook\n');
    expect(events('bad')).toContain('FailedPostStartHook: PostStartHook failed');
    expect(status('bad').restartCount).toBeGreaterThan(0);
  });

  it('may be a pause before the end', () => {
    const { create, advance, client, pod } = podStories();
    create('web', [{ sh: LASTING, lifecycle: { preStop: { sleep: { seconds: 6 } } } }]);
    advance(10);
    client.delete('pods', pod('web'), 30);
    advance(5);
    expect(client.get('pods', 'default', 'web')).toBeDefined();
    advance(4);
    expect(client.get('pods', 'default', 'web')).toBeUndefined();
  });
});

describe('a deadline', () => {
  it('ends a Pod that is active for longer', () => {
    const { create, advance, pod } = podStories();
    create('long', [{ sh: LASTING }], { activeDeadlineSeconds: 20 });
    advance(18);
    expect(pod('long').status.phase).toBe('Running');
    advance(6);
    expect(pod('long').status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    });
  });
});
