import type { Pod, PodTemplate } from '../api/pod.ts';
import type { Client } from '../client/client.ts';
import type { EventRecorder } from '../client/event-recorder.ts';
import {
  controllerReference,
  type KubeObject,
  type Labels,
  type ObjectMeta,
} from '../apimachinery/object.ts';
import type { Failure, Result } from '../apimachinery/status.ts';

/**
 * Pods that a controller makes from its template and takes away again, with the Events that say so
 * (pkg/controller/controller_utils.go `RealPodControl`, v1.36).
 */
export interface PodVariation {
  /** A name of its own; else the server makes one up from the owner's. */
  readonly name?: string;
  readonly generateName?: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly finalizers?: readonly string[];
  readonly spec?: Pod['spec'];
}

export class PodControl {
  readonly #client: Client;
  readonly #events: EventRecorder;

  constructor(client: Client, events: EventRecorder) {
    this.#client = client;
    this.#events = events;
  }

  create(owner: KubeObject, template: PodTemplate, variation: PodVariation = {}): Result<Pod> {
    const result = this.#client.create('pods', podDraft(owner, template, variation));
    if (result.ok) {
      const message = `Created pod: ${result.value.metadata.name}`;
      this.#events.tell(owner, { type: 'Normal', reason: 'SuccessfulCreate', message });
    } else if (!isNamespaceTerminating(result.failure)) {
      const message = `Error creating: ${result.failure.message}`;
      this.#events.tell(owner, { type: 'Warning', reason: 'FailedCreate', message });
    }
    return result;
  }

  /** Deletes a Pod; one that is gone already counts as deleted. The failure, if there was one. */
  delete(owner: KubeObject, pod: Pod): Failure | undefined {
    const result = this.#client.delete('pods', pod);
    if (result.ok) {
      const message = `Deleted pod: ${pod.metadata.name}`;
      this.#events.tell(owner, { type: 'Normal', reason: 'SuccessfulDelete', message });
      return undefined;
    }
    if (result.failure.reason === 'NotFound') return undefined;
    const message = `Error deleting: ${result.failure.message}`;
    this.#events.tell(owner, { type: 'Warning', reason: 'FailedDelete', message });
    return result.failure;
  }
}

/** A Pod of a template, as its owner asks for it. */
export function podDraft(owner: KubeObject, template: PodTemplate, variation: PodVariation) {
  const { name, generateName = `${owner.metadata.name}-` } = variation;
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const metadata: Partial<ObjectMeta> = {
    ...(name === undefined ? { generateName } : { name }),
    namespace: owner.metadata.namespace,
    labels: variation.labels ?? labels,
    annotations: variation.annotations ?? annotations,
    ...((variation.finalizers ?? finalizers) && {
      finalizers: variation.finalizers ?? finalizers,
    }),
    ownerReferences: [controllerReference(owner)],
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: variation.spec ?? template.spec };
}

/** Nothing can be made in a namespace that goes; asking again is of no use. */
export function isNamespaceTerminating({ reason, message }: Failure): boolean {
  return reason === 'Forbidden' && message.includes('because it is being terminated');
}
