import type { EndpointSlice, Service, ServicePort } from '../cluster-objects.ts';
import { isIpv4, isIpv6, validateIp, validateOrdinaryIp } from './addresses.ts';
import { validatePort } from './containers.ts';
import {
  given,
  duplicate,
  forbidden,
  immutable,
  invalid,
  invalids,
  notSupported,
  oneOf,
  required,
  type FieldCause,
} from './field-errors.ts';
import { validateLabels } from './metadata.ts';
import { dnsLabel, dnsSubdomain, labelKey, portNumber } from './names.ts';

/** Services and EndpointSlices (pkg/apis/{core,discovery}/validation/validation.go, v1.36). */
const TYPES = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const PROTOCOLS = ['SCTP', 'TCP', 'UDP'];

type ServiceSpec = Service['spec'];

/** The one address, as the list of addresses has it. */
function clusterIpsOf({ clusterIPs, clusterIP }: ServiceSpec): readonly string[] {
  return clusterIPs ?? (clusterIP ? [clusterIP] : []);
}

const isHeadless = (spec: ServiceSpec): boolean => {
  const ips = clusterIpsOf(spec);
  return ips.length === 1 && ips[0] === 'None';
};

export function validateService(service: Service, previous?: Service): FieldCause[] {
  const { spec } = service;
  const { ports = [], type = 'ClusterIP' } = spec;
  const causes = previous ? validateAddressesStay(spec, previous.spec) : [];
  if (ports.length === 0 && !isHeadless(spec) && type !== 'ExternalName') {
    causes.push(required('spec.ports'));
  }
  if ((type === 'LoadBalancer' || type === 'NodePort') && isHeadless(spec)) {
    const why = `may not be set to 'None' for ${type} services`;
    causes.push(invalid('spec.clusterIPs[0]', 'None', why));
  }
  if (type === 'ExternalName') causes.push(...validateExternalName(spec));
  const names = new Set<string>();
  ports.forEach((port, i) =>
    causes.push(...validateServicePort(port, ports.length > 1, names, `spec.ports[${i}]`)),
  );
  causes.push(
    ...validateLabels(spec.selector, 'spec.selector'),
    ...validateAffinity(spec),
    ...(type === 'ExternalName' ? [] : validateClusterIps(spec)),
    ...(spec.externalIPs ?? []).flatMap((ip, i) => {
      const wrong = validateIp(ip, `spec.externalIPs[${i}]`);
      return wrong.length > 0 ? wrong : validateOrdinaryIp(ip, `spec.externalIPs[${i}]`);
    }),
    ...oneOf('spec.type', spec.type, TYPES),
    ...validateUniquePorts(ports, type),
    ...validateTraffic(spec, type),
  );
  return causes;
}

function validateExternalName(spec: ServiceSpec): FieldCause[] {
  const causes: FieldCause[] = [];
  const why = 'may not be set for ExternalName services';
  if (clusterIpsOf(spec).length > 0) causes.push(forbidden('spec.clusterIPs', why));
  if (spec.ipFamilies?.length) causes.push(forbidden('spec.ipFamilies', why));
  if (spec.ipFamilyPolicy !== undefined) causes.push(forbidden('spec.ipFamilyPolicy', why));
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  if (name === '') return [...causes, required('spec.externalName')];
  return [...causes, ...invalids('spec.externalName', name, dnsSubdomain(name))];
}

function validateServicePort(
  { name, port, protocol, targetPort, ...rest }: ServicePort & { readonly appProtocol?: string },
  several: boolean,
  names: Set<string>,
  at: string,
): FieldCause[] {
  const causes: FieldCause[] = [];
  if (name) {
    causes.push(...invalids(`${at}.name`, name, dnsLabel(name)));
    if (names.has(name)) causes.push(duplicate(`${at}.name`, name));
    names.add(name);
  } else if (several) causes.push(required(`${at}.name`));
  causes.push(
    ...invalids(`${at}.port`, port ?? 0, portNumber(port ?? 0)),
    ...oneOf(`${at}.protocol`, protocol, PROTOCOLS),
  );
  if (targetPort !== undefined) causes.push(...validatePort(targetPort, `${at}.targetPort`));
  const { appProtocol } = rest;
  if (appProtocol === undefined) return causes;
  return [...causes, ...invalids(`${at}.appProtocol`, appProtocol, labelKey(appProtocol))];
}

