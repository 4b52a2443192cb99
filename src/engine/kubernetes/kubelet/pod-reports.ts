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
  readonly #voices = new Map<string, Voice>();
  /** For what is read, which costs no request: the same for all nodes. */
  readonly reader: Client;

  constructor(kernel: Kernel, door: ApiDoor, isSilent: (node: string) => boolean) {
    this.#kernel = kernel;
    this.#door = door;
    this.#isSilent = isSilent;
    this.reader = new Client(kernel, door, 'kubelet');
  }

  /** The API client of one node's kubelet. */
  client(node: string): Client {
    return this.#voice(node).client;
  }

  #voice(node: string): Voice {
    let voice = this.#voices.get(node);
    if (!voice) {
      const client = new Client(this.#kernel, this.#door, `kubelet/${node}`);
      voice = { client, recorder: new EventRecorder(client, 'kubelet', node) };
      this.#voices.set(node, voice);
    }
    return voice;
  }

  /** Good news of a container, or of the whole Pod; gives the trace record. */
  tell(node: string, pod: Pod, container: string, reason: string, message: string): number {
    return this.#note(node, pod, container, { type: 'Normal', reason, message });
  }

  warn(node: string, pod: Pod, container: string, reason: string, message: string): number {
    return this.#note(node, pod, container, { type: 'Warning', reason, message });
  }

  /** Bad news of the node itself. */
  warnOfNode(node: string, reason: string, message: string): number {
    const object = this.reader.get('nodes', '', node);
    if (!object || this.#isSilent(node)) return this.#kernel.cause;
    return this.#voice(node).recorder.tell(object, { type: 'Warning', reason, message });
  }

  #note(
    node: string,
    pod: Pod,
    container: string,
    news: { type: 'Normal' | 'Warning'; reason: string; message: string },
  ): number {
    if (this.#isSilent(node)) return this.#kernel.cause;
    const about = container === '' ? news : { ...news, fieldPath: fieldPathOf(pod, container) };
    return this.#voice(node).recorder.tell(pod, about);
  }

  /** Writes a Pod's status when it has changed; false when it should be tried again. */
  status(work: PodWork, pod: Pod, hostIp: string): boolean {
    const kernel = this.#kernel;
    if (this.#isSilent(work.node)) return true;
    const status = statusOf(pod, work, hostIp, kernel.now);
    if (sameValue(status, pod.status)) return true;
    const client = this.client(work.node);
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

/** What one node's kubelet speaks through. */
interface Voice {
  readonly client: Client;
  readonly recorder: EventRecorder;
}

/** Where a container stands in the spec, as Events name it. */
function fieldPathOf({ spec }: Pod, container: string): string {
  const isIn = (list: Pod['spec']['initContainers'] = []): boolean =>
    list.some(({ name }) => name === container);
  if (isIn(spec.containers)) return fieldPath('containers', container);
  return fieldPath(isIn(spec.initContainers) ? 'initContainers' : 'ephemeralContainers', container);
}

const fieldPaths = new Map<string, string>();
const KNOWN_PATHS = 1000;

/** One text for all Events about containers of a name. */
function fieldPath(list: keyof Pod['spec'], container: string): string {
  const key = list === 'containers' ? container : `${list} ${container}`;
  let path = fieldPaths.get(key);
  if (path === undefined) {
    path = `spec.${list}{${container}}`;
    if (fieldPaths.size < KNOWN_PATHS) fieldPaths.set(key, path);
  }
  return path;
}
