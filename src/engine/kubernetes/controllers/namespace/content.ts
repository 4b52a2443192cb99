import { rfc3339 } from '../../../sim/clock.ts';
import type { Condition } from '../../apimachinery/object.ts';
import { infoOf, type ResourceName } from '../../api/resources.ts';

/**
 * What is left of a namespace that is being deleted, and how its conditions say so
 * (pkg/controller/namespace/deletion/status_condition_utils.go, v1.36).
 */
export interface Remaining {
  /** How many objects of each resource. */
  readonly counts: ReadonlyMap<ResourceName, number>;
  /** How many objects each finalizer holds. */
  readonly finalizers: ReadonlyMap<string, number>;
  readonly errors: readonly string[];
}

/** `pods.`, `deployments.apps`: resource and group as the message joins them. */
function dotted(resource: ResourceName): string {
  const { plural, group } = infoOf(resource);
  return `${plural}.${group}`;
}

const sortedWords = (words: readonly string[]): string =>
  [...words].sort((a, b) => (a < b ? -1 : 1)).join(', ');

function remainingWords({ counts }: Remaining): string {
  const words = [...counts].map(
    ([resource, count]) => `${dotted(resource)} has ${count} resource instances`,
  );
  return `Some resources are remaining: ${sortedWords(words)}`;
}

function finalizerWords({ finalizers }: Remaining): string {
  const words = [...finalizers].map(
    ([finalizer, count]) => `${finalizer} in ${count} resource instances`,
  );
  return `Some content in the namespace has finalizers remaining: ${sortedWords(words)}`;
}

type Sentence = readonly [type: string, isTrue: boolean, reason: string, message: string];

function sentences(remaining: Remaining): readonly Sentence[] {
  const { counts, finalizers, errors } = remaining;
  const parsed = 'All legacy kube types successfully parsed';
  const deleted = 'All content successfully deleted, may be waiting on finalization';
  const failed = `Failed to delete all resource types, ${errors.length} remaining: `;
  return [
    [
      'NamespaceDeletionDiscoveryFailure',
      false,
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ],
    ['NamespaceDeletionGroupVersionParsingFailure', false, 'ParsedGroupVersions', parsed],
    errors.length === 0
      ? ['NamespaceDeletionContentFailure', false, 'ContentDeleted', deleted]
      : [
          'NamespaceDeletionContentFailure',
          true,
          'ContentDeletionFailed',
          failed + errors.join(', '),
        ],
    counts.size === 0
      ? ['NamespaceContentRemaining', false, 'ContentRemoved', 'All content successfully removed']
      : ['NamespaceContentRemaining', true, 'SomeResourcesRemain', remainingWords(remaining)],
    finalizers.size === 0
      ? [
          'NamespaceFinalizersRemaining',
          false,
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ]
      : ['NamespaceFinalizersRemaining', true, 'SomeFinalizersRemain', finalizerWords(remaining)],
  ];
}

/** The conditions brought up to date; the same list when they say so already. */
export function namespaceConditions(
  known: readonly Condition[],
  remaining: Remaining,
  nowMs: number,
): readonly Condition[] {
  let changed = false;
  const kept = [...known];
  for (const [type, isTrue, reason, message] of sentences(remaining)) {
    const status = isTrue ? 'True' : 'False';
    const place = kept.findIndex((condition) => condition.type === type);
    const old = kept[place];
    if (old?.status === status && old.message === message && old.reason === reason) continue;
    changed = true;
    const since = old?.status === status ? old.lastTransitionTime : undefined;
    const lastTransitionTime = since ?? rfc3339(nowMs);
    const condition: Condition = { type, status, lastTransitionTime, reason, message };
    if (place < 0) kept.push(condition);
    else kept[place] = condition;
  }
  return changed ? kept : known;
}
