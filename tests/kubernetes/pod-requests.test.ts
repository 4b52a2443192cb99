import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../src/engine/oci/base64.ts';
import { podStories } from './pod-stories.ts';

const LASTING = 'trap "exit 0" TERM; while true; do sleep 1; done';

describe('the log of a container', () => {
  it('is given by lines, bytes, time and instance', () => {
    const { create, advance, logs, kernel } = podStories();
    create('web', [{ sh: 'echo one; echo two >&2; sleep 5; echo three; sleep 20; exit 1' }]);
    advance(4);
    expect(logs('web').text).toBe('one\ntwo\n');
    const sinceMs = kernel.now;
    advance(6);
    expect(logs('web', { sinceMs }).text).toBe('three\n');
    expect(logs('web', { tailLines: 1 }).text).toBe('three\n');
    expect(logs('web', { tailLines: 0 }).text).toBe('');
    expect(logs('web', { limitBytes: 5 }).text).toBe('one\nt');
    expect(logs('web', { tailLines: 2, timestamps: true }).text).toMatch(
      /^2026-01-05T00:00:\d\d\.\d+Z two\n2026-01-05T00:00:\d\d\.\d+Z three\n$/,
    );
    expect(logs('web', { previous: true }).answer).toEqual({
      ok: false,
      code: 400,
      message: 'previous terminated container "app" in pod "web" not found',
    });
    advance(20);
    expect(logs('web', { previous: true }).text).toBe('one\ntwo\nthree\n');
    expect(logs('web').text).toBe('one\ntwo\n');
  });

  it('is followed until its container ends', () => {
    const { create, advance, node, about, kernel } = podStories();
    create('web', [{ sh: 'echo one; sleep 5; echo two; sleep 5; echo three' }], {
      restartPolicy: 'Never',
    });
    advance(3);
    const sinceMs = kernel.now;
    const { answer, text } = node<'logs'>({ op: 'logs', ...about('web'), follow: true });
    expect(answer).toEqual({ ok: true });
    expect(text).toBe('one\ntwo\nthree\n');
    expect(kernel.now - sinceMs).toBeGreaterThan(7000);
  });

  it('is not there before the container is', () => {
    const { create, advance, logs } = podStories();
    create('nope', [{ image: 'nosuch.example/web:1' }]);
    create('init', [{}], {
      initContainers: [{ name: 'wait', image: 'alpine:3.22', command: ['sleep', '100'] }],
    });
    advance(5);
    expect(logs('init').answer).toMatchObject({
      message: 'container "app" in pod "init" is waiting to start: PodInitializing',
    });
    advance(60);
    expect(logs('nope').answer).toMatchObject({
      message:
        'container "app" in pod "nope" is waiting to start: trying and failing to pull image',
    });
  });
});

describe('a process in a container', () => {
  it('is run with its input, and its exit code comes back', () => {
    const { create, advance, exec, node, about, processes } = podStories();
    create('web', [{ sh: LASTING }]);
    advance(10);
    expect(exec('web', 'echo out; echo err >&2; exit 7')).toEqual({
      answer: { ok: true, exitCode: 7 },
      text: 'out\nerr\n',
    });
    const stdin = processes.streams.open();
    processes.streams.write(stdin, 'b\na\n');
    processes.streams.close(stdin);
    const sorted = node<'exec'>({ op: 'exec', ...about('web'), argv: ['sort'], stdin });
    expect(sorted).toEqual({ answer: { ok: true, exitCode: 0 }, text: 'a\nb\n' });
  });

  it('that cannot be run says why in the words of the runtime', () => {
    const { create, advance, node, about } = podStories();
    create('web', [{ sh: LASTING }]);
    create('over', [{ sh: 'exit 0' }], { restartPolicy: 'Never' });
    advance(10);
    const { answer } = node<'exec'>({ op: 'exec', ...about('web'), argv: ['nosuch'] });
    expect(answer).toMatchObject({ ok: false, code: 500 });
    expect((answer as { message: string }).message).toMatch(
      /^error executing command in container: failed to exec in container: failed to start exec "[0-9a-f]{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuch": executable file not found in \$PATH/,
    );
    expect(node<'exec'>({ op: 'exec', ...about('over'), argv: ['ls'] }).answer).toEqual({
      ok: false,
      code: 404,
      message: 'unable to upgrade connection: container not found ("app")',
    });
  });

  it('may be joined by attaching to it', () => {
    const { create, advance, node, about } = podStories();
    create('web', [{ sh: 'sleep 6; echo late; sleep 1; exit 3' }], { restartPolicy: 'Never' });
    advance(4);
    expect(node<'attach'>({ op: 'attach', ...about('web') })).toEqual({
      answer: { ok: true, exitCode: 3 },
      text: 'late\n',
    });
  });
});

