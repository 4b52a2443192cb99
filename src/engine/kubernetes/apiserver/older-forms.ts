import {
  SERVICE_NAME,
  type ComponentStatus,
  type Endpoints,
  type EndpointSlice,
  type EndpointSubset,
  type Service,
} from '../api/cluster-objects.ts';
import type { ApiRequest, ComponentStates, WatchAnswer, WatchEvent } from '../api/requests.ts';
import type { ResourceName } from '../api/resources.ts';
import { columnsOf, rowOf } from '../api/tables/rows.ts';
import type { KubeObject, Labels } from '../apimachinery/object.ts';
import { failed, notFound, success, type Result } from '../apimachinery/status.ts';
import { uuid } from '../apimachinery/uid.ts';
import type { Backend } from './backend.ts';
import { answerChanges, selected } from './reads.ts';

/**
 * Kinds that are deprecated and still asked for: what they say is read from what the server holds
 * in the newer form, when it is asked.
 *
 * Endpoints (pkg/controller/endpoint/endpoints_controller.go, v1.36). Simplified: they are not kept
 * beside the EndpointSlices and nobody can write them; who watches them is told when the slices of a
 * Service change. The object has no annotation of the last change, and the ports of a subset stand
 * in the order of the slice.
 *
 * ComponentStatus (pkg/registry/core/componentstatus/rest.go, v1.36). Simplified: the server finds
 * its own etcd healthy, since it answers by what that holds.
 */
const WARNINGS: Readonly<Partial<Record<ResourceName, string>>> = {
  // staging/src/k8s.io/apiserver/pkg/endpoints/deprecation/deprecation.go `WarningMessage`
  endpoints: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  componentstatuses: 'v1 ComponentStatus is deprecated in v1.19+',
};

export const warningsOf = (resource: ResourceName): string[] => {
  const warning = WARNINGS[resource];
  return warning === undefined ? [] : [warning];
};

interface Known {
  readonly backend: Backend;
  readonly components: ComponentStates;
}

export function getOlder(
  { backend, components }: Known,
  resource: ResourceName,
  namespace: string,
  name: string,
): Result<KubeObject> {
  const found =
    resource === 'endpoints'
      ? endpointsOf(backend, backend.store.get('services', namespace, name) as Service | undefined)
      : statuses(components).find(({ metadata }) => metadata.name === name);
  return found ? success(found) : failed(notFound(resource, name));
}

export function listOlder({ backend, components }: Known, request: ApiRequest): KubeObject[] {
  if (request.resource === 'componentstatuses') return statuses(components);
  const all: KubeObject[] = [];
  for (const service of backend.store.list('services', request.namespace ?? '')) {
    const endpoints = endpointsOf(backend, service as Service);
    if (endpoints) all.push(endpoints);
  }
  return all;
}

/** What the changes of slices are for Endpoints; undefined when there are none yet. */
export function changesOfEndpoints(
  backend: Backend,
  request: ApiRequest,
): Result<WatchAnswer> | undefined {
  const { name: _name, labelSelector: _labels, fieldSelector: _fields, ...rest } = request;
  const { now } = backend.kernel;
  const ofSlices = { ...rest, resource: 'endpointslices', asTable: false } as const;
  const answer = answerChanges(backend.store, ofSlices, now);
  if (!answer?.ok) return answer;
  const events = new Map<string, WatchEvent>();
  for (const { object } of answer.value.events) {
    const { namespace = '', labels } = object.metadata;
    const name = labels?.[SERVICE_NAME] ?? '';
    const service = backend.store.get('services', namespace, name) as Service | undefined;
    const endpoints = endpointsOf(backend, service);
    if (!endpoints || !selected(request, endpoints)) continue;
    const row = request.asTable ? rowOf('endpoints', endpoints, now) : undefined;
    events.set(`${namespace}/${name}`, {
      type: 'MODIFIED',
      object: endpoints,
      ...(row && { row }),
    });
  }
  if (events.size === 0) return undefined;
  const { resourceVersion } = answer.value;
  return success(
    { resourceVersion, events: [...events.values()], columns: columnsOf('endpoints') },
    warningsOf('endpoints'),
  );
}

const HEADLESS = 'service.kubernetes.io/headless';
const MANAGED_BY = 'endpoints.kubernetes.io/managed-by';

