import type { PriorityClass } from '../../api/config.ts';
import type { Pod, PodSpec } from '../../api/pod.ts';
import { forbidden, type Failure } from '../../apimachinery/status.ts';
import type { Backend } from '../backend.ts';
import type { Plugin } from './plugin.ts';

/**
 * A Pod's priority, from the class it names or the cluster's default
 * (plugin/pkg/admission/priority/admission.go, v1.36).
 */
type Urgency = Required<Pick<PodSpec, 'priority' | 'preemptionPolicy'>> & {
  readonly priorityClassName?: string;
};

export const podPriority: Plugin = (backend, { operation, name }, object) => {
  if (operation === 'UPDATE') return object;
  const pod = object as Pod;
  const urgency = urgencyOf(backend, pod.spec.priorityClassName, name);
  if ('code' in urgency) return urgency;
  const { priority, preemptionPolicy: policy } = pod.spec;
  if (priority !== undefined && priority !== urgency.priority) {
    const why =
      `the integer value of priority (${priority}) must not be provided in pod spec; ` +
      'priority admission controller computed ' +
      `${urgency.priority} from the given PriorityClass name`;
    return forbidden('pods', name, why);
  }
  if (policy !== undefined && policy !== urgency.preemptionPolicy) {
    const why =
      `the string value of PreemptionPolicy (${policy}) must not be provided in pod spec; ` +
      'priority admission controller computed ' +
      `${urgency.preemptionPolicy} from the given PriorityClass name`;
    return forbidden('pods', name, why);
  }
  return { ...pod, spec: withUrgency(pod.spec, urgency) } as Pod;
};

const COMMON: Urgency = { priority: 0, preemptionPolicy: 'PreemptLowerPriority' };

function urgencyOf(
  backend: Backend,
  className: string | undefined,
  pod: string,
): Urgency | Failure {
  if (className) {
    const found = backend.store.get('priorityclasses', '', className);
    if (found) return urgencyFrom(found as PriorityClass, className);
    return forbidden('pods', pod, `no PriorityClass with name ${className} was found`);
  }
  const defaults = (
    backend.store.inNamespace('priorityclasses', '') as readonly PriorityClass[]
  ).filter(({ globalDefault }) => globalDefault);
  const [lowest] = defaults.sort((a, b) => a.value - b.value);
  return lowest ? urgencyFrom(lowest, lowest.metadata.name) : COMMON;
}

const urgencyFrom = (
  { value, preemptionPolicy = 'PreemptLowerPriority' }: PriorityClass,
  priorityClassName: string,
): Urgency => ({ priority: value, preemptionPolicy, priorityClassName });

interface Known {
  readonly urgency: string;
  readonly spec: PodSpec;
}

/** What became of the last Pod with the same spec: the next one of its template shares it. */
const latest = new WeakMap<PodSpec, Known>();

function withUrgency(spec: PodSpec, urgency: Urgency): PodSpec {
  const text = `${urgency.priority} ${urgency.preemptionPolicy} ${urgency.priorityClassName ?? ''}`;
  const known = latest.get(spec);
  if (known?.urgency === text) return known.spec;
  const next = { ...spec, ...urgency };
  latest.set(spec, { urgency: text, spec: next });
  return next;
}

/** Only one class can be what counts for Pods that name none. */
export const priorityClass: Plugin = (backend, { request, name }, object) => {
  const given = object as PriorityClass;
  if (!given.globalDefault) return given;
  const classes = backend.store.inNamespace('priorityclasses', '') as readonly PriorityClass[];
  const other = classes.find(
    ({ globalDefault, metadata }) => globalDefault && metadata.name !== name,
  );
  if (!other) return given;
  const why =
    `PriorityClass ${other.metadata.name} is already marked as default. ` +
    'Only one default can exist';
  return forbidden(`${request.resource}.scheduling.k8s.io`, name, why);
};