describe('other requests to a kubelet', () => {
  it('reach a port of a Pod, or say that nobody listens', () => {
    const { create, advance, node, pod } = podStories();
    create('web', [{ image: 'nginx:1.29-alpine' }]);
    advance(10);
    const { uid } = pod('web').metadata;
    const to = (port: number) =>
      node<'port-forward'>({
        ...{ op: 'port-forward', node: 'node-1', namespace: 'default', pod: 'web', uid, port },
        ...{ method: 'GET', path: '/' },
      }).answer;
    expect(to(80)).toMatchObject({ ok: true, status: 200 });
    expect(to(81)).toMatchObject({ ok: false });
  });

  it('tell what its Pods use, and nothing when it is silent', () => {
    const { create, advance, node, cluster } = podStories();
    create('web', [{ image: 'nginx:1.29-alpine' }]);
    advance(10);
    const stats = () => node<'stats'>({ op: 'stats', node: 'node-1' }).answer;
    const first = stats();
    if (!first?.ok) throw new Error('no stats');
    const [of] = first.usage.pods;
    expect(of).toMatchObject({ namespace: 'default', name: 'web' });
    const memory = of?.containers[0]?.memoryWorkingSetBytes ?? 0;
    expect(memory).toBeGreaterThan(1_000_000);
    expect(first.usage.memoryWorkingSetBytes).toBeGreaterThan(memory);
    cluster.setSilent('node-1', true);
    expect(stats()).toMatchObject({
      ok: false,
      message: expect.stringContaining(':10250: connect: connection refused') as string,
    });
  });
});

describe('an image', () => {
  it('that is not there is waited for, longer each time', () => {
    const { create, advance, until, status, events, kernel } = podStories();
    create('bad', [{ image: 'nginx:nosuch' }]);
    expect(until(() => status('bad').state?.waiting?.reason === 'ErrImagePull')).toBe(true);
    const why =
      'rpc error: code = NotFound desc = failed to pull and unpack image ' +
      '"docker.io/library/nginx:nosuch": failed to resolve reference ' +
      '"docker.io/library/nginx:nosuch": docker.io/library/nginx:nosuch: not found';
    expect(status('bad').state?.waiting?.message).toBe(why);
    advance(2);
    expect(status('bad').state?.waiting).toEqual({
      reason: 'ImagePullBackOff',
      message: `Back-off pulling image "nginx:nosuch": ErrImagePull: ${why}`,
    });
    advance(1000);
    const pulls = kernel.trace
      .of('Pod default/bad')
      .filter(({ reason }) => reason === 'Pulling')
      .map(({ timeMs }) => timeMs);
    const waits = pulls.slice(1).map((timeMs, i) => Math.round((timeMs - (pulls[i] ?? 0)) / 1000));
    expect(waits.slice(0, 6)).toEqual([10, 20, 40, 80, 160, 300]);
    expect(events('bad')).toContain(`Failed: Failed to pull image "nginx:nosuch": ${why}`);
    expect(events('bad')).toContain('Failed: Error: ImagePullBackOff');
  });

  it('may be wanted from the node alone, or have no name that can be read', () => {
    const { create, advance, status, events } = podStories();
    create('never', [{ image: 'nginx:1.29-alpine', imagePullPolicy: 'Never' }]);
    create('name', [{ image: 'NGINX:1' }]);
    advance(5);
    expect(status('never').state?.waiting?.reason).toBe('ErrImageNeverPull');
    expect(events('never')).toContain(
      'ErrImageNeverPull: Container image "nginx:1.29-alpine" is not present with pull policy of Never',
    );
    expect(status('name').state?.waiting?.reason).toBe('InvalidImageName');
    expect(events('name')[0]).toMatch(
      /^InspectFailed: Failed to apply default image tag "NGINX:1": couldn't parse image name "NGINX:1": invalid reference format/,
    );
  });

  it('that needs a password is pulled with the Secret that fits', () => {
    const { create, advance, client, events } = podStories();
    const auths = { 'https://index.docker.io/v1/': { auth: toBase64('me:pass') } };
    client.create('secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'hub', namespace: 'default' },
      type: 'kubernetes.io/dockerconfigjson',
      data: { '.dockerconfigjson': toBase64(JSON.stringify({ auths })) },
    });
    create('web', [{ image: 'nginx:1.29-alpine' }], {
      imagePullSecrets: [{ name: 'hub' }, { name: 'gone' }],
    });
    advance(10);
    expect(events('web')[0]).toBe(
      'FailedToRetrieveImagePullSecret: Unable to retrieve some image pull secrets (gone); ' +
        'attempting to pull the image may not succeed.',
    );
  });
});

describe('a command that is not in its image', () => {
  it('does not start, and is tried again like one that crashed', () => {
    const { create, advance, status, events, pod } = podStories();
    create('bad', [{ command: ['nosuch'] }]);
    create('never', [{ command: ['nosuch'] }], { restartPolicy: 'Never' });
    advance(4);
    const message =
      /^failed to create containerd task: failed to create shim task: OCI runtime create failed: .*exec: "nosuch": executable file not found in \$PATH/;
    expect(events('bad').find((text) => text.startsWith('Failed: Error: failed'))).toMatch(
      new RegExp(message.source.replace('^', '^Failed: Error: ')),
    );
    expect(status('never').state?.terminated).toMatchObject({
      exitCode: 128,
      reason: 'StartError',
      startedAt: '1970-01-01T00:00:00Z',
    });
    expect(pod('never').status.phase).toBe('Failed');
    advance(10);
    expect(status('bad').state?.waiting?.reason).toBe('CrashLoopBackOff');
    expect(status('bad').lastState?.terminated?.message).toMatch(message);
  });
});
