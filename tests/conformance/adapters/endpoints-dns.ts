import type { EndpointSlice, Service } from '../../../src/engine/kubernetes/api/cluster-objects.ts';
import type { Pod } from '../../../src/engine/kubernetes/api/pod.ts';
import { ApiServer } from '../../../src/engine/kubernetes/apiserver/api-server.ts';
import {
  DEFAULT_NODE_PORTS,
  ipRange,
  parsePortRange,
  placeInRange,
  portBand,
} from '../../../src/engine/kubernetes/apiserver/bands.ts';
import { Client } from '../../../src/engine/kubernetes/client/client.ts';
import { Components } from '../../../src/engine/kubernetes/components.ts';
import { EndpointSliceController } from '../../../src/engine/kubernetes/controllers/endpointslice/endpoint-slice-controller.ts';
import { reconcile } from '../../../src/engine/kubernetes/controllers/endpointslice/reconcile.ts';
import {
  hasLabels,
  labelsFor,
  type SliceLabels,
} from '../../../src/engine/kubernetes/controllers/endpointslice/slice-labels.ts';
import {
  addressOf,
  endpointConditions,
  familyOfService,
  isEndpoint,
  type Family,
} from '../../../src/engine/kubernetes/controllers/endpointslice/endpoints.ts';
import {
  hostName,
  NDOTS,
  portName,
  searchList,
  serviceName,
} from '../../../src/engine/kubernetes/dns/names.ts';
import { parseGoDuration } from '../../../src/engine/kubernetes/apimachinery/duration.ts';
import { Kernel } from '../../../src/engine/sim/kernel.ts';
import { Processes } from '../../../src/engine/sim/processes.ts';
import { compare, operation, type Adapter } from '../adapter.ts';

function milliseconds(text: string): number {
  const found = parseGoDuration(text);
  if (found === undefined) throw new Error(`${text} is no length of time`);
  return found;
}

const IPS: Readonly<Record<Family, string>> = { IPv4: '10.244.1.2', IPv6: 'fd00::2' };

/** A Pod with what rows say of it. */
function pod(index: number, change: { spec?: object; status?: object; metadata?: object }): Pod {
  const name = `pod-${index}`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'test', labels: { app: 'web' }, ...change.metadata },
    spec: { containers: [{ name: 'web', image: 'web:1' }], ...change.spec },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      ...change.status,
    },
  } as unknown as Pod;
}

const service = (spec: object): Service =>
  ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'test' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, protocol: 'TCP' }], ...spec },
  }) as unknown as Service;

interface Batching {
  readonly batchPeriod: string;
  readonly eventDelays: readonly string[];
  readonly kind: 'Updates' | 'Adds' | 'Delete';
}

const withIp = (index: number, ip: string): Pod =>
  pod(index, { status: { podIP: ip, podIPs: [{ ip }] } });

/** Writes of slices after everything has been quiet, while Pods change one after another. */
function countWrites({ batchPeriod, eventDelays, kind }: Batching): number {
  const kernel = new Kernel({ seed: 1 });
  const components = new Components(kernel, 'main');
  const options = { cluster: 'main', serviceCidr: '10.96.0.0/16', components };
  const api = new ApiServer(kernel, new Processes(kernel), options);
  api.bootstrap();
  new EndpointSliceController(kernel, api, 'main', milliseconds(batchPeriod));
  const client = new Client(kernel, api, 'tester');
  client.create('namespaces', {
    ...{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'test' }, spec: {} },
  });
  const account = { name: 'default', namespace: 'test' };
  client.create('serviceaccounts', {
    ...{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
  });
  const add = (index: number): void => {
    const { status, ...draft } = withIp(index, `10.244.1.${10 + index}`);
    const made = client.create('pods', draft);
    if (made.ok) client.updateStatus('pods', { ...made.value, status });
  };
  client.create('services', service({}));
  if (kind !== 'Adds') eventDelays.forEach((_, index) => add(index));
  kernel.advance(60_000);
  let writes = 0;
  client.watch(
    'endpointslices',
    'count',
    () => true,
    () => (writes += 1),
  );
  eventDelays.forEach((delay, index) => {
    kernel.advance(kernel.now + milliseconds(delay));
    if (kind === 'Adds') return add(index);
    const present = client.get('pods', 'test', `pod-${index}`);
    if (!present) throw new Error(`pod-${index} is not there`);
    if (kind === 'Delete') client.delete('pods', present, 0);
    else {
      const { status } = withIp(index, `10.244.2.${10 + index}`);
      client.updateStatus('pods', { ...present, status });
    }
  });
  kernel.advance(kernel.now + 60_000);
  return writes;
}

interface Name {
  readonly service?: string;
  readonly namespace: string;
  readonly podHostname?: string;
  readonly port?: string;
  readonly protocol?: string;
}

