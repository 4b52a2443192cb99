import { isPodFinished, isPodReady, type Pod } from '../../src/engine/kubernetes/api/pod.ts';
import type { DaemonSet } from '../../src/engine/kubernetes/api/workloads.ts';
import { describeObject } from '../../src/engine/kubernetes/apimachinery/object.ts';
import type { Client } from '../../src/engine/kubernetes/client/client.ts';
import { nodeShouldRun } from '../../src/engine/kubernetes/controllers/daemonset/node-should-run.ts';
import { parseRfc3339 } from '../../src/engine/sim/clock.ts';
import { isGone, ownerOf, share, siblingsOf } from './kubernetes-rules.ts';

/**
 * What the controller of a DaemonSet may take away of its own will (pkg/controller/daemon/update.go,
 * v1.36). Pods that are not available, or whose node is not theirs any more, may always go.
 *
 * @param pod as it was when it was taken away
 * @returns what is wrong with that, in words
 */
export function wrongDaemon(client: Client, pod: Pod): string | undefined {
  const set = ownerOf(client, 'daemonsets', pod);
  const { nodeName = '' } = pod.spec;
  const node = client.get('nodes', '', nodeName);
  const nowMs = client.kernel.now;
  if (!set || !node || !isAvailable(set, pod, nowMs)) return undefined;
  const { shouldRun, shouldContinueRunning } = nodeShouldRun(node, set);
  if (!shouldContinueRunning) return undefined;
  const others = siblingsOf(client, pod).filter((one) => !(isPodFinished(one) && isGone(one)));
  const beside = others.filter((one) => one.spec.nodeName === nodeName && !isGone(one));
  if (beside.some((one) => isAvailable(set, one, nowMs))) return undefined;
  const { type, rollingUpdate = {} } = set.spec.updateStrategy;
  const what = `${describeObject(pod)} goes`;
  const surges = type !== 'OnDelete' && share(rollingUpdate.maxSurge ?? 0, 1) > 0;
  // Of two that may not be on one node at once the younger goes.
  if (!surges && beside.length > 0) return undefined;
  if (type === 'OnDelete') return `${what} though its set updates OnDelete`;
  const { up, missing, wanted } = countNodes(client, set, [...others], nodeName);
  if (surges && shouldRun) return `${what} from ${nodeName} before another is there`;
  if (surges) return up < wanted ? `${what} and leaves ${up} of ${wanted} nodes` : undefined;
  const most = Math.ceil(share(rollingUpdate.maxUnavailable ?? 1, wanted));
  return missing > most ? `${what} and leaves ${missing} nodes without of ${most}` : undefined;
}

/** Nodes with a Pod that is available, and those without; all that want one or have one count. */
function countNodes(client: Client, set: DaemonSet, pods: readonly Pod[], left: string) {
  const wanted = [...client.scan('nodes')].filter((node) => nodeShouldRun(node, set).shouldRun);
  const nodes = new Map([left, ...wanted.map(({ metadata }) => metadata.name)].map((n) => [n, 0]));
  for (const pod of pods) {
    const { nodeName } = pod.spec;
    const count = Number(!isGone(pod) && isAvailable(set, pod, client.kernel.now));
    if (nodeName) nodes.set(nodeName, (nodes.get(nodeName) ?? 0) + count);
  }
  const up = [...nodes.values()].filter((count) => count > 0).length;
  return { up, missing: nodes.size - up, wanted: wanted.length };
}

/** Ready for as long as the set asks. */
export function isAvailable({ spec }: DaemonSet, pod: Pod, nowMs: number): boolean {
  const ready = pod.status.conditions?.find(({ type }) => type === 'Ready');
  const sinceMs = parseRfc3339(ready?.lastTransitionTime ?? '') ?? nowMs;
  return isPodReady(pod) && nowMs - sinceMs >= (spec.minReadySeconds ?? 0) * 1000;
}