const A_DAY_SECONDS = 86_400;

function validateAffinity({ sessionAffinity, sessionAffinityConfig }: ServiceSpec): FieldCause[] {
  const at = 'spec.sessionAffinityConfig';
  const causes = oneOf('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None']);
  if (sessionAffinity === 'ClientIP') {
    const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
    if (seconds !== undefined && (seconds <= 0 || seconds > A_DAY_SECONDS)) {
      const why = `must be greater than 0 and less than ${A_DAY_SECONDS}`;
      causes.push(invalid(`${at}.clientIP.timeoutSeconds`, seconds, why));
    }
  } else if (sessionAffinity === 'None' && sessionAffinityConfig) {
    causes.push(forbidden(at, 'must not be set when session affinity is None'));
  }
  return causes;
}

const FAMILY_POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

function validateClusterIps(spec: ServiceSpec): FieldCause[] {
  const { clusterIP, clusterIPs, ipFamilies = [] } = spec;
  const field = 'spec.clusterIPs';
  const causes: FieldCause[] = [];
  if (clusterIPs && clusterIP && clusterIPs[0] !== clusterIP) {
    causes.push(invalid(field, clusterIPs, 'first value must match `clusterIP`'));
  } else if (clusterIPs?.length && !clusterIP) {
    causes.push(invalid(field, clusterIPs, 'must be empty when `clusterIP` is not specified'));
  }
  ipFamilies.forEach((family, i) => {
    causes.push(...oneOf(`spec.ipFamilies[${i}]`, family, ['IPv4', 'IPv6']));
    if (ipFamilies.indexOf(family) < i) {
      causes.push(duplicate(`spec.ipFamilies[${i}]`, family));
    }
  });
  causes.push(...oneOf('spec.ipFamilyPolicy', spec.ipFamilyPolicy, FAMILY_POLICIES));
  const ips = clusterIpsOf(spec);
  if (ips[0] === 'None' && ips.length > 1) {
    causes.push(invalid(field, ips, "'None' must be the first and only value"));
  }
  const wrong = ips.flatMap((ip, i) =>
    i === 0 && ip === 'None' ? [] : validateIp(ip, `${field}[${i}]`),
  );
  if (wrong.length > 0) return [...causes, ...wrong];
  if (ips.length > 2) causes.push(invalid(field, ips, 'may only hold up to 2 values'));
  if (ips.length > 1 && ips.every(isIpv4) !== ips.some(isIpv6)) {
    const why = 'may specify no more than one IP for each IP family';
    causes.push(invalid(field, ips, why));
  }
  if (isHeadless(spec)) return causes;
  ips.forEach((ip, i) => {
    const family = ipFamilies[i];
    const is = isIpv6(ip) ? 'IPv6' : 'IPv4';
    if (family === undefined || family === is) return;
    const why = `expected an ${family} value as indicated by \`ipFamilies[${i}]\``;
    causes.push(invalid(`${field}[${i}]`, ip, why));
  });
  return causes;
}

/** A port of a node, and a port of the Service, once for each protocol. */
function validateUniquePorts(ports: readonly ServicePort[], type: string): FieldCause[] {
  const causes: FieldCause[] = [];
  ports.forEach(({ nodePort }, i) => {
    if (!nodePort || type !== 'ClusterIP') return;
    const why = "may not be used when `type` is 'ClusterIP'";
    causes.push(forbidden(`spec.ports[${i}].nodePort`, why));
  });
  const nodePorts = new Set<string>();
  ports.forEach(({ nodePort, protocol = 'TCP' }, i) => {
    if (!nodePort) return;
    const key = `${protocol}/${nodePort}`;
    if (nodePorts.has(key)) causes.push(duplicate(`spec.ports[${i}].nodePort`, nodePort));
    nodePorts.add(key);
  });
  const seen = new Set<string>();
  ports.forEach(({ port, protocol = 'TCP' }, i) => {
    const key = `${protocol}/${port}`;
    // The key as Go writes it: a ServicePort with two fields set.
    const value = { Name: '', Protocol: protocol, AppProtocol: null, Port: port, ...NO_TARGET };
    if (seen.has(key)) causes.push(duplicate(`spec.ports[${i}]`, value));
    seen.add(key);
  });
  return causes;
}

