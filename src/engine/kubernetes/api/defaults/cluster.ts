import type { EndpointSlice, Event, Namespace, Node } from '../cluster-objects.ts';
import type { LimitRange, LimitRangeItem, PriorityClass, Secret } from '../config.ts';
import type { ResourceAmounts } from '../amounts.ts';
import type { RoleBinding, Subject } from '../rbac.ts';
import { RBAC_GROUP } from '../rbac.ts';
import { roundedAmounts } from './amounts.ts';
import { fillEmpty, fillMissing, mapKept, withFields } from './filling.ts';

/** Everything small (pkg/apis/{core,discovery,scheduling,rbac}/v1/defaults.go, v1.36). */
export function namespaceDefaults(namespace: Namespace): Namespace {
  const { metadata } = namespace;
  const spec = namespace.spec ?? {};
  const name = metadata.name;
  return withFields(namespace, {
    // Without a name the label waits until one was generated.
    ...(name && {
      metadata: withFields(metadata, {
        labels: withFields(metadata.labels ?? {}, { [NAME_LABEL]: name }),
      }),
    }),
    spec: spec.finalizers ? spec : { ...spec, finalizers: ['kubernetes'] },
    status: fillEmpty(namespace.status ?? {}, { phase: 'Active' }),
  });
}

const NAME_LABEL = 'kubernetes.io/metadata.name';

export function nodeDefaults(node: Node): Node {
  const status = node.status ?? {};
  return withFields(node, {
    spec: node.spec ?? {},
    status: fillMissing(status, { allocatable: status.capacity }),
  });
}

export function secretDefaults(secret: Secret): Secret {
  return fillEmpty(secret, { type: 'Opaque' });
}

export function limitRangeDefaults(range: LimitRange): LimitRange {
  const spec = range.spec ?? {};
  return withFields(range, {
    spec: withFields(spec, { limits: mapKept(spec.limits ?? [], limitDefaults) }),
  });
}

/** For containers: no default limit means the most, no default request the limit or the least. */
function limitDefaults(item: LimitRangeItem): LimitRangeItem {
  const limits: ResourceAmounts =
    item.type === 'Container' ? { ...item.max, ...item.default } : (item.default ?? {});
  const requests: ResourceAmounts = { ...item.min, ...limits, ...item.defaultRequest };
  const filled =
    item.type === 'Container' ? { ...item, default: limits, defaultRequest: requests } : item;
  const round = (amounts: ResourceAmounts | undefined) => amounts && roundedAmounts(amounts);
  return withFields(filled, {
    max: round(filled.max),
    min: round(filled.min),
    default: round(filled.default),
    defaultRequest: round(filled.defaultRequest),
    maxLimitRequestRatio: round(filled.maxLimitRequestRatio),
  });
}

export function priorityClassDefaults(priority: PriorityClass): PriorityClass {
  return fillMissing(priority, { value: 0, preemptionPolicy: 'PreemptLowerPriority' });
}

export function endpointSliceDefaults(slice: EndpointSlice): EndpointSlice {
  const ports = slice.ports ?? [];
  return withFields(fillMissing(slice, { endpoints: [] }), {
    ports: mapKept(ports, (port) => fillMissing(port, { name: '', protocol: 'TCP' })),
  });
}

/** Fields of an Event that Go writes out empty. */
const BLANK_EVENT: Partial<Event> = {
  reason: '',
  message: '',
  source: { component: '' },
  reportingComponent: '',
  reportingInstance: '',
};
const NOTHING_INVOLVED: Partial<Event['involvedObject']> = { kind: '', namespace: '', name: '' };

export function eventDefaults(event: Event): Event {
  const filled = fillMissing(event, BLANK_EVENT);
  const involvedObject = fillMissing(event.involvedObject ?? {}, NOTHING_INVOLVED);
  return withFields(filled, { involvedObject });
}

export function bindingDefaults<T extends RoleBinding>(binding: T): T {
  const { roleRef, subjects } = binding;
  const role = fillEmpty(roleRef ?? {}, { apiGroup: RBAC_GROUP });
  const members = subjects && mapKept(subjects, subjectDefaults);
  if (role === roleRef && members === subjects) return binding;
  return { ...binding, roleRef: role, ...(members && { subjects: members }) };
}

function subjectDefaults(subject: Subject): Subject {
  const isPerson = subject.kind === 'User' || subject.kind === 'Group';
  return isPerson ? fillEmpty(subject, { apiGroup: RBAC_GROUP }) : subject;
}
