import type { Kernel } from '../../sim/kernel.ts';
import type { Table } from '../../sim/store.ts';
import { normalized } from './cri.ts';
import type { PullSecrets } from './pull-secrets.ts';

/**
 * Who may use an image that is on its node already, and when somebody last did (pkg/kubelet/images/pullmanager/
 * image_pull_manager.go `MustAttemptImagePull`, v1.36, `NeverVerifyPreloadedImages`): an image that
 * was pulled without a password is for all; one that took a password, for Pods with the same Secret
 * or the same password. Others have to pull it themselves, and fail as they would on another node.
 *
 * Simplified: of a Pod's Secrets only the one that fits the image best counts; the pull policy Never
 * is not checked.
 */
/** How often use is looked at (`detectImages`). */
const DETECT_MS = 300_000;

export class PulledImages {
  /** What proves that one may use an image; none when all may. */
  readonly #proofs: Table<string, readonly string[]>;

  readonly #used: Table<string, number>;
  readonly #kernel: Kernel;

  constructor(kernel: Kernel, name: string) {
    this.#kernel = kernel;
    this.#used = kernel.store.table<number>(`${name}/used-images`);
    this.#proofs = kernel.store.table<readonly string[]>(`${name}/pulled-images`);
  }

  /** A container is made of an image. */
  noteUse(node: string, image: string): void {
    const { now } = this.#kernel;
    const key = keyOf(node, image);
    const seenMs = this.#used.get(key);
    if (seenMs === undefined || now - seenMs >= DETECT_MS) this.#used.set(key, now);
  }

  /** When one of an image's names was last seen in use. */
  lastUseMs(node: string, references: readonly string[]): number {
    return Math.max(0, ...references.map((one) => this.#used.get(keyOf(node, one)) ?? 0));
  }

  forget(node: string, references: readonly string[]): void {
    for (const reference of references) {
      this.#used.delete(keyOf(node, reference));
      this.#proofs.delete(keyOf(node, reference));
    }
  }

  /** An image came that was asked for with these. */
  note(node: string, image: string, secrets: PullSecrets): void {
    const key = keyOf(node, image);
    const shown = proofsOf(secrets);
    const known = this.#proofs.get(key) ?? [];
    if (shown.length === 0) this.#proofs.delete(key);
    else this.#proofs.set(key, [...new Set([...known, ...shown])]);
  }

  /** Whether all may use it: asked first, since it is true of nearly all images. */
  isForAll(node: string, image: string): boolean {
    return this.#proofs.size === 0 || !this.#proofs.has(keyOf(node, image));
  }

  isFor(node: string, image: string, secrets: PullSecrets): boolean {
    const known = this.#proofs.get(keyOf(node, image));
    return known === undefined || proofsOf(secrets).some((proof) => known.includes(proof));
  }
}

const keyOf = (node: string, image: string): string => `${node} ${normalized(image)}`;

function proofsOf({ credentials, secret }: PullSecrets): string[] {
  if (!credentials || secret === undefined) return [];
  return [`secret ${secret}`, `password ${credentials.user}:${credentials.password}`];
}
