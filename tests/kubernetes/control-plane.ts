import { rfc3339 } from '../../src/engine/sim/clock.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import { Processes } from '../../src/engine/sim/processes.ts';
import type { Pod, PodPhase } from '../../src/engine/kubernetes/api/pod.ts';
import type { ResourceKinds, ResourceName } from '../../src/engine/kubernetes/api/resources.ts';
import { ApiServer } from '../../src/engine/kubernetes/apiserver/api-server.ts';
import { Client } from '../../src/engine/kubernetes/client/client.ts';
import { Components } from '../../src/engine/kubernetes/components.ts';
import { addWorkloadControllers } from '../../src/engine/kubernetes/workload-controllers.ts';
import { setCondition, type Draft } from '../../src/engine/kubernetes/apimachinery/object.ts';

/** For tests: an API server and the controllers of workloads; the test is scheduler and kubelet. */
export function controlPlane(seed = 7) {
  const kernel = new Kernel({ seed });
  const processes = new Processes(kernel);
  const components = new Components(kernel, 'main');
  const serviceCidr = '10.96.0.0/16';
  const door = new ApiServer(kernel, processes, { cluster: 'main', serviceCidr, components });
  addWorkloadControllers(kernel, door, 'main');
  const client = new Client(kernel, door, 'test');
  const namespace = 'default';
  client.create('namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: namespace },
    spec: {},
  });
  client.create('serviceaccounts', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace },
  });

  /** Lets so many milliseconds pass. */
  const pass = (ms: number): void => kernel.advance(kernel.now + ms);

  const list = <R extends ResourceName>(resource: R): ResourceKinds[R][] => [
    ...client.scan(resource, namespace),
  ];

  const get = <R extends ResourceName>(resource: R, name: string): ResourceKinds[R] => {
    const found = client.get(resource, namespace, name);
    if (!found) throw new Error(`there is no ${resource} ${name}`);
    return found;
  };

  const create = <R extends ResourceName>(
    resource: R,
    body: Draft<ResourceKinds[R]>,
  ): ResourceKinds[R] => {
    const result = client.create(resource, {
      ...body,
      metadata: { namespace, ...body.metadata },
    });
    if (!result.ok) throw new Error(result.failure.message);
    return result.value;
  };

  /** Changes what is wanted of an object. */
  const change = <R extends ResourceName>(
    resource: R,
    name: string,
    edit: (object: ResourceKinds[R]) => ResourceKinds[R],
  ): void => {
    const result = client.update(resource, edit(get(resource, name)));
    if (!result.ok) throw new Error(result.failure.message);
  };

  /** What a kubelet would say of a Pod. */
  const report = (pod: Pod, phase: PodPhase, ready = phase === 'Running'): void => {
    const present = client.get('pods', namespace, pod.metadata.name);
    if (!present) return;
    const conditions = setCondition(present.status.conditions ?? [], {
      type: 'Ready',
      status: ready ? 'True' : 'False',
      lastTransitionTime: rfc3339(kernel.now),
    });
    client.updateStatus('pods', { ...present, status: { ...present.status, phase, conditions } });
  };

  /** Runs every Pod that is not running yet, or those of a name. */
  const runPods = (which: (pod: Pod) => boolean = () => true): void => {
    for (const pod of list('pods')) {
      if (pod.status.phase === 'Pending' && which(pod)) report(pod, 'Running');
    }
  };

  /** Lets time pass, with a kubelet that runs whatever comes, until nothing has changed for 3 s. */
  const settle = (limitMs = 120_000): void => {
    const endMs = kernel.now + limitMs;
    for (let quiet = 0; quiet < 30 && kernel.now < endMs; quiet++) {
      const before = door.revision;
      pass(100);
      runPods();
      if (door.revision !== before) quiet = 0;
    }
  };

  const messages = (reason?: string): string[] =>
    list('events')
      .filter((event) => reason === undefined || event.reason === reason)
      .map(({ message }) => message);

  return {
    kernel,
    door,
    components,
    client,
    pass,
    list,
    get,
    create,
    change,
    report,
    runPods,
    settle,
    messages,
  };
}
