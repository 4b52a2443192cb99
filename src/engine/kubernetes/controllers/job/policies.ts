import type { PodFailurePolicy, PodFailurePolicyRule, SuccessPolicy } from '../../api/batch.ts';
import type { Pod } from '../../api/pod.ts';
import { keyOf } from '../../apimachinery/object.ts';
import { mergeIntervals, parseIntervals, totalOf, type Intervals } from './indexes.ts';

/**
 * What a failed Pod means for its Job, and when some successes are enough
 * (pkg/controller/job/{pod_failure_policy,success_policy}.go, v1.36).
 */
export interface FailureVerdict {
  readonly action?: PodFailurePolicyRule['action'];
  /** Whether it counts against the limits. */
  readonly counts: boolean;
  /** Why the Job fails, when it does. */
  readonly message?: string;
}

/** The first rule that matches decides; without one a failure counts. */
export function judgeFailure(policy: PodFailurePolicy | undefined, pod: Pod): FailureVerdict {
  for (const [index, rule] of (policy?.rules ?? []).entries()) {
    const what = matchRule(rule, pod);
    if (what === undefined) continue;
    const { action } = rule;
    if (action !== 'FailJob') return { action, counts: action !== 'Ignore' };
    return { action, counts: true, message: `${what} matching FailJob rule at index ${index}` };
  }
  return { counts: true };
}

/** What of the Pod a rule matches, in words. */
function matchRule({ onExitCodes, onPodConditions }: PodFailurePolicyRule, pod: Pod) {
  const { status } = pod;
  if (onExitCodes) {
    const { containerName, operator, values } = onExitCodes;
    const all = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])];
    for (const { name, state } of all) {
      const code = state?.terminated?.exitCode ?? 0;
      if (code === 0 || (containerName !== undefined && containerName !== name)) continue;
      if (values.includes(code) === (operator === 'In')) {
        return `Container ${name} for pod ${keyOf(pod)} failed with exit code ${code}`;
      }
    }
    return undefined;
  }
  for (const condition of status.conditions ?? []) {
    const wanted = onPodConditions?.some(
      (pattern) =>
        pattern.type === condition.type && (pattern.status ?? 'True') === condition.status,
    );
    if (wanted) return `Pod ${keyOf(pod)} has condition ${condition.type}`;
  }
  return undefined;
}

/** The message of the first rule of a success policy that is met. */
export function successPolicyMessage(
  policy: SuccessPolicy | undefined,
  completions: number,
  succeeded: Intervals,
): string | undefined {
  if (succeeded.length === 0) return undefined;
  for (const [index, { succeededIndexes, succeededCount }] of (policy?.rules ?? []).entries()) {
    const met =
      succeededIndexes === undefined
        ? succeededCount !== undefined && totalOf(succeeded) >= succeededCount
        : enoughOf(parseIntervals(succeededIndexes, completions), succeeded, succeededCount);
    if (met) return `Matched rules at index ${index}`;
  }
  return undefined;
}

function enoughOf(required: Intervals, succeeded: Intervals, count: number | undefined): boolean {
  if (required.length === 0) return false;
  // |A and B| = |A| + |B| - |A or B|
  const together = totalOf(mergeIntervals(required, succeeded));
  const both = totalOf(required) + totalOf(succeeded) - together;
  return both === totalOf(required) || (count !== undefined && both >= count);
}
