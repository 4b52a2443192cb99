import type { Table } from '../../sim/store.ts';
import { normalized } from './cri.ts';
import type { PodTable } from './pod-table.ts';
import type { PullSecrets } from './pull-secrets.ts';

/**
 * Who may use an image that is on its node already (pkg/kubelet/images/pullmanager/
 * image_pull_manager.go `MustAttemptImagePull`, v1.36, `NeverVerifyPreloadedImages`): an image that
 * was pulled without a password is for all; one that took a password, for Pods with the same Secret
 * or the same password. Others have to pull it themselves, and fail as they would on another node.
 *
 * Simplified: of a Pod's Secrets only the one that fits the image best counts; the pull policy Never
 * is not checked.
 */
export class PulledImages {
  /** What proves that one may use an image; none when all may. */
  readonly #proofs: Table<string, readonly string[]>;

  constructor({ world, name }: PodTable) {
    this.#proofs = world.kernel.store.table<readonly string[]>(`${name}/pulled-images`);
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
