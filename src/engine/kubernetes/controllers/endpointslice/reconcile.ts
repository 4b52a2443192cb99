import type { Endpoint, EndpointSlice, Service } from '../../api/cluster-objects.ts';
import type { Pod } from '../../api/pod.ts';
import { canonicalJson, sameValue } from '../../apimachinery/canonical-json.ts';
import { endpointOf, slicePorts } from './endpoints.ts';
import { hasLabels, type SliceLabels } from './slice-labels.ts';

/**
 * What has to be written for a Service's slices to list its Pods
 * (staging/src/k8s.io/endpointslice/reconciler.go `reconcileByPortMapping` and `finalize`, v1.36):
 * endpoints stay in the slice that has them; new ones go into slices that change anyway, the
 * fullest first; what is left goes into the fullest slice that holds all of it, or into new ones.
 *
 * Simplified: no hints of zones; endpoints do not say their zone.
 */
export type Ports = EndpointSlice['ports'];

export interface Content {
  readonly ports: Ports;
  readonly endpoints: readonly Endpoint[];
}

export interface Changes {
  readonly create: readonly Content[];
  readonly update: readonly EndpointSlice[];
  readonly remove: readonly EndpointSlice[];
}

/** Pods whose ports are alike: they share slices. */
interface Group {
  readonly ports: Ports;
  readonly wanted: Map<string, Endpoint>;
}

/**
 * @param present the slices of the Service that the controller looks after
 * @param labels what they are to be labelled with
 * @param only Pods that may be given, by name; what slices say of others stays. All without it
 */
export function reconcile(
  service: Service,
  pods: readonly Pod[],
  present: readonly EndpointSlice[],
  labels: SliceLabels,
  perSlice: number,
  only?: ReadonlyMap<string, unknown>,
): Changes {
  const groups = groupsOf(service, pods);
  const byPorts = new Map<string, EndpointSlice[]>();
  const create: Content[] = [];
  const update: EndpointSlice[] = [];
  // Those of an earlier Service of this name.
  const foreign = present.filter((slice) => !isOwned(slice, service));
  const remove: EndpointSlice[] = [];
  for (const slice of present) {
    if (foreign.includes(slice)) continue;
    const key = canonicalJson(slice.ports);
    byPorts.set(key, [...(byPorts.get(key) ?? []), slice]);
  }
  // In an order that does not depend on which Pods were given.
  for (const key of [...new Set([...groups.keys(), ...byPorts.keys()])].sort()) {
    const slices = byPorts.get(key) ?? [];
    const group = groups.get(key) ?? { ports: slices[0]?.ports ?? [], wanted: new Map() };
    const changes = fill(group, slices, labels, perSlice, only);
    create.push(...changes.create);
    update.push(...changes.update);
    remove.push(...changes.remove);
  }
  if (remove.length + foreign.length === present.length && create.length === 0) {
    const { remove: others, ...rest } = placeholder(remove, labels);
    return { ...rest, remove: [...others, ...foreign] };
  }
  // A slice that would be deleted becomes one that would be created.
  while (create.length > 0 && remove.length > 0) {
    const content = create.pop();
    const slice = remove.shift();
    if (content && slice) update.push(relabelled({ ...slice, ...content }, labels));
  }
  return { create, update, remove: [...remove, ...foreign] };
}

const isOwned = ({ metadata }: EndpointSlice, service: Service): boolean =>
  (metadata.ownerReferences ?? []).some(
    ({ uid, kind }) => uid === service.metadata.uid && kind === 'Service',
  );

/** One empty slice says that there are no endpoints. */
function placeholder(remove: readonly EndpointSlice[], labels: SliceLabels): Changes {
  const [first, ...others] = remove;
  const empty: Content = { ports: [], endpoints: [] };
  if (!first) return { create: [empty], update: [], remove: [] };
  const isEmpty = first.endpoints.length === 0 && first.ports.length === 0;
  const stays = isEmpty && others.length === 0 && hasLabels(first, labels);
  const update = stays ? [] : [relabelled({ ...first, ...empty }, labels)];
  return { create: [], update, remove: others };
}

