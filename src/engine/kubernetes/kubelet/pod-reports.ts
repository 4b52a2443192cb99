import type { Kernel } from '../../sim/kernel.ts';
import { isPodReady, type Pod } from '../api/pod.ts';
import type { ApiDoor } from '../api/requests.ts';
import { sameValue } from '../apimachinery/canonical-json.ts';
import { describeObject } from '../apimachinery/object.ts';
import { Client } from '../client/client.ts';
import { EventRecorder } from '../client/event-recorder.ts';
import { statusOf } from './pod-status.ts';
import type { PodWork } from './pod-worker-row.ts';

/**
 * What kubelets tell the API server: Events about containers, and the status of Pods. A kubelet
 * that has fallen silent tells nothing.
 */
export class PodReports {
  readonly #kernel: Kernel;
  readonly #door: ApiDoor;
  readonly #isSilent: (node: string) => boolean;
  readonly #clients = new Map<string, Client>();
  readonly #recorders = new Map<string, EventRecorder>();

  constructor(kernel: Kernel, door: ApiDoor, isSilent: (node: string) => boolean) {
    this.#kernel = kernel;
    this.#door = door;
    this.#isSilent = isSilent;
  }

  /** The API client of one node's kubelet. */
  client(node: string): Client {
    let client = this.#clients.get(node);
    if (!client) {
      client = new Client(this.#kernel, this.#door, `kubelet/${node}`);
      this.#clients.set(node, client);
    }
    return client;
  }

  #recorder(node: string): EventRecorder {
    let recorder = this.#recorders.get(node);
    if (!recorder) {
      recorder = new EventRecorder(this.client(node), 'kubelet', node);
      this.#recorders.set(node, recorder);
    }
    return recorder;
  }

  /** Good news of a container, or of the whole Pod; gives the trace record. */
  tell(node: string, pod: Pod, container: string, reason: string, message: string): number {
    return this.#note(node, pod, container, { type: 'Normal', reason, message });
  }

  warn(node: string, pod: Pod, container: string, reason: string, message: string): number {
    return this.#note(node, pod, container, { type: 'Warning', reason, message });
  }

  #note(
    node: string,
    pod: Pod,
    container: string,
    news: { type: 'Normal' | 'Warning'; reason: string; message: string },
  ): number {
    if (this.#isSilent(node)) return this.#kernel.cause;
    const fieldPath = container === '' ? undefined : fieldPathOf(pod, container);
    return this.#recorder(node).tell(pod, { ...news, ...(fieldPath && { fieldPath }) });
  }

  /** Writes a Pod's status when it has changed; false when it should be tried again. */
  status(work: PodWork, hostIp: string): boolean {
    const kernel = this.#kernel;
    if (this.#isSilent(work.node)) return true;
    const client = this.client(work.node);
    const pod = client.get('pods', work.namespace, work.name);
    if (pod?.metadata.uid !== work.uid) return true;
    const status = statusOf(pod, work, hostIp, kernel.now);
    if (sameValue(status, pod.status)) return true;
    const next = { ...pod, status };
    if (isPodReady(next) === isPodReady(pod)) return client.updateStatus('pods', next).ok;
    const record = kernel.record({
      actor: `kubelet/${work.node}`,
      verb: isPodReady(next) ? 'ready' : 'unready',
      object: describeObject(pod),
    });
    return kernel.because(record, () => client.updateStatus('pods', next).ok);
  }
}

/** Where a container stands in the spec, as Events name it. */
function fieldPathOf({ spec }: Pod, container: string): string {
  const isIn = (list: Pod['spec']['initContainers'] = []): boolean =>
    list.some(({ name }) => name === container);
  if (isIn(spec.containers)) return `spec.containers{${container}}`;
  const list = isIn(spec.initContainers) ? 'initContainers' : 'ephemeralContainers';
  return `spec.${list}{${container}}`;
}
