import type { Pod } from '../../api/pod.ts';
import {
  CONTROLLER_REVISION_HASH,
  type ControllerRevision,
  type DaemonSet,
} from '../../api/workloads.ts';
import type { Client } from '../../client/client.ts';
import {
  claimRevisions,
  createRevision,
  sameData,
  sortRevisions,
  templatePatch,
} from '../revision-history.ts';

/**
 * The versions of a DaemonSet's template (pkg/controller/daemon/update.go `constructHistory`,
 * `cleanupHistory`, v1.36).
 */
export interface History {
  readonly current: ControllerRevision;
  readonly old: readonly ControllerRevision[];
  readonly collisions: number;
}

export const hashOf = ({ metadata }: ControllerRevision): string =>
  metadata.labels?.[CONTROLLER_REVISION_HASH] ?? metadata.name;

/** Finds or makes the present revision, numbered above all others. Undefined: try again. */
export function constructHistory(client: Client, set: DaemonSet): History | undefined {
  const data = templatePatch(set.spec.template);
  const sorted = sortRevisions(claimRevisions(client, set, set.spec.selector));
  const current = sorted.findLast((revision) => sameData(revision.data, data));
  const old = sorted.filter((revision) => !sameData(revision.data, data));
  const next = (old.at(-1)?.revision ?? 0) + 1;
  const collisions = set.status.collisionCount ?? 0;
  if (current && current.revision >= next) return { current, old, collisions };
  if (current) {
    const result = client.update('controllerrevisions', { ...current, revision: next });
    return result.ok ? { current: result.value, old, collisions } : undefined;
  }
  const { labels } = set.spec.template.metadata ?? {};
  const { annotations } = set.metadata;
  const made = createRevision(
    client,
    set,
    {
      data,
      revision: next,
      labels: (hash) => ({ ...labels, [CONTROLLER_REVISION_HASH]: hash }),
      ...(annotations && { annotations }),
    },
    collisions,
  );
  return made && { current: made.revision, old, collisions: made.collisions };
}

/** Deletes the oldest revisions that no Pod has, down to the history limit. */
export function cleanUpHistory(
  client: Client,
  set: DaemonSet,
  old: readonly ControllerRevision[],
  pods: readonly Pod[],
): void {
  let tooMany = old.length - (set.spec.revisionHistoryLimit ?? 10);
  if (tooMany <= 0) return;
  const live = new Set(pods.map(({ metadata }) => metadata.labels?.[CONTROLLER_REVISION_HASH]));
  for (const revision of old) {
    if (tooMany <= 0) return;
    if (live.has(hashOf(revision))) continue;
    client.delete('controllerrevisions', revision);
    tooMany -= 1;
  }
}