function groupsOf(service: Service, pods: readonly Pod[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  // What ports a Pod has its containers say, and Pods of one template share theirs.
  const byContainers = new Map<Pod['spec']['containers'], Group>();
  for (const pod of pods) {
    const { containers, initContainers } = pod.spec;
    let group = initContainers ? undefined : byContainers.get(containers);
    if (!group) {
      const ports = slicePorts(pod, service);
      const key = canonicalJson(ports);
      group = groups.get(key) ?? { ports, wanted: new Map() };
      groups.set(key, group);
      byContainers.set(containers, group);
    }
    const endpoint = endpointOf(pod, service);
    group.wanted.set(identityOf(endpoint), endpoint);
  }
  return groups;
}

/** What makes two endpoints the same one (endpointset.go `hashEndpoint`). */
const identityOf = ({ addresses, hostname = '', targetRef }: Endpoint): string =>
  `${addresses.join()} ${hostname} ${targetRef?.namespace ?? ''}/${targetRef?.name ?? ''}`;

interface Looked {
  readonly slice: EndpointSlice;
  readonly kept: Endpoint[];
  readonly isChanged: boolean;
}

function fill(
  { ports, wanted }: Group,
  present: readonly EndpointSlice[],
  labels: SliceLabels,
  perSlice: number,
  only: ReadonlyMap<string, unknown> | undefined,
): Changes {
  const looked = present.map((slice) => keep(slice, wanted, labels, only));
  if (wanted.size === 0 && looked.every(({ kept }) => kept.length === 0)) {
    return { create: [], update: [], remove: present };
  }
  const isLeft = ({ slice, kept }: Looked) => kept.length > 0 || slice.endpoints.length === 0;
  const remove = looked.filter((one) => !isLeft(one)).map(({ slice }) => slice);
  const changed = looked.filter((one) => one.isChanged && isLeft(one));
  const unchanged = looked.filter((one) => !one.isChanged && isLeft(one));
  const rest = [...wanted.values()];
  for (const { kept } of [...changed].sort((a, b) => b.kept.length - a.kept.length)) {
    kept.push(...rest.splice(0, Math.max(0, perSlice - kept.length)));
  }
  const create: Content[] = [];
  while (rest.length > 0) {
    const place = rest.length < perSlice ? fullestFor(rest.length, unchanged, perSlice) : undefined;
    if (place) {
      place.kept.push(...rest.splice(0));
      changed.push(place);
      unchanged.splice(unchanged.indexOf(place), 1);
    } else create.push({ ports, endpoints: rest.splice(0, perSlice) });
  }
  const update = changed.map(({ slice, kept }) =>
    relabelled({ ...slice, endpoints: kept }, labels),
  );
  return { create, update, remove };
}

/** Takes out of `wanted` what a slice has already. */
function keep(
  slice: EndpointSlice,
  wanted: Map<string, Endpoint>,
  labels: SliceLabels,
  only: ReadonlyMap<string, unknown> | undefined,
): Looked {
  const isAbout = ({ targetRef }: Endpoint) => !only || only.has(targetRef?.name ?? '');
  let isChanged = !hasLabels(slice, labels);
  if (!slice.endpoints.some(isAbout)) return { slice, kept: [...slice.endpoints], isChanged };
  const kept: Endpoint[] = [];
  for (const endpoint of slice.endpoints) {
    if (!isAbout(endpoint)) {
      kept.push(endpoint);
      continue;
    }
    const key = identityOf(endpoint);
    const now = wanted.get(key);
    wanted.delete(key);
    if (!now) isChanged = true;
    else if (sameValue(now, endpoint)) kept.push(endpoint);
    else {
      isChanged = true;
      kept.push(now);
    }
  }
  return { slice, kept, isChanged };
}

/** The slice with the least room that still holds so many (utils.go `getSliceToFill`). */
function fullestFor(count: number, slices: readonly Looked[], perSlice: number) {
  let found: Looked | undefined;
  for (const one of slices) {
    const fits = one.kept.length + count <= perSlice;
    if (fits && (!found || one.kept.length > found.kept.length)) found = one;
  }
  return found;
}

const relabelled = (slice: EndpointSlice, labels: SliceLabels): EndpointSlice => ({
  ...slice,
  metadata: { ...slice.metadata, labels },
});
