import { describe, expect, it } from 'vitest';
import { podStories } from './pod-stories.ts';

describe('init containers', () => {
  it('run one after the other, each to its end, before the others start', () => {
    const { create, advance, pod, status, condition, kernel } = podStories();
    create('web', [{ sh: 'sleep 1000' }], {
      initContainers: [
        { name: 'first', image: 'alpine:3.22', command: ['sleep', '5'] },
        { name: 'second', image: 'alpine:3.22', command: ['sleep', '5'] },
      ],
    });
    advance(4);
    expect(pod('web').status.phase).toBe('Pending');
    expect(status('web', 'first').state?.running).toBeDefined();
    expect(status('web', 'second').state?.waiting?.reason).toBe('PodInitializing');
    expect(condition('web', 'Initialized')).toMatchObject({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: 'containers with incomplete status: [first second]',
    });
    advance(20);
    expect(pod('web').status.phase).toBe('Running');
    expect(status('web', 'second')).toMatchObject({ ready: true, started: false });
    expect(status('web', 'second').state?.terminated).toMatchObject({ reason: 'Completed' });
    const started = kernel.trace
      .of('Pod default/web')
      .filter(({ verb, actor }) => verb === 'start' && actor.startsWith('containerd'))
      .map(({ timeMs }) => timeMs);
    expect(started).toHaveLength(3);
    expect((started[1] ?? 0) - (started[0] ?? 0)).toBeGreaterThan(5000);
    expect((started[2] ?? 0) - (started[1] ?? 0)).toBeGreaterThan(5000);
  });

  it('that fail are tried again, unless the Pod never restarts', () => {
    const { create, advance, pod, status } = podStories();
    const initContainers = [
      { name: 'setup', image: 'alpine:3.22', command: ['sh', '-c', 'exit 3'] },
    ];
    create('again', [{ sh: 'sleep 1000' }], { initContainers });
    create('never', [{ sh: 'sleep 1000' }], { initContainers, restartPolicy: 'Never' });
    advance(30);
    expect(pod('again').status.phase).toBe('Pending');
    expect(status('again', 'setup').restartCount).toBeGreaterThan(1);
    expect(status('again', 'setup').state?.waiting?.reason).toBe('CrashLoopBackOff');
    expect(pod('never').status.phase).toBe('Failed');
    expect(status('never', 'setup').state?.terminated?.exitCode).toBe(3);
    expect(status('never', 'app').state?.waiting?.reason).toBe('PodInitializing');
  });
});

/** Ends within a second of SIGTERM. */
const LASTING = 'trap "exit 0" TERM; while true; do sleep 1; done';

