import { describe, expect, it } from 'vitest';
import { podStories } from './pod-stories.ts';

it('the components of a cluster, and the pause image, run from their own registry', () => {
  const { create, advance, pod, status } = podStories();
  const images = [
    'kube-apiserver:v1.36.0',
    'kube-controller-manager:v1.36.0',
    'kube-scheduler:v1.36.0',
    'kube-proxy:v1.36.0',
    'etcd:3.6.6-0',
    'coredns/coredns:v1.13.1',
    'pause:3.10.1',
  ];
  images.forEach((image, i) => create(`c-${i}`, [{ image: `registry.k8s.io/${image}` }]));
  advance(60);
  images.forEach((image, i) => {
    expect(status(`c-${i}`)).toMatchObject({ ready: true, image: `registry.k8s.io/${image}` });
    expect(pod(`c-${i}`).status.phase).toBe('Running');
  });
});

it('the example of the autoscaler answers', () => {
  const { create, advance, exec, pod } = podStories();
  create('php-apache', [{ image: 'registry.k8s.io/hpa-example' }]);
  create('client', [{ image: 'busybox:1.37', sh: 'sleep 1000' }]);
  advance(30);
  const { podIP = '' } = pod('php-apache').status;
  expect(exec('client', `wget -q -O- http://${podIP}`).text).toContain('OK!');
});

describe('a Pod from a file of its node', () => {
  const etcd = {
    name: 'etcd',
    namespace: 'kube-system',
    labels: { component: 'etcd', tier: 'control-plane' },
    spec: {
      hostNetwork: true,
      priorityClassName: 'system-node-critical',
      containers: [{ name: 'etcd', image: 'registry.k8s.io/etcd:3.6.6-0' }],
    },
  };

  it('has a mirror in the API, and a new one when that is deleted', () => {
    const { advance, client, cluster } = podStories();
    cluster.addStaticPod('control-1', etcd);
    advance(10);
    const mirror = () => client.get('pods', 'kube-system', 'etcd-control-1');
    const first = mirror();
    expect(first?.status).toMatchObject({ phase: 'Running', podIP: '10.0.0.10' });
    expect(first?.metadata.annotations).toHaveProperty(['kubernetes.io/config.mirror']);
    expect(first?.metadata.ownerReferences).toMatchObject([{ kind: 'Node', name: 'control-1' }]);
    if (first) client.delete('pods', first, 5);
    advance(10);
    expect(mirror()?.metadata.uid).not.toBe(first?.metadata.uid);
    expect(mirror()?.status.phase).toBe('Running');
  });
});
