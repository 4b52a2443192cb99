import { isPodFinished, isPodReady, type Pod } from '../../src/engine/kubernetes/api/pod.ts';
import { targetNode } from '../../src/engine/kubernetes/controllers/daemonset/daemon-pod.ts';
import { Random } from '../../src/engine/sim/random.ts';
import { controlPlane } from '../kubernetes/control-plane.ts';
import { Onlooker } from './kubernetes-acts.ts';

/** The longest wait: a DaemonSet's Pod that failed is made anew after 15 min at the latest. */
const REST_MS = 20 * 60_000;

/**
 * For properties: a control plane whose scheduler and kubelets are played. They take their time, and
 * Pods become ready late, fail, or are struck by what comes from outside.
 */
export function unsteady(seed: number, topic: string) {
  const plane = controlPlane(seed);
  const { client, kernel, create, list, pass } = plane;
  const random = new Random(seed, [topic]);
  const chance = (oneIn: number): boolean => random.integer(1, oneIn) === 1;
  const onlooker = new Onlooker(client, kernel);
  const nodes = () => [...client.scan('nodes')];
  const addNode = (name: string): void => {
    const labels = { disk: random.pick(['ssd', 'hdd']) };
    const metadata = { name, namespace: undefined, labels };
    const node = create('nodes', { apiVersion: 'v1', kind: 'Node', metadata, spec: {} });
    // The taint that new nodes come with goes at once.
    client.update('nodes', { ...node, spec: {} });
  };
  const unsettled = { ...plane, random, chance, onlooker, nodes, addNode };
  /** Some time, in which some Pods get on. */
  const wait = (): void => {
    for (let i = random.integer(1, 12); i > 0; i--) {
      for (const pod of list('pods')) if (chance(3)) carryOn(unsettled, pod, true);
      pass(random.pick([20, 200, 1000, 3000]));
    }
  };
  return { ...unsettled, wait };
}

export type Unsteady = ReturnType<typeof unsteady>;
type Unsettled = Omit<Unsteady, 'wait'>;

/** The next step of a Pod on its way up or down. */
function carryOn(world: Unsettled, pod: Pod, mayFail: boolean): void {
  const { client, chance, report, random, nodes } = world;
  const { nodeName } = pod.spec;
  const { phase } = pod.status;
  if (pod.metadata.deletionTimestamp) {
    if (!isPodFinished(pod)) report(pod, 'Failed');
    client.delete('pods', pod, 0);
  } else if (!nodeName) {
    const target = targetNode(pod) ?? random.pick(nodes()).metadata.name;
    if (client.get('nodes', '', target)) client.bind('default', pod.metadata.name, target);
  } else if (phase === 'Pending') {
    report(pod, 'Running', !mayFail || chance(2));
  } else if (phase === 'Running' && !isPodReady(pod)) {
    report(pod, mayFail && chance(5) ? 'Failed' : 'Running');
  }
}

/** A node is gone, and the Pods on it. */
export function dropNode({ client, random, nodes, list }: Unsteady): void {
  if (nodes().length <= 2) return;
  const node = random.pick(nodes());
  client.delete('nodes', node);
  for (const pod of list('pods')) {
    if (pod.spec.nodeName === node.metadata.name) client.delete('pods', pod, 0);
  }
}

/** Somebody deletes a Pod, or it fails, or it is not ready any more. */
export function strike({ client, random, chance, list, report }: Unsteady): void {
  const pods = list('pods').filter((pod) => pod.spec.nodeName && !isPodFinished(pod));
  if (pods.length === 0) return;
  const pod = random.pick(pods);
  if (chance(3)) client.delete('pods', pod, 30);
  else report(pod, chance(4) ? 'Failed' : 'Running', false);
}

/** Every Pod gets on, until nothing is left to do. */
export function settle(world: Unsteady): void {
  const { kernel, door, list, pass } = world;
  const endMs = kernel.now + REST_MS;
  for (let quiet = 0; quiet < 5 && kernel.now < endMs; quiet++) {
    const before = door.revision;
    for (const pod of list('pods')) carryOn(world, pod, false);
    pass(1000);
    const waits = list('pods').some(({ status }) => status.phase === 'Failed');
    if (door.revision !== before || waits) quiet = 0;
  }
}
