import type { Containerd } from '../../containerd/containerd.ts';
import type {
  Answers,
  ContainerExit,
  ContainerMount,
  ContainerStats,
  CreateContainer,
  Credentials,
  LogChunk,
  Signal,
} from '../../containerd/api.ts';
import { FIGURES } from '../../containerd/figures.ts';
import { removeImage, unusedImages, type UnusedImage } from '../../containerd/unused-images.ts';
import type { MachineFiles } from '../../machine/files.ts';
import { formatReference, parseReference, withDefaultTag } from '../../oci/reference.ts';

/**
 * The container runtime interface: the one place where the kubelet meets containerd
 * (staging/src/k8s.io/cri-api/pkg/apis/runtime/v1/api.proto, v1.36; words of containerd 2.2
 * `internal/cri`).
 *
 * Simplified: a Pod's sandbox is its address and the start of the machine it belongs to; there is no
 * pause container that could end by itself.
 */
export { containerdService } from '../../containerd/api.ts';
export type PullOutcome = Answers['pull'];
export type StartOutcome = Answers['start'];
export type ExecOutcome = Answers['exec'];
export type RuntimeAnswers = Answers;
/** The disk of a node. */
export const NODE_DISK_BYTES = FIGURES.machineDiskBytes;
export type { UnusedImage };
export type { ContainerExit, ContainerMount, ContainerStats, Credentials, LogChunk, Signal };
/** What runs the containers of a machine, for those who put a cluster together. */
export type RuntimeDaemon = Containerd;

export interface RuntimeImage {
  /** `registry.local:5000/web:1.0`, as nodes report it. */
  readonly name: string;
  /** The name by digest, as container statuses report it. */
  readonly id: string;
  readonly sizeBytes: number;
  readonly user: string;
  readonly stopSignal: Signal;
}

/** The request that makes a container; its image by its full name, see {@link normalized}. */
export type NewContainer = { readonly op: 'create' } & CreateContainer;

interface Then {
  readonly event: string;
  readonly payload: object;
}

export class ContainerRuntime {
  readonly #containerd: Containerd;

  constructor(containerd: Containerd) {
    this.#containerd = containerd;
  }

  /** The files of nodes, and of containers on them (`node-1/<id>`). */
  get files(): MachineFiles {
    return this.#containerd.files;
  }

  /** Who puts together what containers are shown: see `containerd/shown.ts`. */
  shows(files: Parameters<Containerd['shows']>[0]): void {
    this.#containerd.shows(files);
  }

  /** Pulls an image; the event comes with `answer: PullOutcome` added. */
  pull(node: string, image: string, credentials: Credentials | undefined, then: Then): void {
    const request = { op: 'pull', reference: image, ...(credentials && { credentials }) } as const;
    this.#containerd.call(node, request, then);
  }

  /** An image that is on the node. */
  image(node: string, image: string): RuntimeImage | undefined {
    const reference = normalized(image);
    const answer = this.#containerd.answer(node, { op: 'image', reference });
    if (!answer.ok) return undefined;
    let seen = seenImages.get(answer.image);
    if (!seen) seenImages.set(answer.image, (seen = imageOf(reference, answer.image)));
    return seen;
  }

  images(node: string): Pick<RuntimeImage, 'name' | 'id' | 'sizeBytes'>[] {
    const { images } = this.#containerd.answer(node, { op: 'images' });
    return images.map(({ reference, digest, contentBytes }) => ({
      name: reference,
      id: byDigest(reference, digest),
      sizeBytes: contentBytes,
    }));
  }

  /** Makes a container; a text when the runtime refuses. */
  create(node: string, container: NewContainer): string | undefined {
    const answer = this.#containerd.answer(node, container);
    return answer.ok ? undefined : answer.message;
  }

  /** Starts a container; the event comes with `answer: StartOutcome` added. */
  start(node: string, id: string, then: Then): void {
    this.#containerd.call(node, { op: 'start', id }, then);
  }

  /** Gives a container other limits while it runs. */
  resize(node: string, id: string, limits: Parameters<typeof limited>[0]): void {
    this.#containerd.answer(node, limited(limits, id));
  }

  kill(node: string, id: string, signal: Signal, execId?: string): void {
    this.#containerd.answer(node, { op: 'kill', id, signal, ...(execId && { execId }) });
  }

  delete(node: string, id: string): void {
    this.#containerd.answer(node, { op: 'delete', id });
  }

  /** How often a node has lost its power: what ran before is not there any more. */
  boots(node: string): number {
    return this.#containerd.tasks.boots(node);
  }

  /** How a container stands: its exit once it has ended, undefined when it is not there. */
  state(node: string, id: string) {
    const answer = this.#containerd.answer(node, { op: 'state', id });
    return answer.ok ? answer.container : undefined;
  }

  stats(node: string, id: string): ContainerStats | undefined {
    const answer = this.#containerd.answer(node, { op: 'stats', id });
    return answer.ok ? answer : undefined;
  }

