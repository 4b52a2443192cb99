import { describe, expect, it } from 'vitest';
import type { Service } from '../../src/engine/kubernetes/api/cluster-objects.ts';
import type { Pod } from '../../src/engine/kubernetes/api/pod.ts';
import type { Draft } from '../../src/engine/kubernetes/apimachinery/object.ts';
import { PodGarbageCollector } from '../../src/engine/kubernetes/controllers/pod-garbage-collector/pod-garbage-collector.ts';
import { ResourceQuotaController } from '../../src/engine/kubernetes/controllers/resource-quota/resource-quota-controller.ts';
import { ServiceLoadBalancerController } from '../../src/engine/kubernetes/controllers/service-load-balancer/service-load-balancer-controller.ts';
import { TtlAfterFinishedController } from '../../src/engine/kubernetes/controllers/ttl-after-finished/ttl-after-finished-controller.ts';
import { rfc3339 } from '../../src/engine/sim/clock.ts';
import {
  addNode,
  bareControlPlane,
  podNamed,
  runPod,
  value,
  type BareControlPlane,
} from './bare-control-plane.ts';

function finish({ client }: BareControlPlane, name: string): void {
  const pod = client.get('pods', 'default', name);
  if (!pod) throw new Error(`no Pod ${name}`);
  const status: Pod['status'] = { ...pod.status, phase: 'Succeeded' };
  value(client.updateStatus('pods', { ...pod, status }));
}

describe('a quota', () => {
  it('counts what is there, and what has gone or ended no more', () => {
    const plane = bareControlPlane(
      (kernel, door, cluster) => new ResourceQuotaController(kernel, door, cluster),
    );
    const { client, run } = plane;
    addNode(plane, 'node-1');
    const resources = { requests: { cpu: '250m', memory: '64Mi' }, limits: { cpu: '1' } };
    const spec = { containers: [{ name: 'web', image: 'nginx', resources }] };
    for (const name of ['a', 'b', 'c']) runPod(plane, podNamed(name, { spec }), 'node-1');
    client.create('resourcequotas', {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'team', namespace: 'default' },
      spec: {
        hard: {
          pods: '10',
          'requests.cpu': '2',
          'requests.memory': '1Gi',
          'limits.cpu': '4',
          'count/configmaps': '5',
          services: '2',
        },
      },
    });
    run(1);
    const used = () => client.get('resourcequotas', 'default', 'team')?.status.used;
    expect(used()).toEqual({
      pods: '3',
      'requests.cpu': '750m',
      'requests.memory': '192Mi',
      'limits.cpu': '3',
      'count/configmaps': '0',
      services: '0',
    });
    finish(plane, 'a');
    run(1);
    expect(used()).toMatchObject({ pods: '2', 'requests.cpu': '500m', 'limits.cpu': '2' });
    const pod = client.get('pods', 'default', 'b');
    if (pod) client.delete('pods', pod, 0);
    run(1);
    expect(used()).toMatchObject({ pods: '1', 'requests.memory': '64Mi' });
  });
});

describe('a finished Job', () => {
  it('goes so many seconds after its end', () => {
    const { client, kernel, run } = bareControlPlane(
      (kernel, door, cluster) => new TtlAfterFinishedController(kernel, door, cluster),
    );
    const job = value(
      client.create('jobs', {
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'pi', namespace: 'default' },
        spec: {
          ttlSecondsAfterFinished: 100,
          template: {
            spec: { restartPolicy: 'Never', containers: [{ name: 'pi', image: 'perl' }] },
          },
        },
      }),
    );
    run(500);
    const there = () => client.get('jobs', 'default', 'pi');
    expect(there()?.metadata.deletionTimestamp).toBeUndefined();
    const lastTransitionTime = rfc3339(kernel.now);
    const complete = { type: 'Complete', status: 'True' as const, lastTransitionTime };
    client.updateStatus('jobs', { ...job, status: { conditions: [complete] } });
    run(99);
    expect(there()?.metadata.deletionTimestamp).toBeUndefined();
    run(2);
    expect(there()?.metadata.deletionTimestamp ?? 'gone').toBeDefined();
    expect(there()?.metadata.finalizers ?? ['foregroundDeletion']).toContain('foregroundDeletion');
  });
});

describe('Pods that nobody else deletes', () => {
  it('go forty seconds after their node, marked with who ended them', () => {
    const plane = bareControlPlane(
      (kernel, door, cluster) => new PodGarbageCollector(kernel, door, cluster),
    );
    const { client, run } = plane;
    addNode(plane, 'node-1');
    addNode(plane, 'node-2');
    runPod(plane, podNamed('lost'), 'node-1');
    runPod(plane, podNamed('kept'), 'node-2');
    run(7);
    const node = client.get('nodes', '', 'node-1');
    if (node) client.delete('nodes', node);
    run(39);
    expect(client.get('pods', 'default', 'lost')).toBeDefined();
    run(20);
    expect(client.get('pods', 'default', 'lost')).toBeUndefined();
    expect(client.get('pods', 'default', 'kept')).toBeDefined();
  });

  it('stay when their node comes back in time', () => {
    const plane = bareControlPlane(
      (kernel, door, cluster) => new PodGarbageCollector(kernel, door, cluster),
    );
    const { client, run } = plane;
    addNode(plane, 'node-1');
    runPod(plane, podNamed('web'), 'node-1');
    const node = client.get('nodes', '', 'node-1');
    if (node) client.delete('nodes', node);
    run(20);
    addNode(plane, 'node-1');
    run(120);
    expect(client.get('pods', 'default', 'web')).toBeDefined();
  });
});

