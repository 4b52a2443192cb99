import { sameValue } from '../../apimachinery/canonical-json.ts';
import type { ResourceAmounts } from '../amounts.ts';
import type { Container } from '../container.ts';
import { qosClass } from '../pod-resources.ts';
import type { Pod, PodSpec } from '../pod.ts';
import { forbidden, invalid, type FieldCause } from './field-errors.ts';
import { validateWhole } from './pod.ts';

/**
 * What may change of the size of a Pod that runs (pkg/apis/core/validation/validation.go
 * `ValidatePodResize`, v1.36): CPU and memory, of containers and sidecars that stay the same ones,
 * so that the Pod keeps its class.
 */
export function validatePodResize(pod: Pod, previous: Pod, asked: PodSpec): FieldCause[] {
  const causes = validateWhole(pod);
  if ('kubernetes.io/config.mirror' in (previous.metadata.annotations ?? {})) {
    return [forbidden('', 'static pods cannot be resized')];
  }
  const before = previous.status.qosClass ?? qosClass(previous.spec);
  if (before !== qosClass(pod.spec)) {
    const why = 'Pod QOS Class may not change as a result of resizing';
    causes.push(invalid('spec', before, why));
  }
  for (const field of ['containers', 'initContainers'] as const) {
    const old = previous.spec[field] ?? [];
    causes.push(...reordered(asked[field] ?? [], old, `spec.${field}`));
    (pod.spec[field] ?? []).forEach((container, i) => {
      causes.push(...removed(container, old[i], `spec.${field}[${i}].resources`));
    });
  }
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  const were = [...previous.spec.containers, ...(previous.spec.initContainers ?? [])];
  const others = all.some((container, i) => {
    const mayChange = i < pod.spec.containers.length || container.restartPolicy === 'Always';
    return !sameValue(fixed(container, mayChange), fixed(were[i], mayChange));
  });
  if (others) causes.push(forbidden('spec', 'only cpu and memory resources are mutable'));
  return causes;
}

function reordered(
  asked: readonly Container[],
  old: readonly Container[],
  at: string,
): FieldCause[] {
  if (asked.length !== old.length) {
    return [forbidden(at, `${at.slice(5)} may not be added or removed on resize`)];
  }
  if (asked.every(({ name }, i) => name === old[i]?.name)) return [];
  return [forbidden(at, `${at.slice(5)} may not be renamed or reordered on resize`)];
}

/** What was limited or asked for has to stay so, with another amount. */
function removed({ resources }: Container, old: Container | undefined, at: string): FieldCause[] {
  return (['limits', 'requests'] as const).flatMap((part) => {
    const now = resources?.[part] ?? NOTHING;
    const gone = Object.keys(old?.resources?.[part] ?? NOTHING).some((name) => !(name in now));
    return gone ? [forbidden(`${at}.${part}`, `resource ${part} cannot be removed`)] : [];
  });
}

const NOTHING: ResourceAmounts = {};

/** What a container asks for and may have that is not to change. */
function fixed(container: Container | undefined, mayChange: boolean) {
  const rest = (amounts: ResourceAmounts = NOTHING) =>
    Object.fromEntries(
      Object.entries(amounts).filter(
        ([name]) => !mayChange || (name !== 'cpu' && name !== 'memory'),
      ),
    );
  return [rest(container?.resources?.limits), rest(container?.resources?.requests)];
}
