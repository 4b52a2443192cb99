import type { Containerd } from '../../containerd/containerd.ts';
import type { Answers, ContainerExit } from '../../containerd/api.ts';
import { formatReference, parseReference, withDefaultTag } from '../../oci/reference.ts';

/**
 * The container runtime interface: the one place where the kubelet meets containerd
 * (staging/src/k8s.io/cri-api/pkg/apis/runtime/v1/api.proto, v1.36).
 *
 * Simplified: a Pod's sandbox is its address; there is no pause container.
 */
export type PullOutcome = Answers['pull'];
export type StartOutcome = Answers['start'];
export type { ContainerExit };
/** What runs the containers of a machine, for those who put a cluster together. */
export type RuntimeDaemon = Containerd;

export interface RuntimeImage {
  /** `registry.local:5000/web:1.0`, as nodes report it. */
  readonly name: string;
  /** The name by digest, as container statuses report it. */
  readonly id: string;
  readonly sizeBytes: number;
}

export interface NewContainer {
  readonly id: string;
  readonly podName: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly hostname: string;
  readonly ip: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly memoryLimitBytes?: number;
  readonly exitEvent: { readonly event: string; readonly payload: object };
}

export class ContainerRuntime {
  readonly #containerd: Containerd;

  constructor(containerd: Containerd) {
    this.#containerd = containerd;
  }

  /** Pulls an image; `event` comes with `answer: PullOutcome` added. */
  pull(node: string, image: string, event: string, payload: object): void {
    this.#containerd.call(node, { op: 'pull', reference: image }, { event, payload });
  }

  /** An image that is on the node. */
  image(node: string, image: string): RuntimeImage | undefined {
    const reference = normalized(image);
    const answer = this.#containerd.answer(node, { op: 'image', reference });
    if (!answer.ok) return undefined;
    const { digest, contentBytes } = answer.image;
    return { name: reference, id: byDigest(reference, digest), sizeBytes: contentBytes };
  }

  images(node: string): RuntimeImage[] {
    const { images } = this.#containerd.answer(node, { op: 'images' });
    return images.map(({ reference, digest, contentBytes }) => ({
      name: reference,
      id: byDigest(reference, digest),
      sizeBytes: contentBytes,
    }));
  }

  /** Makes a container; a text when the runtime refuses. */
  create(node: string, container: NewContainer): string | undefined {
    const { command, args, podName, image, ...rest } = container;
    const answer = this.#containerd.answer(node, {
      op: 'create',
      ...rest,
      name: podName,
      image: normalized(image),
      ...(command && { entrypoint: command }),
      ...(args && { cmd: args }),
    });
    return answer.ok ? undefined : answer.message;
  }

  /** Starts a container; `event` comes with `answer: StartOutcome` added. */
  start(node: string, id: string, event: string, payload: object): void {
    this.#containerd.call(node, { op: 'start', id }, { event, payload });
  }

  kill(node: string, id: string, signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#containerd.answer(node, { op: 'kill', id, signal });
  }

  delete(node: string, id: string): void {
    this.#containerd.answer(node, { op: 'delete', id });
  }
}

function normalized(image: string): string {
  const parsed = parseReference(image);
  return parsed.ok ? formatReference(withDefaultTag(parsed.reference)) : image;
}

function byDigest(reference: string, digest: string): string {
  const parsed = parseReference(reference);
  return parsed.ok ? `${parsed.reference.domain}/${parsed.reference.path}@${digest}` : digest;
}