  memoryUsed(node: string): number {
    return this.#containerd.memoryUsed(node);
  }

  /**
   * Begins logs anew that have grown over 10Mi (pkg/kubelet/logs/container_log_manager.go, v1.36).
   *
   * Simplified: of the files before, of which there are four, nothing is kept.
   */
  rotateLogs(node: string): void {
    this.#containerd.rotateLogs(node);
  }

  diskUsed(node: string): number {
    return this.#containerd.space.usedOn(node);
  }

  /** What a container has written: to its own layer, and to its log. */
  written(node: string, id: string): number {
    const layer = this.files.disks.get(`${node}/${id}`)?.usedBytes ?? 0;
    return layer + this.#containerd.logBytes(node, id);
  }

  /** Images on which no container stands. */
  unusedImages(node: string): UnusedImage[] {
    return unusedImages(this.#containerd, node);
  }

  /** Takes away an image with all its names. */
  removeImage(node: string, digest: string): void {
    removeImage(this.#containerd, node, digest);
  }

  /** The lines of a container's log from the `from`th on; undefined when it is not there. */
  logs(node: string, id: string, from = 0) {
    const answer = this.#containerd.answer(node, { op: 'logs', id, from });
    return answer.ok ? answer : undefined;
  }

  /** Copies what a container writes from now on to a stream, as {@link LogChunk}s. */
  attach(node: string, id: string, stream: number): boolean {
    return this.#containerd.answer(node, { op: 'attach', id, stream }).ok;
  }

  detach(node: string, id: string, stream: number): void {
    this.#containerd.answer(node, { op: 'detach', id, stream });
  }

  stdin(node: string, id: string, input: { text: string } | { close: true }, exec?: string): void {
    const execId = exec === undefined ? {} : { execId: exec };
    this.#containerd.answer(node, { op: 'stdin', id, ...execId, ...input });
  }

  /** Runs a further process in a container; the event comes with `answer: ExecOutcome` added. */
  exec(
    node: string,
    exec: {
      readonly id: string;
      readonly execId: string;
      readonly argv: readonly string[];
      readonly output: number;
      readonly tty?: boolean;
      readonly openStdin?: boolean;
    },
    then: Then,
  ): void {
    this.#containerd.call(node, { op: 'exec', ...exec }, then);
  }
}

const limited = (
  limits: Pick<CreateContainer, 'memoryLimitBytes' | 'nanoCpus' | 'cpuShares'>,
  id: string,
) => ({ op: 'update', id, limits }) as const;

/** Images as they were read last; a view of one is made once as long as nothing changes. */
const seenImages = new WeakMap<object, RuntimeImage>();

function imageOf(reference: string, image: RuntimeAnswer): RuntimeImage {
  const { digest, contentBytes, config } = image;
  return {
    name: reference,
    id: byDigest(reference, digest),
    sizeBytes: contentBytes,
    user: config.config.User ?? '',
    stopSignal: signalOf(config.config.StopSignal),
  };
}

type RuntimeAnswer = Extract<Answers['image'], { ok: true }>['image'];

const fullNames = new Map<string, string>();
const KNOWN_NAMES = 1000;

/** An image's name in full: the same few are asked for again and again. */
export function normalized(image: string): string {
  const known = fullNames.get(image);
  if (known !== undefined) return known;
  const parsed = parseReference(image);
  const name = parsed.ok ? formatReference(withDefaultTag(parsed.reference)) : image;
  if (fullNames.size < KNOWN_NAMES) fullNames.set(image, name);
  return name;
}

function byDigest(reference: string, digest: string): string {
  const parsed = parseReference(reference);
  return parsed.ok ? `${parsed.reference.domain}/${parsed.reference.path}@${digest}` : digest;
}

/** `SIGQUIT`, `QUIT` or a number; SIGTERM when an image says nothing. */
function signalOf(text = ''): Signal {
  if (text === '') return 'SIGTERM';
  const named = NUMBERED[text] ?? text;
  return named.startsWith('SIG') ? (named as Signal) : `SIG${named}`;
}

const NUMBERED: Readonly<Record<string, string>> = { 2: 'INT', 3: 'QUIT', 9: 'KILL', 15: 'TERM' };

/** The code of a failure as gRPC names it. */
const GRPC: Readonly<Record<string, string>> = {
  NotFound: 'NotFound',
  Unavailable: 'Unavailable',
  InvalidArgument: 'InvalidArgument',
  AlreadyExists: 'AlreadyExists',
  FailedPrecondition: 'FailedPrecondition',
};

/** Why an image could not be pulled, as the kubelet hears it from the runtime. */
export function pullWords(image: string, failure: { code: string; message: string }): string {
  const doing = `failed to pull and unpack image "${normalized(image)}"`;
  return `rpc error: code = ${GRPC[failure.code] ?? 'Unknown'} desc = ${doing}: ${failure.message}`;
}

/** Why a process could not be started, in the words of containerd's CRI. */
export const startWords = (message: string): string =>
  message.replace('failed to create task for container:', 'failed to create containerd task:');
