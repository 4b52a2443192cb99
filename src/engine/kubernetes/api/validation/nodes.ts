import type { Namespace, Node, Taint } from '../cluster-objects.ts';
import {
  given,
  duplicate,
  forbidden,
  invalid,
  invalids,
  required,
  type FieldCause,
} from './field-errors.ts';
import { validateFinalizer, validateLabelKey } from './metadata.ts';
import { labelKey, labelValue } from './names.ts';
import { validateEffect } from './placement.ts';

/** Nodes and namespaces (pkg/apis/core/validation/validation.go, v1.36). */
export function validateNode({ spec }: Node, previous?: Node): FieldCause[] {
  const { taints = [], podCIDR } = spec ?? {};
  const causes: FieldCause[] = [];
  const old = previous?.spec.podCIDR;
  if (old && old !== podCIDR) {
    const why = 'node updates may not change podCIDR except from "" to valid';
    causes.push(forbidden('spec.podCIDRs', why));
  }
  return taints === previous?.spec.taints ? causes : [...causes, ...validateTaints(taints)];
}

/** Upstream says `metadata.taints`, where they are not. */
function validateTaints(taints: readonly Taint[]): FieldCause[] {
  const seen = new Set<string>();
  return taints.flatMap((taint, i) => {
    const at = `metadata.taints[${i}]`;
    const { key = '', value = '', effect = '' } = given(taint);
    const causes = validateLabelKey(key, `${at}.key`);
    const wrong = labelValue(value);
    if (wrong.length > 0) causes.push(invalid(`${at}.value`, value, wrong.join(';')));
    if (!effect) causes.push(required(`${at}.effect`));
    else causes.push(...validateEffect(effect, `${at}.effect`));
    if (seen.has(`${effect} ${key}`)) {
      const shown = { Key: key, Value: value, Effect: effect, TimeAdded: null };
      causes.push(duplicate(at, shown, 'taints must be unique by key and effect pair'));
    }
    seen.add(`${effect} ${key}`);
    return causes;
  });
}

export function validateNamespace({ spec }: Namespace): FieldCause[] {
  return (spec?.finalizers ?? []).flatMap((finalizer) => [
    ...invalids('spec.finalizers', finalizer, labelKey(finalizer)),
    ...validateFinalizer(finalizer, 'spec.finalizers'),
  ]);
}
