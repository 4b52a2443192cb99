import type { EventType } from '../../sim/kernel.ts';
import { parseReference } from '../../oci/reference.ts';
import type { Container, Pod } from '../api/pod.ts';
import { goDuration } from '../apimachinery/duration.ts';
import { nextBackoff } from './backoff.ts';
import { pullWords, type PullOutcome, type RuntimeImage } from './cri.ts';
import { nodeOf, type About, type PodTable } from './pod-table.ts';
import { pullSecrets, type PullSecrets } from './pull-secrets.ts';

/**
 * Brings the image of a container to its node (pkg/kubelet/images/image_manager.go
 * `EnsureImageExists`, v1.36), by its pull policy and with a back-off between failures.
 *
 * Simplified: images of one node are pulled side by side.
 */
type Pulling = About & { readonly sinceMs: number; readonly secrets: PullSecrets };

type Ready = (key: string, pod: Pod, container: Container, image: RuntimeImage | undefined) => void;

export class ImagePuller {
  readonly #pods: PodTable;
  readonly #ready: Ready;
  readonly #refuse: (key: string, pod: Pod, name: string, reason: string, message: string) => void;
  readonly #pulled: EventType<Pulling & { answer: PullOutcome }>;

  constructor(
    pods: PodTable,
    told: {
      /** The image is there: the container can be made. */
      readonly ready: Ready;
      /** It will never be there as things are; it is tried again all the same. */
      readonly refuse: (
        key: string,
        pod: Pod,
        name: string,
        reason: string,
        message: string,
      ) => void;
    },
  ) {
    this.#pods = pods;
    this.#ready = told.ready;
    this.#refuse = told.refuse;
    this.#pulled = pods.world.kernel.event(`${pods.name}/pulled`, (news) => this.#note(news));
  }

  ensure(key: string, pod: Pod, container: Container): void {
    this.#pods.images.noteUse(nodeOf(pod), container.image);
    const { reports, world } = this.#pods;
    const { runtime, kernel } = world;
    const { name, image, imagePullPolicy: policy = 'IfNotPresent' } = container;
    const node = nodeOf(pod);
    const parsed = parseReference(image);
    if (!parsed.ok) {
      const why = `couldn't parse image name "${image}": ${parsed.message}`;
      const message = `Failed to apply default image tag "${image}": ${why}`;
      reports.warn(node, pod, name, 'InspectFailed', message);
      return this.#refuse(key, pod, name, 'InvalidImageName', message);
    }
    const present = policy === 'Always' ? undefined : runtime.image(node, image);
    if (present && (policy === 'Never' || this.#mayUse(node, pod, image))) {
      const record = reports.tell(node, pod, name, 'Pulled', presentWords(image));
      kernel.because(record, () => this.#ready(key, pod, container, present));
    } else if (policy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      reports.warn(node, pod, name, 'ErrImageNeverPull', message);
      this.#refuse(key, pod, name, 'ErrImageNeverPull', message);
    } else this.#pull(key, pod, container);
  }

  #mayUse(node: string, pod: Pod, image: string): boolean {
    if (this.#pods.images.isForAll(node, image)) return true;
    const secrets = pullSecrets(pod, image, this.#pods.reports.client(node));
    return this.#pods.images.isFor(node, image, secrets);
  }

  #pull(key: string, pod: Pod, { name, image }: Container): void {
    const { reports, world } = this.#pods;
    const { kernel, runtime } = world;
    const node = nodeOf(pod);
    const secrets = pullSecrets(pod, image, reports.client(node));
    const { credentials, missing } = secrets;
    if (missing.length > 0) {
      const message =
        `Unable to retrieve some image pull secrets (${missing.join(', ')}); attempting to pull ` +
        'the image may not succeed.';
      reports.warn(node, pod, '', 'FailedToRetrieveImagePullSecret', message);
    }
    const record = reports.tell(node, pod, name, 'Pulling', `Pulling image "${image}"`);
    this.#pods.change(key, name, { stage: 'pulling', image });
    const payload: Pulling = { key, container: name, id: '', sinceMs: kernel.now, secrets };
    const then = { event: this.#pulled.name, payload };
    kernel.because(record, () => runtime.pull(node, image, credentials, then));
  }

  #note({
    key,
    container: name,
    answer,
    sinceMs,
    secrets,
  }: Pulling & { answer: PullOutcome }): void {
    const found = this.#pods.find(key, name);
    if (found?.state.stage !== 'pulling') return;
    const { pod, container, work } = found;
    const { reports, world } = this.#pods;
    const { kernel } = world;
    this.#pods.change(key, name, { stage: 'idle' });
    if (work.ending || world.isSilent(work.node)) return this.#pods.requeue(key, work, 0);
    if (!answer.ok) return this.#fail(key, pod, container, answer);
    const took = goDuration(kernel.now - sinceMs);
    const message =
      `Successfully pulled image "${container.image}" in ${took} (${took} including waiting). ` +
      `Image size: ${answer.image.contentBytes} bytes.`;
    this.#pods.change(key, name, { pullBackoff: undefined });
    this.#pods.images.note(work.node, container.image, secrets);
    world.imageCame?.(work.node);
    const record = reports.tell(nodeOf(pod), pod, name, 'Pulled', message);
    kernel.because(record, () => {
      this.#ready(key, pod, container, world.runtime.image(work.node, container.image));
      this.#pods.report(key);
    });
  }

  #fail(
    key: string,
    pod: Pod,
    { name, image }: Container,
    failure: Extract<PullOutcome, { ok: false }>,
  ): void {
    const { reports, world } = this.#pods;
    const { kernel } = world;
    const work = this.#pods.rows.need(key);
    const why = pullWords(image, failure);
    const failed = `Failed to pull image "${image}": ${why}`;
    const record = reports.warn(nodeOf(pod), pod, name, 'Failed', failed);
    kernel.because(record, () => {
      reports.warn(nodeOf(pod), pod, name, 'Failed', 'Error: ErrImagePull');
      const { pullBackoff } = work.containers[name] ?? {};
      this.#pods.change(key, name, {
        waiting: { reason: 'ErrImagePull', message: why },
        pullBackoff: nextBackoff(pullBackoff, kernel.now, kernel.now),
      });
      this.#pods.report(key);
      this.#pods.requeue(key, work, LOOK_AGAIN_MS);
    });
  }

  /** Says that a failed pull is waited out. */
  wait(key: string, pod: Pod, { name, image }: Container): void {
    const { waiting } = this.#pods.rows.need(key).containers[name] ?? {};
    if (waiting?.reason !== 'ErrImagePull') return;
    const { reports } = this.#pods;
    const message = `Back-off pulling image "${image}"`;
    reports.tell(nodeOf(pod), pod, name, 'BackOff', message);
    reports.warn(nodeOf(pod), pod, name, 'Failed', 'Error: ImagePullBackOff');
    const why = `${message}: ErrImagePull: ${waiting.message ?? ''}`;
    this.#pods.change(key, name, { waiting: { reason: 'ImagePullBackOff', message: why } });
  }
}

/** A failed pull is seen as such for a moment before it is waited out. */
const LOOK_AGAIN_MS = 1000;

const presentTexts = new Map<string, string>();
const KNOWN_TEXTS = 1000;

/** One text for all Events about an image. */
function presentWords(image: string): string {
  let text = presentTexts.get(image);
  if (text === undefined) {
    text = `Container image "${image}" already present on machine and can be accessed by the pod`;
    if (presentTexts.size < KNOWN_TEXTS) presentTexts.set(image, text);
  }
  return text;
}
