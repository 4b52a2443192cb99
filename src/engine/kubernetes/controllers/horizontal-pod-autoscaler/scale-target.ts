import { parseSelector, type LabelSelector } from '../../apimachinery/label-selector.ts';
import { selectorMatches } from '../../apimachinery/label-selector.ts';
import type { CrossVersionObjectReference } from '../../api/autoscaling.ts';
import type { Pod } from '../../api/pod.ts';
import { RESOURCES, type ResourceInfo } from '../../api/resources.ts';
import type { SelectorProblem } from './reconcile.ts';
import { answer, noAnswer, type Answer } from './requests.ts';

/**
 * What an HPA names as its target (pkg/controller/podautoscaler/horizontal.go
 * `reconcileAutoscaler`, `validateAndParseSelector`, v1.36).
 */
export function targetResource({ apiVersion = '', kind }: CrossVersionObjectReference) {
  const parts = apiVersion.split('/');
  if (parts.length > 2)
    return noAnswer<ResourceInfo>(`unexpected GroupVersion string: ${apiVersion}`);
  // The version is not looked at: whichever is served will do.
  const group = parts.length === 2 ? (parts[0] ?? '') : '';
  const info = RESOURCES.find((one) => one.group === group && one.kind === kind);
  if (!info) return noAnswer<ResourceInfo>(`no matches for kind "${kind}" in group "${group}"`);
  if (!info.subresources.includes('scale')) {
    return noAnswer<ResourceInfo>('the server could not find the requested resource');
  }
  return answer(info);
}

export function targetSelector(text: string | undefined): Answer<LabelSelector> | SelectorProblem {
  if (!text) {
    const missing = "the HPA target's scale is missing a selector";
    return {
      reason: 'SelectorRequired',
      message: 'selector is required',
      condition: { reason: 'InvalidSelector', message: missing },
    };
  }
  const selector = parseSelector(text);
  if (selector) return answer(selector);
  const message =
    "couldn't convert selector into a corresponding internal selector object: " +
    `unable to parse requirement: ${text}`;
  return { reason: 'InvalidSelector', message, condition: { reason: 'InvalidSelector', message } };
}

/** Another HPA whose target's selector chooses some of the same Pods. */
export interface OtherTarget {
  readonly name: string;
  readonly namespace: string;
  readonly selector: string;
}

/** Pods that several HPAs would size are sized by none of them. */
export function ambiguity(
  text: string,
  own: OtherTarget,
  others: readonly OtherTarget[],
  pods: readonly Pod[],
): SelectorProblem | undefined {
  const rivals = others.filter(({ selector }) => {
    const parsed = parseSelector(selector);
    return parsed && pods.some((pod) => selectorMatches(parsed, pod.metadata.labels));
  });
  if (rivals.length === 0) return undefined;
  const keys = [own, ...rivals]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, namespace }) => `{${name} ${namespace}}`);
  const message = `pods by selector ${text} are controlled by multiple HPAs: [${keys.join(' ')}]`;
  const reason = 'AmbiguousSelector';
  return { reason, message, condition: { reason, message } };
}
