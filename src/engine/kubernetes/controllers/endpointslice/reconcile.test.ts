import { describe, expect, it } from 'vitest';
import type { EndpointSlice, Service } from '../../api/cluster-objects.ts';
import type { Pod } from '../../api/pod.ts';
import { reconcile, type Changes } from './reconcile.ts';
import { labelsFor } from './slice-labels.ts';

/** Upstream's stories about slices (staging/src/k8s.io/endpointslice/reconciler_test.go, v1.36). */
const SERVICE = {
  metadata: { name: 'web', namespace: 'default', uid: 'service-1', labels: { app: 'web' } },
  spec: { clusterIP: '10.96.0.9', ports: [{ port: 80, targetPort: 'http' }] },
} as unknown as Service;
const OWNER = { apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'service-1' };
const LABELS = labelsFor(SERVICE);

const pod = (index: number, port = 8080, ready = true): Pod =>
  ({
    metadata: { name: `pod-${index}`, namespace: 'default', uid: `pod-${index}` },
    spec: { containers: [{ name: 'web', ports: [{ name: 'http', containerPort: port }] }] },
    status: {
      phase: 'Running',
      podIP: `10.${Math.floor(index / 250)}.0.${index % 250}`,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    },
  }) as unknown as Pod;

const pods = (count: number, from = 0): Pod[] =>
  Array.from({ length: count }, (_, i) => pod(from + i));

/** What is there after the changes; names are given in the order of creation. */
function apply(present: readonly EndpointSlice[], changes: Changes): EndpointSlice[] {
  const { create, update, remove } = changes;
  const names = (list: readonly EndpointSlice[]) => list.map(({ metadata }) => metadata.name);
  const kept = present
    .filter(({ metadata }) => !names(remove).includes(metadata.name))
    .map((slice) => update.find((one) => one.metadata.name === slice.metadata.name) ?? slice);
  const made = create.map((content, i) => ({
    metadata: {
      name: `web-${present.length + i}`,
      namespace: 'default',
      labels: LABELS,
      ownerReferences: [OWNER],
    },
    ...{ addressType: 'IPv4', ...content },
  }));
  return [...kept, ...(made as unknown as EndpointSlice[])];
}

const look = (present: readonly EndpointSlice[], wanted: readonly Pod[], service = SERVICE) =>
  reconcile(service, wanted, present, labelsFor(service), 100);
const slicesOf = (...wanted: Pod[][]): EndpointSlice[] =>
  wanted.reduce<EndpointSlice[]>((present, more) => {
    const all = present.flatMap(({ endpoints }) => endpoints.map(({ targetRef }) => targetRef));
    const known = all.map((ref) => pod(Number(ref?.name.slice(4))));
    return apply(present, look(present, [...known, ...more]));
  }, []);
const lengths = (slices: readonly EndpointSlice[]) => slices.map((one) => one.endpoints.length);
const counts = ({ create, update, remove }: Changes) => [
  create.length,
  update.length,
  remove.length,
];

