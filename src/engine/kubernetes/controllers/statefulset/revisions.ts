import type { Pod } from '../../api/pod.ts';
import type { ControllerRevision, StatefulSet } from '../../api/workloads.ts';
import type { Client } from '../../client/client.ts';
import {
  claimRevisions,
  createRevision,
  sameData,
  sortRevisions,
  templatePatch,
} from '../revision-history.ts';
import { revisionOf } from './identity.ts';
import type { Revisions } from './replicas.ts';

/**
 * Which revision a StatefulSet's Pods have and which they are to have
 * (stateful_set_control.go `getStatefulSetRevisions`, `truncateHistory`, v1.36).
 */
const HASH_LABEL = 'controller.kubernetes.io/hash';

export class RevisionKeeper {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  /** Finds or makes the revisions, and forgets those beyond the limit. Undefined: try again. */
  keep(set: StatefulSet, pods: readonly Pod[]): Revisions | undefined {
    const claimed = claimRevisions(this.#client, set, set.spec.selector);
    const sorted = sortRevisions(claimed);
    const found = this.#update(set, sorted);
    if (!found) return undefined;
    const { revision: update, collisions } = found;
    const named = sorted.find(({ metadata }) => metadata.name === set.status.currentRevision);
    const current = named ?? update;
    this.#truncate(set, pods, sorted, [current, update]);
    return { current, update, collisions };
  }

  /** The revision of the present template: the last one, an earlier one renumbered, or a new one. */
  #update(
    set: StatefulSet,
    sorted: readonly ControllerRevision[],
  ): { readonly revision: ControllerRevision; readonly collisions: number } | undefined {
    const data = templatePatch(set.spec.template);
    const collisions = set.status.collisionCount ?? 0;
    const last = sorted.at(-1);
    const next = (last?.revision ?? 0) + 1;
    const equal = sorted.findLast((revision) => sameData(revision.data, data));
    if (equal && last && sameData(last.data, equal.data)) return { revision: last, collisions };
    if (equal) {
      const renumbered = { ...equal, revision: next };
      const result = this.#client.update('controllerrevisions', renumbered);
      return result.ok ? { revision: result.value, collisions } : undefined;
    }
    const { labels } = set.spec.template.metadata ?? {};
    const { annotations } = set.metadata;
    const draft = {
      data,
      revision: next,
      labels: (hash: string) => ({ ...labels, [HASH_LABEL]: hash }),
      ...(annotations && { annotations }),
    };
    return createRevision(this.#client, set, draft, collisions);
  }

  /** Deletes the oldest of those that no Pod has, down to the history limit. */
  #truncate(
    set: StatefulSet,
    pods: readonly Pod[],
    sorted: readonly ControllerRevision[],
    kept: readonly ControllerRevision[],
  ): void {
    const live = new Set([...kept.map(({ metadata }) => metadata.name), ...pods.map(revisionOf)]);
    const past = sorted.filter(({ metadata }) => !live.has(metadata.name));
    const limit = set.spec.revisionHistoryLimit ?? 10;
    const tooMany = past.slice(0, Math.max(0, past.length - limit));
    for (const revision of tooMany) this.#client.delete('controllerrevisions', revision);
  }
}
