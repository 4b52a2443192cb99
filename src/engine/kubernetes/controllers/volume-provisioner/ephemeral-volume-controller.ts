import type { Kernel } from '../../../sim/kernel.ts';
import { controllerReference, keyOf, splitKey } from '../../apimachinery/object.ts';
import type { Pod } from '../../api/pod.ts';
import type { ApiDoor } from '../../api/requests.ts';
import { Client } from '../../client/client.ts';
import { EventRecorder } from '../../client/event-recorder.ts';
import { WorkQueue } from '../../client/work-queue.ts';

/**
 * Makes the claims of a Pod's generic ephemeral volumes; they go with the Pod that owns them
 * (pkg/controller/volume/ephemeral/controller.go, v1.36).
 */
const NAME = 'ephemeral-volume-controller';

export class EphemeralVolumeController {
  readonly #client: Client;
  readonly #events: EventRecorder;

  constructor(kernel: Kernel, door: ApiDoor, cluster: string) {
    this.#client = new Client(kernel, door, NAME);
    this.#events = new EventRecorder(this.#client, 'ephemeral_volume');
    const queue = new WorkQueue(this.#client, `${NAME}/${cluster}`, (key) => {
      const { namespace, name } = splitKey(key);
      const pod = this.#client.get('pods', namespace, name);
      return !pod || pod.metadata.deletionTimestamp !== undefined || this.#makeClaims(pod);
    });
    this.#client.watch(
      'pods',
      'pods',
      ({ type, object }) =>
        type === 'ADDED' && (object.spec.volumes ?? []).some(({ ephemeral }) => ephemeral),
      ({ object }) => queue.add(keyOf(object)),
    );
  }

  #makeClaims(pod: Pod): boolean {
    const { namespace = '', name: podName } = pod.metadata;
    let all = true;
    for (const { name, ephemeral } of pod.spec.volumes ?? []) {
      const template = ephemeral?.volumeClaimTemplate;
      if (!template) continue;
      const claim = `${podName}-${name}`;
      const known = this.#client.get('persistentvolumeclaims', namespace, claim);
      if (known) {
        if (known.metadata.ownerReferences?.some(({ uid }) => uid === pod.metadata.uid)) continue;
        const message = `PVC ${namespace}/${claim} was not created for pod ${namespace}/${podName} (pod is not owner)`;
        this.#tellFailure(pod, message);
        continue;
      }
      const result = this.#client.create('persistentvolumeclaims', {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {
          ...template.metadata,
          name: claim,
          namespace,
          ownerReferences: [controllerReference(pod)],
        },
        spec: template.spec,
      });
      if (result.ok) continue;
      all = false;
      this.#tellFailure(
        pod,
        `ephemeral volume ${name}: create PVC ${claim}: ${result.failure.message}`,
      );
    }
    return all;
  }

  #tellFailure(pod: Pod, message: string): void {
    const reason = 'FailedToCreateEphemeralVolume';
    this.#events.tell(pod, { type: 'Warning', reason, message });
  }
}
