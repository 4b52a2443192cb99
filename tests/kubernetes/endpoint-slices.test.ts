import { expect, it } from 'vitest';
import type { EndpointSlice } from '../../src/engine/kubernetes/api/cluster-objects.ts';
import { EndpointSliceController } from '../../src/engine/kubernetes/controllers/endpointslice/endpoint-slice-controller.ts';
import {
  addNode,
  bareControlPlane,
  podNamed,
  runPod,
  setReady,
  value,
} from './bare-control-plane.ts';

/** A Service with so many Pods that run and have addresses. */
function served(count: number) {
  const plane = bareControlPlane(
    (kernel, door, cluster) => new EndpointSliceController(kernel, door, cluster),
  );
  const { client, run } = plane;
  addNode(plane, 'node-1');
  const service = client.create('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  });
  value(service);
  const add = (index: number): void => {
    const name = `web-${index}`;
    const metadata = { name, namespace: 'default', labels: { app: 'web' } };
    const pod = runPod(plane, podNamed(name, { metadata }), 'node-1');
    const podIP = `10.0.${Math.floor(index / 250)}.${index % 250}`;
    const status = { ...pod.status, podIP, podIPs: [{ ip: podIP }] };
    value(client.updateStatus('pods', { ...pod, status }));
  };
  for (let i = 1; i <= count; i++) add(i);
  run(1);
  const slices = (): EndpointSlice[] => [...client.scan('endpointslices', 'default')];
  /** `web-1` for a Pod that is ready, `(web-1)` for one that is not. */
  const listed = (): string[] =>
    slices()
      .flatMap(({ endpoints }) => endpoints)
      .map(({ targetRef, conditions }) =>
        conditions.ready ? (targetRef?.name ?? '') : `(${targetRef?.name ?? ''})`,
      )
      .sort((a, b) => (a < b ? -1 : 1));
  const relabel = (name: string, app: string): void => {
    const pod = client.get('pods', 'default', name);
    if (!pod) throw new Error(`no Pod ${name}`);
    value(client.update('pods', { ...pod, metadata: { ...pod.metadata, labels: { app } } }));
  };
  const remove = (name: string): void => {
    const pod = client.get('pods', 'default', name);
    if (pod) client.delete('pods', pod, 0);
  };
  return { plane, ...plane, add, slices, listed, relabel, remove };
}

it('slices follow their Pods, and only the slice that changed is written', () => {
  const { plane, run, add, slices, listed, relabel, remove } = served(150);
  const before = slices();
  expect(before.map(({ endpoints }) => endpoints.length).sort((a, b) => b - a)).toEqual([100, 50]);
  setReady(plane, 'default', 'web-7', false);
  run(1);
  expect(slices().filter((slice) => !before.includes(slice))).toHaveLength(1);
  expect(listed()).toContain('(web-7)');
  relabel('web-8', 'other');
  remove('web-9');
  add(151);
  run(1);
  expect(listed()).toHaveLength(149);
  expect(listed()).not.toContain('web-8');
  relabel('web-8', 'web');
  run(1);
  expect(listed()).toHaveLength(150);
  for (let i = 1; i <= 151; i++) remove(`web-${i}`);
  run(1);
  expect(slices().map(({ endpoints }) => endpoints.length)).toEqual([0]);
});

it('slices that somebody else wrote, or that were taken back, are put in order again', () => {
  const { kernel, plane, client, run, slices, listed } = served(3);
  const past = kernel.checkpoint();
  const [slice] = slices();
  if (!slice) throw new Error('there is no slice');
  value(client.update('endpointslices', { ...slice, endpoints: [] }));
  setReady(plane, 'default', 'web-1', false);
  run(1);
  expect(listed()).toEqual(['(web-1)', 'web-2', 'web-3']);
  kernel.restore(past);
  setReady(plane, 'default', 'web-2', false);
  run(1);
  expect(listed()).toEqual(['(web-2)', 'web-1', 'web-3']);
});

it('slices know of what was still to be done when their past comes back', () => {
  const { kernel, plane, client, run, listed } = served(3);
  setReady(plane, 'default', 'web-1', false);
  const past = kernel.checkpoint();
  setReady(plane, 'default', 'web-1', true);
  run(1);
  expect(listed()).toEqual(['web-1', 'web-2', 'web-3']);
  kernel.restore(past);
  run(1);
  expect(listed()).toEqual(['(web-1)', 'web-2', 'web-3']);
  const later = kernel.checkpoint();
  const service = client.get('services', 'default', 'web');
  if (service) client.delete('services', service);
  setReady(plane, 'default', 'web-2', false);
  kernel.restore(later);
  setReady(plane, 'default', 'web-2', false);
  run(1);
  expect(listed()).toEqual(['(web-1)', '(web-2)', 'web-3']);
});

it('of a Service that selects other Pods now the slices list those', () => {
  const { client, run, listed, relabel } = served(3);
  relabel('web-3', 'other');
  run(1);
  expect(listed()).toEqual(['web-1', 'web-2']);
  const service = client.get('services', 'default', 'web');
  if (!service) throw new Error('there is no Service');
  const spec = { ...service.spec, selector: { app: 'other' } };
  value(client.update('services', { ...service, spec }));
  run(1);
  expect(listed()).toEqual(['web-3']);
});