const NO_TARGET = { TargetPort: 0, NodePort: 0 };

type Traffic = ServiceSpec & {
  readonly externalTrafficPolicy?: string;
  readonly trafficDistribution?: string;
  readonly loadBalancerClass?: string;
  readonly allocateLoadBalancerNodePorts?: boolean;
};

const DISTRIBUTIONS = ['PreferClose', 'PreferSameNode', 'PreferSameZone'];

function validateTraffic(spec: Traffic, type: string): FieldCause[] {
  const { externalTrafficPolicy: external, loadBalancerClass } = spec;
  const causes: FieldCause[] = [];
  if (spec.allocateLoadBalancerNodePorts !== undefined && type !== 'LoadBalancer') {
    const why = "may only be used when `type` is 'LoadBalancer'";
    causes.push(forbidden('spec.allocateLoadBalancerNodePorts', why));
  }
  if (loadBalancerClass !== undefined && type !== 'LoadBalancer') {
    const why = "may only be used when `type` is 'LoadBalancer'";
    causes.push(forbidden('spec.loadBalancerClass', why));
  }
  const reachable =
    type === 'LoadBalancer' ||
    type === 'NodePort' ||
    (type === 'ClusterIP' && (spec.externalIPs?.length ?? 0) > 0);
  const field = 'spec.externalTrafficPolicy';
  if (!reachable && external) {
    causes.push(invalid(field, external, 'may only be set for externally-accessible services'));
  } else if (reachable) causes.push(...oneOf(field, external, ['Cluster', 'Local']));
  const { trafficDistribution: way } = spec;
  return [
    ...causes,
    ...oneOf('spec.internalTrafficPolicy', spec.internalTrafficPolicy, ['Cluster', 'Local']),
    ...(way === undefined || DISTRIBUTIONS.includes(way)
      ? []
      : [notSupported('spec.trafficDistribution', way, DISTRIBUTIONS)]),
  ];
}

/** An address once given stays, unless the Service becomes or ceases to be a mere name. */
function validateAddressesStay(spec: ServiceSpec, old: ServiceSpec): FieldCause[] {
  if (spec.type === 'ExternalName' || old.type === 'ExternalName') return [];
  if (isHeadless(spec) && isHeadless(old)) return [];
  const [now, before] = [clusterIpsOf(spec), clusterIpsOf(old)];
  const field = 'spec.clusterIPs';
  if (before.length > 0 && now.length === 0) {
    return [invalid(`${field}[0]`, now, 'primary clusterIP can not be unset')];
  }
  const causes = before.flatMap((ip, i) => {
    const other = now[i];
    if (other === undefined || other === ip || (i > 0 && now.length !== before.length)) return [];
    return [invalid(`${field}[${i}]`, now, 'may not change once set')];
  });
  if (before.length > now.length && spec.ipFamilyPolicy !== 'SingleStack') {
    const why = "must be set to 'SingleStack' when releasing the secondary clusterIP";
    causes.push(invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy, why));
  }
  return causes;
}

export function validateEndpointSlice(
  slice: EndpointSlice,
  previous?: EndpointSlice,
): FieldCause[] {
  const types = ['FQDN', 'IPv4', 'IPv6'];
  const { addressType, endpoints = [] } = given(slice);
  const causes = addressType ? oneOf('addressType', addressType, types) : [required('addressType')];
  const known = previous?.addressType === addressType ? previous?.endpoints : undefined;
  endpoints.map(given).forEach((endpoint, i) => {
    // The very ones that were found to be right before.
    if (endpoint === known?.[i]) return;
    const { addresses = [] } = endpoint;
    const field = `endpoints[${i}].addresses`;
    if (addresses.length === 0) {
      causes.push(required(field, 'must contain at least 1 address'));
    }
    addresses.forEach((ip, j) => {
      if (addressType === 'IPv4' && !isIpv4(ip)) {
        causes.push(invalid(`${field}[${j}]`, ip, 'must be an IPv4 address'));
      } else if (addressType === 'IPv6' && !isIpv6(ip)) {
        causes.push(invalid(`${field}[${j}]`, ip, 'must be an IPv6 address'));
      }
    });
  });
  if (!previous) return causes;
  return [
    ...causes,
    ...immutable('addressType', addressType, addressType === previous.addressType),
  ];
}
