import type { LabelSelector } from './label-selector.ts';

/**
 * A selector as Events of controllers quote it: Go's `%v` of a `*metav1.LabelSelector`
 * (staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/generated.pb.go `String`, v1.36).
 */
export function selectorWords(selector: LabelSelector | undefined): string {
  if (!selector) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}: ${value},`)
    .join('');
  const expressions = (selector.matchExpressions ?? [])
    .map(({ key, operator, values = [] }) => {
      const list = values.join(' ');
      return `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${list}],},`;
    })
    .join('');
  return (
    `&LabelSelector{MatchLabels:map[string]string{${labels}},` +
    `MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`
  );
}