describe('a sidecar', () => {
  const sidecar = (more: object = {}) => ({
    name: 'proxy',
    image: 'nginx:1.29-alpine',
    restartPolicy: 'Always' as const,
    ...more,
  });

  it('is waited for until its startup probe succeeds, and then runs on', () => {
    const { create, advance, until, status, pod, kernel } = podStories();
    const startupProbe = { httpGet: { port: 80 }, initialDelaySeconds: 10, periodSeconds: 5 };
    create('web', [{ sh: 'sleep 1000' }], { initContainers: [sidecar({ startupProbe })] });
    expect(until(() => status('web', 'proxy').state?.running !== undefined)).toBe(true);
    const proxyMs = kernel.now;
    expect(status('web').state?.waiting?.reason).toBe('PodInitializing');
    expect(until(() => status('web').state?.running !== undefined)).toBe(true);
    expect(kernel.now - proxyMs).toBeGreaterThan(10_000);
    advance(5);
    expect(status('web', 'proxy')).toMatchObject({ started: true, ready: true });
    expect(pod('web').status.phase).toBe('Running');
  });

  it('does not keep a Pod from being over, and is stopped last', () => {
    const { create, advance, pod, status, kernel } = podStories();
    create('job', [{ sh: 'sleep 5' }], {
      initContainers: [sidecar()],
      restartPolicy: 'Never',
    });
    advance(60);
    expect(pod('job').status.phase).toBe('Succeeded');
    expect(status('job', 'proxy').state?.terminated).toBeDefined();
    const stops = kernel.trace
      .of('Pod default/job')
      .filter(({ verb, actor }) => verb === 'exit' && actor.startsWith('kubelet'))
      .map(({ detail }) => (detail as { container: string }).container);
    expect(stops).toEqual(['app', 'proxy']);
  });

  it('of a Pod that is deleted gets its signal when the others have gone', () => {
    const { create, advance, client, pod, kernel } = podStories();
    create('web', [{ sh: 'trap "sleep 4; exit 0" TERM; while true; do sleep 1; done' }], {
      initContainers: ['one', 'two'].map((name) =>
        sidecar({ name, image: 'alpine:3.22', command: ['sh', '-c', LASTING] }),
      ),
    });
    advance(20);
    expect(pod('web').status.phase).toBe('Running');
    client.delete('pods', pod('web'), 30);
    advance(40);
    expect(client.get('pods', 'default', 'web')).toBeUndefined();
    const stops = kernel.trace
      .of('Pod default/web')
      .filter(({ verb, actor }) => verb === 'exit' && actor.startsWith('kubelet'))
      .map(({ detail }) => (detail as { container: string }).container);
    expect(stops).toEqual(['app', 'two', 'one']);
  });
});

describe('a container put into a running Pod', () => {
  it('runs once beside the others', () => {
    const { create, advance, pod, exec, door } = podStories();
    create('web', [{ image: 'nginx:1.29-alpine' }]);
    advance(10);
    const now = pod('web');
    const debug = { name: 'debug', image: 'alpine:3.22', command: ['sleep', '8'] };
    const written = door.request({
      ...{ verb: 'update', resource: 'pods', subresource: 'ephemeralcontainers', user: 'kubectl' },
      ...{ namespace: 'default', name: 'web' },
      body: { ...now, spec: { ...now.spec, ephemeralContainers: [debug] } },
    });
    expect(written.ok).toBe(true);
    advance(5);
    const seen = () => pod('web').status.ephemeralContainerStatuses?.[0];
    expect(seen()?.state?.running).toBeDefined();
    expect(exec('web', 'hostname', 'debug').text).toBe('web\n');
    advance(10);
    expect(seen()?.state?.terminated).toMatchObject({ reason: 'Completed' });
    expect(seen()?.restartCount).toBe(0);
    expect(pod('web').status.phase).toBe('Running');
  });
});

describe('a Pod on the network of its node', () => {
  it("has the node's address and is probed there", () => {
    const { create, advance, pod, status, exec } = podStories();
    const readinessProbe = { httpGet: { port: 80 }, periodSeconds: 1 };
    create('web', [{ image: 'nginx:1.29-alpine', readinessProbe }], { hostNetwork: true });
    create('client', [{ image: 'busybox:1.37', command: ['sleep', '1000'] }]);
    advance(15);
    expect(pod('web').status).toMatchObject({ podIP: '10.0.0.11', hostIP: '10.0.0.11' });
    expect(status('web').ready).toBe(true);
    expect(exec('client', 'wget -q -O- http://10.0.0.11').text).toContain('Welcome to nginx');
  });
});

describe('a port of the node', () => {
  it('leads to the Pod that asked for it, as long as that is there', () => {
    const { create, advance, pod, exec, client } = podStories();
    const ports = [{ containerPort: 80, hostPort: 8088 }];
    create('web', [{ image: 'nginx:1.29-alpine', ports }]);
    create('client', [{ image: 'busybox:1.37', command: ['sleep', '1000'] }]);
    advance(15);
    const get = () => exec('client', 'wget -q -O- http://10.0.0.11:8088 2>&1').text;
    expect(get()).toContain('Welcome to nginx');
    client.delete('pods', pod('web'), 3);
    advance(5);
    expect(get()).toContain('Connection refused');
  });
});
