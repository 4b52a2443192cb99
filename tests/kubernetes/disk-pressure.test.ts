import { describe, expect, it } from 'vitest';
import { podStories } from './pod-stories.ts';
import { scenario } from './scenario-session.ts';

const GIB = 2 ** 30;
const idle = { sh: 'sleep 10000' };

describe('a Pod that writes more than it may', () => {
  const write = (mebibytes: number, path: string) =>
    `dd if=/dev/zero of=${path} bs=1M count=${mebibytes}`;

  it('is evicted when its emptyDir grows over its size', () => {
    const { create, advance, exec, pod, events, logs } = podStories();
    create('web', [{ ...idle, volumeMounts: [{ name: 'cache', mountPath: '/cache' }] }], {
      volumes: [{ name: 'cache', emptyDir: { sizeLimit: '1Mi' } }],
    });
    advance(15);
    exec('web', write(1, '/cache/a'));
    advance(15);
    expect(pod('web').status.phase).toBe('Running');
    exec('web', write(1, '/cache/b'));
    advance(15);
    const message = 'Usage of EmptyDir volume "cache" exceeds the limit "1Mi". ';
    expect(pod('web').status).toMatchObject({ phase: 'Failed', reason: 'Evicted', message });
    expect(events('web')).toContain(`Evicted: ${message}`);
    // Nothing is kept of it but its status.
    expect(logs('web').text).toMatch(/^unable to retrieve container logs for containerd:/);
  });

  it('is evicted when it writes more to its own layer than its containers may', () => {
    const { create, advance, exec, pod } = podStories();
    const limits = { 'ephemeral-storage': '1Mi' };
    create('web', [{ ...idle, resources: { limits } }]);
    create('two', [
      { ...idle, resources: { limits } },
      { ...idle, resources: { limits } },
    ]);
    advance(15);
    exec('web', write(2, '/a'));
    exec('two', 'head -c 1200000 /dev/zero > /a', 'app');
    advance(15);
    expect(pod('web').status).toMatchObject({
      reason: 'Evicted',
      message: 'Pod ephemeral local storage usage exceeds the total limit of containers 1Mi. ',
    });
    expect(pod('two').status).toMatchObject({
      reason: 'Evicted',
      message: 'Container app exceeded its local ephemeral storage limit "1Mi". ',
    });
  });

  it('has room again when it takes away what it wrote', () => {
    const { create, advance, exec, pod } = podStories();
    create('web', [{ ...idle, resources: { limits: { 'ephemeral-storage': '3Mi' } } }]);
    advance(15);
    for (let i = 0; i < 4; i++) {
      exec('web', `${write(2, '/a')}; rm /a`);
      advance(15);
    }
    expect(pod('web').status.phase).toBe('Running');
  });
});