describe('slices of a Service', () => {
  it('hold a hundred endpoints each; without any there is an empty one', () => {
    expect(lengths(slicesOf(pods(250)))).toEqual([100, 100, 50]);
    const empty = slicesOf([]);
    expect(lengths(empty)).toEqual([0]);
    expect(counts(look(empty, []))).toEqual([0, 0, 0]);
    // The empty one becomes the first that lists something.
    expect(counts(look(empty, pods(1)))).toEqual([0, 1, 0]);
    expect(counts(look(slicesOf(pods(1)), []))).toEqual([0, 1, 0]);
  });

  it('are written only where something changed', () => {
    const present = slicesOf(pods(10_000));
    expect(present).toHaveLength(100);
    const changed = pods(10_000).with(4321, pod(4321, 8080, false));
    expect(counts(look(present, changed))).toEqual([0, 1, 0]);
    expect(counts(look(present, pods(10_000)))).toEqual([0, 0, 0]);
    // One goes and another comes: the newcomer takes the place in the slice that changes anyway.
    const swapped = pods(10_000).with(50, pod(10_001));
    const { update } = look(present, swapped);
    expect(lengths(update)).toEqual([100]);
  });

  it('let what is left go to the fullest that holds all of it', () => {
    // TestReconcileEndpointSlicesSomePreexisting and …RecycleSlices: 62 and 62 with 50 more.
    const [first, second] = [slicesOf(pods(62)), slicesOf(pods(71, 100))];
    const present = [...first, ...second.map((one) => named(one, 'web-b'))];
    const all = [...pods(62), ...pods(71, 100)];
    const few = look(present, [...all, ...pods(29, 300)]);
    expect(lengths(few.update)).toEqual([100]);
    const more = look(present, [...all, ...pods(38, 300)]);
    expect(lengths(more.update)).toEqual([100]);
    expect(more.update[0]?.metadata.name).toBe('web-0');
    const tooMany = look(present, [...all, ...pods(39, 300)]);
    expect([counts(tooMany), tooMany.create[0]?.endpoints.length]).toEqual([[1, 0, 0], 39]);
  });

  it('are kept apart by the ports of the Pods, and turned over when ports change', () => {
    const mixed = apply([], look([], [pod(1, 8080), pod(2, 9090), pod(3, 8080)]));
    expect(mixed.map(({ ports, endpoints }) => [ports[0]?.port, endpoints.length])).toEqual([
      [8080, 2],
      [9090, 1],
    ]);
    const moved = look(slicesOf(pods(3)), [pod(0, 9090), pod(1, 9090), pod(2, 9090)]);
    expect(counts(moved)).toEqual([0, 1, 0]);
    expect(moved.update[0]?.ports[0]?.port).toBe(9090);
  });

  it('come to the same when only those Pods are given that changed', () => {
    const before = slicesOf(pods(250), pods(30, 400));
    const gone = new Set([3, 150, 151, 249]);
    const other = new Map([
      [7, pod(7, 8080, false)],
      [149, pod(149, 9090)],
      ...pods(120, 500).map((one, i): [number, Pod] => [500 + i, one]),
    ]);
    const now = [...pods(250), ...pods(30, 400), ...pods(120, 500)].flatMap((one) => {
      const index = Number(one.metadata.name.slice(4));
      return gone.has(index) ? [] : (other.get(index) ?? one);
    });
    const only = new Map([...gone, ...other.keys()].map((index) => [`pod-${index}`, index]));
    const some = now.filter(({ metadata }) => only.has(metadata.name));
    const whole = look(before, now);
    expect(counts(whole)).toEqual([2, 3, 0]);
    expect(reconcile(SERVICE, some, before, LABELS, 100, only)).toEqual(whole);
    // All of a slice's Pods go, and then all that there are.
    for (const count of [100, 280]) {
      const left = [...pods(250), ...pods(30, 400)].slice(count);
      const went = [...pods(250), ...pods(30, 400)].slice(0, count);
      const names = new Map(went.map(({ metadata }) => [metadata.name, undefined]));
      const fewer = reconcile(SERVICE, [], before, LABELS, 100, names);
      expect(fewer).toEqual(look(before, left));
      expect(fewer.remove.length).toBeGreaterThan(0);
    }
  });

  it('follow the labels of the Service, and leave those of an earlier one', () => {
    const present = slicesOf(pods(3));
    const labelled = { ...SERVICE, metadata: { ...SERVICE.metadata, labels: { app: 'shop' } } };
    const { update } = look(present, pods(3), labelled);
    expect(update[0]?.metadata.labels).toMatchObject({ app: 'shop' });
    const again = { ...SERVICE, metadata: { ...SERVICE.metadata, uid: 'service-2' } };
    expect(counts(look(present, pods(3), again))).toEqual([1, 0, 1]);
  });
});

const named = (slice: EndpointSlice, name: string): EndpointSlice => ({
  ...slice,
  metadata: { ...slice.metadata, name },
});
