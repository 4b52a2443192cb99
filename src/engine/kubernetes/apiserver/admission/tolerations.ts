import { NOT_READY_TAINT, UNREACHABLE_TAINT } from '../../api/cluster-objects.ts';
import type { Pod, PodSpec, Toleration } from '../../api/pod.ts';
import type { Plugin } from './plugin.ts';

/**
 * A Pod stays for five minutes on a node that does not answer, unless it says otherwise
 * (plugin/pkg/admission/defaulttolerationseconds/admission.go, v1.36).
 */
const DEFAULTS = [NOT_READY_TAINT, UNREACHABLE_TAINT].map((key): Toleration => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}));

const completed = new WeakMap<PodSpec, PodSpec>();

export const defaultTolerations: Plugin = (_backend, { operation }, object) => {
  if (operation === 'UPDATE') return object;
  const pod = object as Pod;
  const spec = withTolerations(pod.spec);
  return spec === pod.spec ? pod : ({ ...pod, spec } as Pod);
};

/** Pods of one template share their spec, before and after. */
function withTolerations(spec: PodSpec): PodSpec {
  const known = completed.get(spec);
  if (known) return known;
  const given = spec.tolerations ?? [];
  const missing = DEFAULTS.filter(({ key, effect }) => !given.some(covers(key, effect)));
  const next = missing.length === 0 ? spec : { ...spec, tolerations: [...given, ...missing] };
  completed.set(spec, next);
  return next;
}

const covers =
  (key: string | undefined, effect: string | undefined) =>
  (own: Toleration): boolean =>
    (!own.key || own.key === key) && (!own.effect || own.effect === effect);
