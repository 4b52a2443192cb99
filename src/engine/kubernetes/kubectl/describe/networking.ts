import {
  SERVICE_NAME,
  type Endpoints,
  type EndpointSlice,
  type LoadBalancerIngress,
  type Service,
  type ServicePort,
} from '../../api/cluster-objects.ts';
import type { Ingress, IngressBackend, IngressClass } from '../../api/networking.ts';
import { formatSelector } from '../../apimachinery/label-selector.ts';
import type { Around, Describer } from './around.ts';
import { describeEvents } from './events.ts';
import { annotationColumn, head, labelColumn, orUnset, Text } from './text.ts';

/** Services and what leads to them (`describeService`, `describeIngressV1`, …). */
export const service: Describer<Service> = {
  needs: ({ metadata: { namespace = '', name } }) => [
    {
      resource: 'endpointslices',
      namespace,
      labelSelector: { matchLabels: { [SERVICE_NAME]: name } },
    },
  ],
  text(object, { all, events, nowMs }) {
    const { spec } = object;
    const { ipFamilyPolicy, ipFamilies = [], clusterIPs = [], externalIPs = [] } = spec;
    const text = new Text();
    head(text, object);
    const { selector } = spec;
    text.line(0, `Selector:\t${formatSelector(selector && { matchLabels: selector })}`);
    text.line(0, `Type:\t${spec.type ?? ''}`);
    if (ipFamilyPolicy) text.line(0, `IP Family Policy:\t${ipFamilyPolicy}`);
    text.line(0, `IP Families:\t${ipFamilies.join(',') || '<none>'}`);
    text.line(0, `IP:\t${spec.clusterIP ?? ''}`);
    text.line(0, `IPs:\t${clusterIPs.join(',') || '<none>'}`);
    if (externalIPs.length > 0) text.line(0, `External IPs:\t${externalIPs.join(',')}`);
    if (spec.loadBalancerIP) text.line(0, `Desired LoadBalancer IP:\t${spec.loadBalancerIP}`);
    if (spec.externalName) text.line(0, `External Name:\t${spec.externalName}`);
    const ingress = object.status.loadBalancer?.ingress ?? [];
    if (ingress.length > 0) {
      text.line(0, `LoadBalancer Ingress:\t${ingress.map(ingressText).join(', ')}`);
    }
    const slices = all('endpointslices');
    for (const port of spec.ports ?? []) describePort(text, port, slices);
    describeTraffic(text, object);
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

const ingressText = ({ ip, ipMode, hostname = '' }: LoadBalancerIngress): string =>
  ip ? `${ip}${ipMode ? ` (${ipMode})` : ''}` : hostname;

function describePort(text: Text, port: ServicePort, slices: readonly EndpointSlice[]): void {
  const { protocol = '', targetPort = 0, appProtocol, nodePort } = port;
  const name = port.name || '<unset>';
  text.line(0, `Port:\t${name}\t${port.port}/${protocol}`);
  text.line(0, `TargetPort:\t${targetPort}/${protocol}`);
  if (appProtocol !== undefined) text.line(0, `AppProtocol:\t${appProtocol}`);
  if (nodePort) text.line(0, `NodePort:\t${name}\t${nodePort}/${protocol}`);
  text.line(0, `Endpoints:\t${endpointsText(slices, port.name ?? '')}`);
}

function describeTraffic(text: Text, { spec }: Service): void {
  const { externalTrafficPolicy, internalTrafficPolicy, healthCheckNodePort } = spec;
  const { loadBalancerSourceRanges = [], trafficDistribution } = spec;
  text.line(0, `Session Affinity:\t${spec.sessionAffinity ?? ''}`);
  if (externalTrafficPolicy) text.line(0, `External Traffic Policy:\t${externalTrafficPolicy}`);
  if (internalTrafficPolicy) text.line(0, `Internal Traffic Policy:\t${internalTrafficPolicy}`);
  if (healthCheckNodePort) text.line(0, `HealthCheck NodePort:\t${healthCheckNodePort}`);
  if (loadBalancerSourceRanges.length > 0) {
    text.line(0, `LoadBalancer Source Ranges:\t${loadBalancerSourceRanges.join(',')}`);
  }
  if (trafficDistribution) text.line(0, `Traffic Distribution:\t${trafficDistribution}`);
}

const MOST_ENDPOINTS = 3;

/** The first ready endpoints of a port (`formatEndpointSlices`). */
export function endpointsText(slices: readonly EndpointSlice[], portName: string): string {
  if (slices.length === 0) return '<none>';
  const found: string[] = [];
  // Upstream sees that there are more at any endpoint after the third, a ready one or not.
  let isMore = false;
  let count = 0;
  const take = (slice: EndpointSlice, port: number | undefined): void => {
    for (const { addresses, conditions } of slice.endpoints) {
      if (found.length === MOST_ENDPOINTS) isMore = true;
      const { ready = true } = conditions as Partial<typeof conditions>;
      if (!ready) continue;
      const [address = ''] = addresses;
      const host = address.includes(':') && port !== undefined ? `[${address}]` : address;
      if (!isMore) found.push(port === undefined ? address : `${host}:${port}`);
      count += 1;
    }
  };
  for (const slice of slices) {
    const ports = slice.ports ?? [];
    if (ports.length === 0) take(slice, undefined);
    for (const { name = '', port } of ports) if (name === portName) take(slice, port);
  }
  const shown = found.join(',');
  return isMore ? `${shown} + ${count - MOST_ENDPOINTS} more...` : shown;
}

export const endpointSlice: Describer<EndpointSlice> = {
  text(object, { events, nowMs }) {
    const { addressType, ports = [], endpoints = [] } = object as Partial<EndpointSlice>;
    const text = new Text();
    head(text, object);
    text.line(0, `AddressType:\t${addressType ?? ''}`);
    text.line(0, ports.length === 0 ? 'Ports: <unset>' : 'Ports:');
    if (ports.length > 0) {
      text.line(1, 'Name\tPort\tProtocol');
      text.line(1, '----\t----\t--------');
    }
    for (const { name, port, protocol } of ports) {
      text.line(1, `${name || '<unset>'}\t${orUnset(port)}\t${protocol}`);
    }
    text.line(0, endpoints.length === 0 ? 'Endpoints: <none>' : 'Endpoints:');
    for (const endpoint of endpoints) describeEndpoint(text, endpoint);
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

/** `describeEndpoints`. */
export const endpoints: Describer<Endpoints> = {
  text(object, { events, nowMs }) {
    const text = new Text();
    head(text, object);
    text.line(0, 'Subsets:');
    for (const { addresses = [], notReadyAddresses = [], ports = [] } of object.subsets ?? []) {
      const listed = (list: typeof addresses) => list.map(({ ip }) => ip).join(',') || '<none>';
      text.line(1, `Addresses:\t${listed(addresses)}`);
      text.line(1, `NotReadyAddresses:\t${listed(notReadyAddresses)}`);
      if (ports.length > 0) {
        text.line(1, 'Ports:');
        text.line(2, 'Name\tPort\tProtocol');
        text.line(2, '----\t----\t--------');
      }
      for (const { name, port, protocol } of ports) {
        text.line(2, `${name || '<unset>'}\t${port}\t${protocol ?? ''}`);
      }
      text.line(0, '');
    }
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};

function describeEndpoint(text: Text, endpoint: EndpointSlice['endpoints'][number]): void {
  const { addresses, conditions, hostname, targetRef, nodeName, zone } = endpoint;
  const { ready } = conditions as Partial<typeof conditions>;
  text.line(1, `- Addresses:\t${addresses.join(', ') || '<none>'}`);
  text.line(2, 'Conditions:');
  text.line(3, `Ready:\t${ready === undefined ? '<unset>' : String(ready)}`);
  text.line(2, `Hostname:\t${orUnset(hostname)}`);
  if (targetRef) text.line(2, `TargetRef:\t${targetRef.kind}/${targetRef.name}`);
  text.line(2, `NodeName:\t${orUnset(nodeName)}`);
  text.line(2, `Zone:\t${orUnset(zone)}`);
}

export const ingress: Describer<Ingress> = {
  needs: ({ metadata: { namespace = '' } }) => [
    { resource: 'services', namespace },
    { resource: 'endpointslices', namespace },
  ],
  text({ metadata, spec, status }, around) {
    const text = new Text();
    text.line(0, `Name:\t${metadata.name}`);
    labelColumn(text, 'Labels', metadata.labels);
    text.line(0, `Namespace:\t${metadata.namespace ?? ''}`);
    const addresses = (status.loadBalancer?.ingress ?? []).map(({ ip, hostname = '' }) => {
      return ip || hostname;
    });
    text.line(0, `Address:\t${[...new Set(addresses.filter(Boolean))].sort().join(',')}`);
    text.line(0, `Ingress Class:\t${spec.ingressClassName ?? '<none>'}`);
    const { defaultBackend: backend, tls = [], rules = [] } = spec;
    const fallback = backend ? backendText(backend, around) : '<default>';
    text.line(0, `Default backend:\t${fallback}`);
    if (tls.length > 0) text.line(0, 'TLS:');
    for (const { hosts = [], secretName } of tls) {
      const how = secretName ? `${secretName} terminates` : 'SNI routes';
      text.line(1, `${how} ${hosts.join(',')}`);
    }
    text.line(0, 'Rules:\n  Host\tPath\tBackends');
    text.line(1, '----\t----\t--------');
    for (const { host, http } of rules) {
      if (!http) continue;
      text.line(1, `${host || '*'}\t`);
      for (const { path = '', backend: to } of http.paths) {
        text.line(2, `\t${path} \t${backendText(to, around)}`);
      }
    }
    if (!rules.some(({ http }) => http)) text.line(1, `*\t*\t${fallback}`);
    annotationColumn(text, 'Annotations', metadata.annotations);
    describeEvents(text, around.events, around.nowMs);
    return text.toString();
  },
};

function backendText({ service: to, resource }: IngressBackend, { all }: Around): string {
  if (to) {
    const { name, port = {} } = to;
    const where = `${name}:${port.number || (port.name ?? '')}`;
    const found = all('services').find(({ metadata }) => metadata.name === name);
    if (!found) return `${where} (<error: services "${name}" not found>)`;
    const named = (found.spec.ports ?? []).findLast((one) =>
      port.number ? one.port === port.number : port.name !== undefined && one.name === port.name,
    );
    const slices = all('endpointslices').filter(
      ({ metadata }) => metadata.labels?.[SERVICE_NAME] === name,
    );
    return `${where} (${endpointsText(slices, named?.name ?? '')})`;
  }
  if (!resource) return '';
  const { apiGroup = '<none>', kind, name } = resource;
  return `APIGroup: ${apiGroup}, Kind: ${kind}, Name: ${name}`;
}

export const ingressClass: Describer<IngressClass> = {
  text(object, { events, nowMs }) {
    const { controller = '', parameters } = object.spec;
    const text = new Text();
    head(text, object, false);
    text.line(0, `Controller:\t${controller}`);
    if (parameters) {
      text.line(0, 'Parameters:');
      if (parameters.apiGroup !== undefined) text.line(1, `APIGroup:\t${parameters.apiGroup}`);
      text.line(1, `Kind:\t${parameters.kind}`);
      text.line(1, `Name:\t${parameters.name}`);
    }
    describeEvents(text, events, nowMs);
    return text.toString();
  },
};