describe('a node whose disk runs out', () => {
  const pressure = ({ client }: ReturnType<typeof podStories>) =>
    client
      .get('nodes', '', 'node-1')
      ?.status.conditions?.find(({ type }) => type === 'DiskPressure');

  it('ends the Pod that exceeds its requests, then the less important, and takes no new ones', () => {
    const stories = podStories();
    const { create, advance, exec, pod, client } = stories;
    const asks = (amount: string) => ({
      ...idle,
      resources: { requests: { 'ephemeral-storage': amount } },
    });
    create('modest', [asks('30Gi')]);
    create('greedy', [asks('10Gi')]);
    create('quiet', [idle]);
    advance(15);
    exec('modest', `dd if=/dev/zero of=/data bs=1M count=${20 * 1024}`);
    exec('greedy', `dd if=/dev/zero of=/data bs=1M count=${26 * 1024}`);
    advance(15);
    expect(pressure(stories)).toMatchObject({
      status: 'True',
      reason: 'KubeletHasDiskPressure',
      message: 'kubelet has disk pressure',
    });
    expect(pod('greedy').status).toMatchObject({ phase: 'Failed', reason: 'Evicted' });
    expect(pod('greedy').status.message).toMatch(
      /^The node was low on resource: ephemeral-storage\. Threshold quantity: 10307921510, available: \d+\w*\. Container app was using 26Gi, request is 10Gi, has larger consumption of ephemeral-storage\. $/,
    );
    advance(30);
    expect(pod('modest').status.phase).toBe('Running');
    expect(pod('quiet').status.phase).toBe('Running');
    const { taints = [] } = client.get('nodes', '', 'node-1')?.spec ?? {};
    expect(taints.map(({ key }) => key)).toContain('node.kubernetes.io/disk-pressure');
    create('late', [idle]);
    advance(5);
    expect(pod('late').status).toMatchObject({
      reason: 'Evicted',
      message: 'Pod was rejected: The node had condition: [DiskPressure]. ',
    });
    advance(310);
    expect(pressure(stories)).toMatchObject({ status: 'False' });
  });

  it('writes nothing any more when it is full', () => {
    const { create, advance, exec } = podStories();
    create('web', [idle]);
    advance(15);
    const { text } = exec('web', `dd if=/dev/zero of=/data bs=1M count=${60 * 1024}; df -k /`);
    expect(text).toContain('No space left on device');
    expect(text).toMatch(/100% \/$/m);
  });

  it('gives up images that nobody uses before it ends a Pod', () => {
    const { create, advance, exec, pod, client, containerd } = podStories();
    create('once', [{ image: 'nginx:1.29' }]);
    create('web', [idle]);
    advance(30);
    const once = client.get('pods', 'default', 'once');
    if (once) client.delete('pods', once, 0);
    advance(150);
    const names = () => containerd.content.rows('node-1').map(([name]) => name);
    expect(names()).toContain('docker.io/library/nginx:1.29');
    // So much is left that the image makes the difference.
    const freeBytes = 64 * GIB - containerd.space.usedOn('node-1');
    const writtenBytes = freeBytes - (64 * GIB * 15) / 100 + 10 * 2 ** 20;
    exec('web', `dd if=/dev/zero of=/data bs=1M count=${Math.ceil(writtenBytes / 2 ** 20)}`);
    advance(15);
    expect(names()).toEqual(['docker.io/library/alpine:3.22']);
    expect(pod('web').status.phase).toBe('Running');
  });

  it('says every five minutes what it could not free', () => {
    const { create, advance, exec, kernel, containerd } = podStories();
    create('web', [idle]);
    advance(15);
    const writtenBytes = 64 * GIB * 0.845 - containerd.space.usedOn('node-1');
    exec('web', `dd if=/dev/zero of=/data bs=1M count=${Math.ceil(writtenBytes / 2 ** 20)}`);
    const told = () =>
      kernel.trace
        .of('Node node-1')
        .filter(({ verb, actor }) => verb === 'warn' && actor === 'kubelet/node-1')
        .map(({ reason, message }) => `${reason}: ${message}`);
    const why =
      /^Failed to garbage collect required amount of images\. Attempted to free \d+ bytes, but only found 0 bytes eligible to free\.$/;
    advance(310);
    expect(told()).toEqual([expect.stringMatching(/^FreeDiskSpaceFailed: /)]);
    expect(told()[0]?.replace('FreeDiskSpaceFailed: ', '')).toMatch(why);
    advance(300);
    expect(told().map((one) => one.split(':')[0])).toEqual([
      ...['FreeDiskSpaceFailed', 'FreeDiskSpaceFailed', 'ImageGCFailed'],
    ]);
  });
});

it('drydock fault disk fills a disk, and says what the kubelet could not free', () => {
  const { sh } = scenario();
  sh('kubectl run web --image=nginx:1.29 --overrides=\'{"spec":{"nodeName":"node-1"}}\'');
  sh('sleep 20s');
  expect(sh('drydock fault disk node-1 fill')).toBe('');
  expect(sh('drydock faults')).toContain('disk node-1 fill');
  sh('sleep 30s');
  expect(sh('kubectl get pod web --no-headers')).toContain('Completed');
  expect(sh('kubectl describe node node-1')).toContain('Attempting to reclaim ephemeral-storage');
  sh('drydock fault disk node-1 free');
  sh('sleep 6m');
  expect(sh('kubectl describe node node-1')).toContain('KubeletHasNoDiskPressure');
});
