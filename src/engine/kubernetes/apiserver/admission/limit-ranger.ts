import type { LimitRange, LimitRangeItem } from '../../api/config.ts';
import type { ResourceAmounts } from '../../api/amounts.ts';
import type { Container } from '../../api/container.ts';
import type { Pod } from '../../api/pod.ts';
import type { PersistentVolumeClaim } from '../../api/storage.ts';
import { infoOf, qualifiedName } from '../../api/resources.ts';
import { forbidden } from '../../apimachinery/status.ts';
import type { Plugin } from './plugin.ts';
import { limitErrors, totalAmounts } from './limit-constraints.ts';

/**
 * Limit ranges of a namespace: what a container gets that asks for nothing, and how much it may ask
 * for (plugin/pkg/admission/limitranger/admission.go, v1.36).
 */
const ANNOTATION = 'kubernetes.io/limit-ranger';

export const limitRanger: Plugin = (backend, attributes, object) => {
  const { request, operation, namespace, name, previous } = attributes;
  if (operation === 'UPDATE' && request.resource === 'pods') return object;
  // What is on its way out is let go, whatever its size.
  if (previous?.metadata.deletionTimestamp) return object;
  const ranges = backend.store.inNamespace('limitranges', namespace) as readonly LimitRange[];
  if (ranges.length === 0) return object;
  const items = ranges.flatMap(({ spec }) => spec.limits);
  const isPod = request.resource === 'pods';
  const completed = isPod ? ranges.reduce(withDefaults, object as Pod) : object;
  const wrong = isPod
    ? podErrors(completed as Pod, items)
    : claimErrors(completed as PersistentVolumeClaim, items);
  if (wrong.length === 0) return completed;
  const why = wrong.length === 1 ? wrong.join('') : `[${wrong.join(', ')}]`;
  return forbidden(qualifiedName(infoOf(request.resource)), name, why);
};

interface Filled {
  readonly container: Container;
  readonly requests: readonly string[];
  readonly limits: readonly string[];
}

/** Requests and limits that a container leaves out, from the range's defaults. */
function withDefaults(pod: Pod, range: LimitRange): Pod {
  const items = range.spec.limits.filter(({ type }) => type === 'Container');
  const limits = Object.assign({}, ...items.map((item) => item.default ?? {})) as ResourceAmounts;
  const requests = Object.assign(
    {},
    ...items.map((item) => item.defaultRequest ?? {}),
  ) as ResourceAmounts;
  const filled = pod.spec.containers.map((one) => fill(one, requests, limits));
  const init = pod.spec.initContainers?.map((one) => fill(one, requests, limits));
  const notes = [
    ...filled.flatMap((one) => notesOf(one, 'container')),
    ...(init ?? []).flatMap((one) => notesOf(one, 'init container')),
  ];
  if (notes.length === 0) return pod;
  const annotations = {
    ...pod.metadata.annotations,
    [ANNOTATION]: `LimitRanger plugin set: ${notes.join('; ')}`,
  };
  return {
    ...pod,
    metadata: { ...pod.metadata, annotations },
    spec: {
      ...pod.spec,
      containers: filled.map(({ container }) => container),
      ...(init && { initContainers: init.map(({ container }) => container) }),
    },
  };
}

function fill(container: Container, requests: ResourceAmounts, limits: ResourceAmounts): Filled {
  const { resources = {} } = container;
  const absent = (amounts: ResourceAmounts, given: ResourceAmounts = {}): string[] =>
    Object.keys(amounts)
      .filter((name) => given[name] === undefined)
      .sort();
  const newLimits = absent(limits, resources.limits);
  const newRequests = absent(requests, resources.requests);
  if (newLimits.length + newRequests.length === 0) return { container, requests: [], limits: [] };
  const next = {
    ...resources,
    ...(newLimits.length > 0 && { limits: { ...limits, ...resources.limits } }),
    ...(newRequests.length > 0 && { requests: { ...requests, ...resources.requests } }),
  };
  return { container: { ...container, resources: next }, requests: newRequests, limits: newLimits };
}

function notesOf({ container, requests, limits }: Filled, what: string): string[] {
  const note = (names: readonly string[], kind: string): string[] =>
    names.length === 0 ? [] : [`${names.join(', ')} ${kind} for ${what} ${container.name}`];
  return [...note(requests, 'request'), ...note(limits, 'limit')];
}

function podErrors({ spec }: Pod, items: readonly LimitRangeItem[]): string[] {
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  const requests = totalAmounts(spec, 'requests');
  const limits = totalAmounts(spec, 'limits');
  return items.flatMap((item) => {
    if (item.type === 'Container') {
      return all.flatMap(({ resources = {} }) =>
        limitErrors(item, resources.requests ?? {}, resources.limits ?? {}),
      );
    }
    return item.type === 'Pod' ? limitErrors(item, requests, limits) : [];
  });
}

/** A claim's request is held to both ends. */
function claimErrors({ spec }: PersistentVolumeClaim, items: readonly LimitRangeItem[]): string[] {
  const requests = spec.resources?.requests ?? {};
  return items
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap((item) => limitErrors(item, requests, requests));
}
