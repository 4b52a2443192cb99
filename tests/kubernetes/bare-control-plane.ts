import { ApiServer } from '../../src/engine/kubernetes/apiserver/api-server.ts';
import type { Node } from '../../src/engine/kubernetes/api/cluster-objects.ts';
import type { Pod } from '../../src/engine/kubernetes/api/pod.ts';
import type { ApiDoor } from '../../src/engine/kubernetes/api/requests.ts';
import type { Draft } from '../../src/engine/kubernetes/apimachinery/object.ts';
import { Client } from '../../src/engine/kubernetes/client/client.ts';
import { Components } from '../../src/engine/kubernetes/components.ts';
import { rfc3339 } from '../../src/engine/sim/clock.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import { Processes } from '../../src/engine/sim/processes.ts';

/** What a bare control plane is built of; every controller takes these three. */
export type ControllerOf = (kernel: Kernel, door: ApiDoor, cluster: string) => unknown;

/**
 * For tests: an API server and the controllers under test, no scheduler and no kubelet. The test
 * plays those itself, so that a story about one controller is about nothing else.
 */
export function bareControlPlane(...controllers: readonly ControllerOf[]) {
  const kernel = new Kernel({ seed: 7 });
  const processes = new Processes(kernel);
  const components = new Components(kernel, 'main');
  const options = { cluster: 'main', serviceCidr: '10.96.0.0/16', components };
  const api = new ApiServer(kernel, processes, options);
  for (const controller of controllers) controller(kernel, api, 'main');
  const client = new Client(kernel, api, 'test');
  for (const name of ['default', 'kube-system', 'kube-node-lease']) {
    client.create('namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
      spec: {},
    });
  }
  client.create('serviceaccounts', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: 'default' },
  });
  const run = (seconds: number): void => kernel.advance(kernel.now + seconds * 1000);
  const told = (reason: string): string[] =>
    [...client.scan('events')]
      .filter((event) => event.reason === reason)
      .map(({ message }) => message);
  return { kernel, processes, components, api, client, run, told };
}

export type BareControlPlane = ReturnType<typeof bareControlPlane>;

/** What a request came to, when it must have come to something. */
export function value<T>(
  result: { ok: true; value: T } | { ok: false; failure: { message: string } },
) {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value;
}

const condition = (type: string, status: 'True' | 'False', now: string) => ({
  type,
  status,
  reason: type,
  lastTransitionTime: now,
});

/** A node that is ready, with its Lease. */
export function addNode({ client, kernel }: BareControlPlane, name: string, zone?: string): void {
  const now = rfc3339(kernel.now);
  const labels = {
    'kubernetes.io/hostname': name,
    ...(zone !== undefined && { 'topology.kubernetes.io/zone': zone }),
  };
  const created = client.create('nodes', {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels },
    spec: {},
    status: {},
  });
  const node: Node = value(created);
  const conditions = [
    condition('MemoryPressure', 'False', now),
    condition('DiskPressure', 'False', now),
    condition('PIDPressure', 'False', now),
    condition('Ready', 'True', now),
  ];
  const capacity = { cpu: '4', memory: '8Gi', pods: '110' };
  client.updateStatus('nodes', {
    ...node,
    status: { capacity, allocatable: capacity, conditions },
  });
  client.create('leases', {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: 'kube-node-lease' },
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: now },
  });
}

/** The heartbeat of a kubelet, as often as the test says. */
export function renewLease({ client, kernel }: BareControlPlane, name: string): void {
  const lease = client.get('leases', 'kube-node-lease', name);
  if (!lease) return;
  const renewTime = rfc3339(kernel.now);
  client.update('leases', { ...lease, spec: { ...lease.spec, renewTime } });
}

/** A Pod as a manifest would have it. */
export function podNamed(name: string, more: Partial<Draft<Pod>> = {}): Draft<Pod> {
  const { metadata, spec, ...rest } = more;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', ...metadata },
    spec: { containers: [{ name: 'web', image: 'nginx:1.29-alpine' }], ...spec },
    ...rest,
  };
}

/** Creates a Pod and plays scheduler and kubelet: it runs on a node, ready or not. */
export function runPod(
  plane: BareControlPlane,
  draft: Draft<Pod>,
  node: string,
  isReady = true,
): Pod {
  const { client } = plane;
  const { namespace = 'default', name } = value(client.create('pods', draft)).metadata;
  client.bind(namespace, name, node);
  return setReady(plane, namespace, name, isReady);
}

export function setReady(
  { client, kernel }: BareControlPlane,
  namespace: string,
  name: string,
  isReady: boolean,
): Pod {
  const pod = client.get('pods', namespace, name);
  if (!pod) throw new Error(`no Pod ${namespace}/${name}`);
  const now = rfc3339(kernel.now);
  const others = (pod.status.conditions ?? []).filter(({ type }) => type !== 'Ready');
  const conditions = [...others, condition('Ready', isReady ? 'True' : 'False', now)];
  const startTime = pod.status.startTime ?? now;
  const status = { ...pod.status, phase: 'Running' as const, startTime, conditions };
  return value(client.updateStatus('pods', { ...pod, status }));
}