describe('Pods on a node that is out of service', () => {
  it('go at last, when somebody says so', () => {
    const plane = bareControlPlane(
      (kernel, door, cluster) => new PodGarbageCollector(kernel, door, cluster),
    );
    const { client, run } = plane;
    addNode(plane, 'node-1');
    runPod(plane, podNamed('leaving'), 'node-1');
    runPod(plane, podNamed('staying'), 'node-1');
    const leaving = client.get('pods', 'default', 'leaving');
    if (leaving) client.delete('pods', leaving);
    const node = client.get('nodes', '', 'node-1');
    if (!node) throw new Error('no node');
    const conditions = [{ type: 'Ready', status: 'Unknown' as const }];
    const silent = value(
      client.updateStatus('nodes', { ...node, status: { ...node.status, conditions } }),
    );
    run(600);
    expect(client.get('pods', 'default', 'leaving')).toBeDefined();
    const taint = { key: 'node.kubernetes.io/out-of-service', effect: 'NoExecute' };
    value(client.update('nodes', { ...silent, spec: { ...silent.spec, taints: [taint] } }));
    run(21);
    expect(client.get('pods', 'default', 'leaving')).toBeUndefined();
    expect(client.get('pods', 'default', 'staying')).toBeDefined();
    const staying = client.get('pods', 'default', 'staying');
    if (staying) client.delete('pods', staying);
    run(21);
    expect(client.get('pods', 'default', 'staying')).toBeUndefined();
  });
});

describe('a Service of type LoadBalancer', () => {
  const balanced = (name: string): Draft<Service> => ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { type: 'LoadBalancer', selector: { app: name }, ports: [{ port: 80 }] },
  });

  function cloud() {
    const plane = bareControlPlane(
      (kernel, door, cluster) => new ServiceLoadBalancerController(kernel, door, cluster),
    );
    const { client } = plane;
    const addressOf = (name: string) => {
      const { ingress } = (client.get('services', 'default', name)?.status.loadBalancer ?? {}) as {
        ingress?: readonly { ip?: string }[];
      };
      return ingress?.[0]?.ip;
    };
    const remove = (name: string): void => {
      const service = client.get('services', 'default', name);
      if (service) client.delete('services', service);
    };
    return { ...plane, addressOf, remove };
  }

  it('gets the lowest free address, which is free again when it goes', () => {
    const { client, run, addressOf, remove, told } = cloud();
    client.create('services', balanced('a'));
    client.create('services', balanced('b'));
    run(1);
    expect([addressOf('a'), addressOf('b')]).toEqual(['192.168.11.240', '192.168.11.241']);
    expect(told('EnsuringLoadBalancer')).toContain('Ensuring load balancer');
    expect(told('EnsuredLoadBalancer')).toContain('Ensured load balancer');
    remove('a');
    run(1);
    expect(client.get('services', 'default', 'a')).toBeUndefined();
    client.create('services', balanced('c'));
    run(1);
    expect(addressOf('c')).toBe('192.168.11.240');
  });

  it('stays pending when the range is used up, until one is free', () => {
    const { client, run, addressOf, remove, told } = cloud();
    for (let i = 0; i < 12; i++) client.create('services', balanced(`s-${i}`));
    run(1);
    expect(addressOf('s-10')).toBe('192.168.11.250');
    expect(addressOf('s-11')).toBeUndefined();
    expect(told('SyncLoadBalancerFailed')).toEqual([
      'Error syncing load balancer: failed to ensure load balancer: no available IPs',
    ]);
    remove('s-3');
    run(1);
    expect(addressOf('s-11')).toBe('192.168.11.243');
  });

  it('gives its address back when it becomes an ordinary Service', () => {
    const { client, run, addressOf, told } = cloud();
    client.create('services', balanced('a'));
    run(1);
    const service = client.get('services', 'default', 'a');
    if (!service) throw new Error('no Service');
    const { allocateLoadBalancerNodePorts: _, externalTrafficPolicy: __, ...spec } = service.spec;
    const ports = (spec.ports ?? []).map(({ nodePort: ___, ...port }) => port);
    value(client.update('services', { ...service, spec: { ...spec, ports, type: 'ClusterIP' } }));
    run(1);
    expect(addressOf('a')).toBeUndefined();
    expect(told('Type')).toEqual(['LoadBalancer -> ClusterIP']);
    expect(client.get('services', 'default', 'a')?.metadata.finalizers ?? []).toEqual([]);
  });
});