function nameOf({ service: name, namespace, podHostname, port, protocol = 'TCP' }: Name): object {
  if (name === undefined) return { search: searchList(namespace), ndots: NDOTS };
  if (port !== undefined) return { name: portName(port, protocol, name, namespace), type: 'SRV' };
  if (podHostname !== undefined) {
    return { name: hostName(podHostname, name, namespace), type: 'A', target: 'podIP' };
  }
  return { name: serviceName(name, namespace), type: 'A', target: 'clusterIP' };
}

export const adapter: Adapter = {
  area: 'endpoints-dns',
  operations: [
    operation<
      { podIPFamilies: readonly Family[]; clusterIP: string; serviceFamily?: Family },
      unknown
    >('addressFamily', ({ input, expect }) => {
      const { podIPFamilies, clusterIP, serviceFamily } = input;
      const family = familyOfService(
        service({ clusterIP, ...(serviceFamily && { ipFamilies: [serviceFamily] }) }),
      );
      const podIPs = podIPFamilies.map((one) => ({ ip: IPS[one] }));
      const found = addressOf(pod(0, { status: { podIPs } }), family);
      return compare(found === undefined ? { error: true } : { endpointFamily: family }, expect);
    }),
    operation<Batching, unknown>('batching', ({ input, expect }) =>
      compare({ endpointsWrites: countWrites(input) }, expect),
    ),
    operation<
      {
        restartPolicy: string;
        phase: string;
        hasPodIP: boolean;
        terminating: boolean;
        includeTerminating: boolean;
      },
      unknown
    >('podInEndpoints', ({ input, expect }) => {
      const { restartPolicy, phase, hasPodIP, terminating, includeTerminating } = input;
      const one = pod(0, {
        spec: { restartPolicy },
        status: { phase, ...(hasPodIP && { podIP: IPS.IPv4 }) },
        metadata: terminating ? { deletionTimestamp: '2026-01-05T00:00:00Z' } : {},
      });
      return compare({ included: isEndpoint(one, includeTerminating) }, expect);
    }),
    operation<
      { podReady: boolean; podTerminating: boolean; publishNotReadyAddresses: boolean },
      unknown
    >('endpointConditions', ({ input, expect }) => {
      const { podReady, podTerminating, publishNotReadyAddresses } = input;
      return compare(
        endpointConditions(podReady, podTerminating, publishNotReadyAddresses),
        expect,
      );
    }),
    operation<
      { pods: number; maxEndpointsPerSlice: number },
      { sliceLengthsUnordered: readonly number[] }
    >('slices', ({ input, expect }) => {
      const pods = Array.from({ length: input.pods }, (_, i) => withIp(i, `10.0.${i}.1`));
      const owner = service({});
      const labels = labelsFor(owner);
      const { create } = reconcile(owner, pods, [], labels, input.maxEndpointsPerSlice);
      const sorted = (lengths: readonly number[]) => [...lengths].sort((a, b) => b - a);
      return compare(
        sorted(create.map(({ endpoints }) => endpoints.length)),
        sorted(expect.sliceLengthsUnordered),
      );
    }),
    operation<{ sliceLabels: SliceLabels; serviceLabels: SliceLabels; clusterIP: string }, unknown>(
      'sliceLabels',
      ({ input, expect }) => {
        const owner = service({ clusterIP: input.clusterIP });
        const { metadata } = owner;
        const labels = labelsFor({
          ...owner,
          metadata: { ...metadata, labels: input.serviceLabels },
        });
        const slice = { metadata: { labels: input.sliceLabels } } as unknown as EndpointSlice;
        return compare({ labels, updated: !hasLabels(slice, labels) }, expect);
      },
    ),
    operation<
      { cidr: string },
      { free: number; outOfRange: readonly string[]; usable: readonly string[] }
    >('clusterIPRange', ({ input, expect }) => {
      const range = ipRange(input.cidr);
      if (!range) return { holds: false, got: 'no range' };
      const isOut = (ip: string) => placeInRange(range, ip) === undefined;
      const got = {
        free: range.size,
        outOfRange: expect.outOfRange.filter(isOut),
        usable: expect.usable.filter((ip) => !isOut(ip)),
      };
      return compare(got, expect);
    }),
    operation<{ serviceCIDR: string }, unknown>('clusterIPDynamicOffset', ({ input, expect }) =>
      compare({ offset: ipRange(input.serviceCIDR)?.offset }, expect),
    ),
    operation<{ size: number }, unknown>('nodePortDynamicOffset', ({ input, expect }) =>
      compare({ offset: portBand(input.size) }, expect),
    ),
    operation<{ range?: string }, Record<string, number>>('nodePortRange', ({ input, expect }) => {
      const range = input.range === undefined ? DEFAULT_NODE_PORTS : parsePortRange(input.range);
      if (!range) return { holds: false, got: 'no range' };
      const { base, size } = range;
      const known: Record<string, number> = { base, size, last: base + size - 1, free: size };
      const asked = Object.keys(expect).map((key) => [key, known[key]]);
      return compare(Object.fromEntries(asked), expect);
    }),
    operation<Name, unknown>('dnsName', ({ input, expect }) => compare(nameOf(input), expect)),
  ],
};