/** A Service without a selector has none, but for the API server's own. */
function endpointsOf(backend: Backend, service: Service | undefined): Endpoints | undefined {
  if (!service) return undefined;
  const { spec, metadata } = service;
  const { name, namespace = '' } = metadata;
  const slices: EndpointSlice[] = [];
  for (const one of backend.store.list('endpointslices', namespace)) {
    const slice = one as EndpointSlice;
    const isIts = slice.metadata.labels?.[SERVICE_NAME] === name;
    if (isIts && slice.addressType === 'IPv4') slices.push(slice);
  }
  if (!spec.selector && slices.length === 0) return undefined;
  const subsets = subsetsOf(slices);
  const { [HEADLESS]: _own, ...own } = metadata.labels ?? {};
  const labels: Labels = spec.selector
    ? {
        ...own,
        [MANAGED_BY]: 'endpoint-controller',
        ...(spec.clusterIP === 'None' && { [HEADLESS]: '' }),
      }
    : { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
  const versions = [service, ...slices].map((one) => Number(one.metadata.resourceVersion));
  return {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: {
      name,
      namespace,
      uid: uuid(backend.kernel.random('endpoints', metadata.uid)),
      resourceVersion: String(Math.max(...versions)),
      creationTimestamp: metadata.creationTimestamp,
      labels,
    },
    ...(subsets.length > 0 && { subsets }),
  };
}

/** One subset for each set of ports; addresses in the order of their letters. */
function subsetsOf(slices: readonly EndpointSlice[]): EndpointSubset[] {
  const byPorts = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const ports = JSON.stringify(portsOf(slice));
    byPorts.set(ports, [...(byPorts.get(ports) ?? []), slice]);
  }
  return [...byPorts.values()].flatMap((alike) => {
    const [first] = alike;
    const endpoints = alike.flatMap((slice) => slice.endpoints);
    const addresses = addressesOf(endpoints.filter(({ conditions }) => conditions.ready));
    // What ends is in neither list.
    const waits = endpoints.filter(
      ({ conditions: { ready, terminating } }) => !ready && !terminating,
    );
    const notReadyAddresses = addressesOf(waits);
    if (!first || addresses.length + notReadyAddresses.length === 0) return [];
    return [
      {
        ...(addresses.length > 0 && { addresses }),
        ...(notReadyAddresses.length > 0 && { notReadyAddresses }),
        ports: portsOf(first),
      },
    ];
  });
}

const portsOf = ({ ports }: EndpointSlice): NonNullable<EndpointSubset['ports']> =>
  ports.map(({ name, port, protocol, appProtocol }) => ({
    ...(name && { name }),
    port,
    protocol,
    ...(appProtocol !== undefined && { appProtocol }),
  }));

const addressesOf = (endpoints: EndpointSlice['endpoints']): EndpointSubset['addresses'] & object =>
  endpoints
    .map(({ addresses: [ip = ''], hostname, nodeName, targetRef }) => ({
      ip,
      ...(hostname !== undefined && { hostname }),
      ...(nodeName !== undefined && { nodeName }),
      ...(targetRef && { targetRef }),
    }))
    .sort((a, b) => (a.ip < b.ip ? -1 : 1));

/** Each with the port of its health check (cmd/kube-scheduler and -controller-manager, v1.36). */
const CHECKED: readonly (readonly [name: string, component: string, port: number])[] = [
  ['controller-manager', 'kube-controller-manager', 10257],
  ['scheduler', 'kube-scheduler', 10259],
];

function statuses(components: ComponentStates): ComponentStatus[] {
  const status = (name: string, failure?: string): ComponentStatus => ({
    apiVersion: 'v1',
    kind: 'ComponentStatus',
    metadata: { name, uid: '', resourceVersion: '', creationTimestamp: null as unknown as string },
    conditions: [
      {
        type: 'Healthy',
        status: failure === undefined ? 'True' : 'False',
        message: failure ?? 'ok',
      },
    ],
  });
  const checked = CHECKED.map(([name, component, port]) => {
    const why = `dial tcp 127.0.0.1:${port}: connect: connection refused`;
    const url = `https://127.0.0.1:${port}/healthz`;
    return status(name, components.isRunning(component) ? undefined : `Get "${url}": ${why}`);
  });
  return [...checked, status('etcd-0')].sort((a, b) =>
    a.metadata.name < b.metadata.name ? -1 : 1,
  );
}
