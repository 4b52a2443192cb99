import type {
  HttpIngressPath,
  Ingress,
  IngressBackend,
  IngressClass,
  IngressRule,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
} from '../networking.ts';
import { isCidr, isIp, isStrictSubset, validateCidr } from './addresses.ts';
import {
  given,
  forbidden,
  immutable,
  invalid,
  invalids,
  notSupported,
  required,
  tooLong,
  type FieldCause,
} from './field-errors.ts';
import { validateSelector } from './metadata.ts';
import {
  dns1035Label,
  dnsLabel,
  dnsSubdomain,
  HTTP_PATH_MESSAGE,
  isHttpPath,
  pathSegment,
  portName,
  portNumber,
  wildcardSubdomain,
} from './names.ts';

/** Ingress and NetworkPolicy (pkg/apis/networking/validation/validation.go, v1.36). */
const OLD_CLASS = 'kubernetes.io/ingress.class';

export function validateIngress({ metadata, spec }: Ingress, previous?: Ingress): FieldCause[] {
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  const causes: FieldCause[] = [];
  if (rules.length === 0 && !defaultBackend) {
    const why = 'either `defaultBackend` or `rules` must be specified';
    causes.push(invalid('spec', spec.rules ?? null, why));
  }
  if (defaultBackend) causes.push(...validateBackend(defaultBackend, 'spec.defaultBackend'));
  rules.forEach((rule, i) => causes.push(...validateRule(rule, `spec.rules[${i}]`)));
  tls.forEach(({ hosts = [], secretName }, i) => {
    const at = `spec.tls[${i}]`;
    hosts.forEach((host, j) => causes.push(...validateHost(host, `${at}.hosts[${j}]`)));
    if (secretName) {
      causes.push(...invalids(`${at}.secretName`, secretName, dnsSubdomain(secretName)));
    }
  });
  if (ingressClassName !== undefined) {
    const field = 'spec.ingressClassName';
    causes.push(...invalids(field, ingressClassName, dnsSubdomain(ingressClassName)));
  }
  const old = metadata.annotations?.[OLD_CLASS];
  if (previous || old === undefined || ingressClassName === undefined) return causes;
  if (old === ingressClassName) return causes;
  const why = 'must match `ingressClassName` when both are specified';
  return [...causes, invalid(`annotations.${OLD_CLASS}`, old, why)];
}

const validateHost = (host: string, at: string): FieldCause[] =>
  invalids(at, host, host.includes('*') ? wildcardSubdomain(host) : dnsSubdomain(host));

function validateRule({ host, http }: IngressRule, at: string): FieldCause[] {
  const causes: FieldCause[] = [];
  if (host) {
    if (isIp(host)) causes.push(invalid(`${at}.host`, host, NOT_AN_IP));
    causes.push(...validateHost(host, `${at}.host`));
  }
  if (!http) return causes;
  const paths = http.paths ?? [];
  if (paths.length === 0) causes.push(required(`${at}.http.paths`));
  paths.forEach((path, i) => causes.push(...validatePath(path, `${at}.http.paths[${i}]`)));
  return causes;
}

const NOT_AN_IP = 'must be a DNS name, not an IP address';
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];
const NOT_WITHIN = ['//', '/./', '/../', '%2f', '%2F'];
const NOT_AT_END = ['/..', '/.'];

function validatePath({ path = '', pathType, backend }: HttpIngressPath, at: string): FieldCause[] {
  if (pathType === undefined) return [required(`${at}.pathType`, 'pathType must be specified')];
  const field = `${at}.path`;
  const causes: FieldCause[] = [];
  const absolute = path.startsWith('/');
  if (pathType === 'Exact' || pathType === 'Prefix') {
    if (!absolute) causes.push(invalid(field, path, 'must be an absolute path'));
    for (const part of NOT_WITHIN) {
      if (path.includes(part)) causes.push(invalid(field, path, `must not contain '${part}'`));
    }
    for (const end of NOT_AT_END) {
      if (path.endsWith(end)) causes.push(invalid(field, path, `cannot end with '${end}'`));
    }
  } else if (pathType === 'ImplementationSpecific') {
    if (path && !absolute) causes.push(invalid(field, path, 'must be an absolute path'));
  } else causes.push(notSupported(`${at}.pathType`, pathType, PATH_TYPES));
  return [...causes, ...validateBackend(backend ?? {}, `${at}.backend`)];
}

function validateBackend({ service, resource }: IngressBackend, at: string): FieldCause[] {
  if (service && resource) {
    return [invalid(at, '', 'cannot set both resource and service backends')];
  }
  if (resource) return validateReference(resource, `${at}.resource`);
  if (!service) return [invalid(at, '', 'resource or service backend is required')];
  const { name = '', port = {} } = given(service);
  const causes = name
    ? invalids(`${at}.service.name`, name, dns1035Label(name))
    : [required(`${at}.service.name`)];
  if (port.name && port.number) {
    causes.push(invalid(at, '', 'cannot set both port name & port number'));
  } else if (port.name) {
    causes.push(...invalids(`${at}.service.port.name`, port.name, portName(port.name)));
  } else if (port.number) {
    causes.push(...invalids(`${at}.service.port.number`, port.number, portNumber(port.number)));
  } else causes.push(required(at, 'port name or number is required'));
  return causes;
}

function validateReference(
  { apiGroup, kind, name }: { apiGroup?: string; kind?: string; name?: string },
  at: string,
): FieldCause[] {
  return [
    ...(apiGroup === undefined ? [] : invalids(`${at}.apiGroup`, apiGroup, dnsSubdomain(apiGroup))),
    ...(kind ? invalids(`${at}.kind`, kind, pathSegment(kind)) : [required(`${at}.kind`)]),
    ...(name ? invalids(`${at}.name`, name, pathSegment(name)) : [required(`${at}.name`)]),
  ];
}

const CONTROLLER_MAX_BYTES = 250;

export function validateIngressClass(
  { spec }: IngressClass,
  previous?: IngressClass,
): FieldCause[] {
  const { controller = '', parameters } = spec ?? {};
  const at = 'spec.controller';
  const causes = previous
    ? immutable(at, controller, controller === (previous.spec.controller ?? ''))
    : [];
  if (!controller) causes.push(required(at));
  else {
    if (controller.length > CONTROLLER_MAX_BYTES) causes.push(tooLong(at, CONTROLLER_MAX_BYTES));
    causes.push(...validatePrefixedPath(controller, at));
  }
  if (!parameters) return causes;
  const here = 'spec.parameters';
  causes.push(...validateReference(parameters, here));
  const { scope, namespace } = parameters;
  if (scope === undefined) causes.push(required(`${here}.scope`));
  else if (scope === 'Namespace') {
    const why = "`parameters.scope` is set to 'Namespace'";
    if (namespace === undefined) causes.push(required(`${here}.namespace`, why));
    else causes.push(...invalids(`${here}.namespace`, namespace, dnsLabel(namespace)));
  } else if (scope === 'Cluster') {
    const why = "`parameters.scope` is set to 'Cluster'";
    if (namespace !== undefined) causes.push(forbidden(`${here}.namespace`, why));
  } else causes.push(notSupported(`${here}.scope`, scope, ['Cluster', 'Namespace']));
  return causes;
}

/** `acme.io/foo`: a domain, then a path. */
function validatePrefixedPath(text: string, at: string): FieldCause[] {
  const slash = text.indexOf('/');
  const [host, path] = [text.slice(0, Math.max(slash, 0)), text.slice(slash + 1)];
  if (!host || !path) {
    return [invalid(at, text, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  }
  const causes = invalids(at, host, dnsSubdomain(host));
  return isHttpPath(path) ? causes : [...causes, invalid(at, path, HTTP_PATH_MESSAGE)];
}

export function validateNetworkPolicy({ spec }: NetworkPolicy): FieldCause[] {
  const { podSelector, ingress = [], egress = [], policyTypes = [] } = spec ?? {};
  const causes = validateSelector(podSelector, 'spec.podSelector');
  ingress.forEach(({ ports = [], from = [] }, i) => {
    const at = `spec.ingress[${i}]`;
    ports.forEach((port, j) => causes.push(...validatePolicyPort(port, `${at}.ports[${j}]`)));
    from.forEach((peer, j) => causes.push(...validatePeer(peer, `${at}.from[${j}]`)));
  });
  egress.forEach(({ ports = [], to = [] }, i) => {
    const at = `spec.egress[${i}]`;
    ports.forEach((port, j) => causes.push(...validatePolicyPort(port, `${at}.ports[${j}]`)));
    to.forEach((peer, j) => causes.push(...validatePeer(peer, `${at}.to[${j}]`)));
  });
  const field = 'spec.policyTypes';
  if (policyTypes.length > 2) {
    return [...causes, invalid(field, policyTypes, 'may not specify more than two policyTypes')];
  }
  policyTypes.forEach((type, i) => {
    if (type === 'Ingress' || type === 'Egress') return;
    causes.push(notSupported(`${field}[${i}]`, type, ['Ingress', 'Egress']));
  });
  return causes;
}

const PROTOCOLS = ['TCP', 'UDP', 'SCTP'];

function validatePolicyPort(
  { protocol, port, endPort }: NetworkPolicyPort,
  at: string,
): FieldCause[] {
  const causes: FieldCause[] = [];
  if (protocol !== undefined && !PROTOCOLS.includes(protocol)) {
    causes.push(notSupported(`${at}.protocol`, protocol, PROTOCOLS));
  }
  const end = `${at}.endPort`;
  if (port === undefined) {
    const why = 'may not be specified when `port` is not specified';
    if (endPort !== undefined) causes.push(invalid(end, endPort, why));
  } else if (typeof port === 'number') {
    causes.push(...invalids(`${at}.port`, port, portNumber(port)));
    if (endPort === undefined) return causes;
    const why = 'must be greater than or equal to `port`';
    if (endPort < port) causes.push(invalid(end, endPort, why));
    causes.push(...invalids(end, endPort, portNumber(endPort)));
  } else {
    const why = 'may not be specified when `port` is non-numeric';
    if (endPort !== undefined) causes.push(invalid(end, endPort, why));
    causes.push(...invalids(`${at}.port`, port, portName(port)));
  }
  return causes;
}

function validatePeer(
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
  at: string,
): FieldCause[] {
  const causes = [
    ...validateSelector(podSelector, `${at}.podSelector`),
    ...validateSelector(namespaceSelector, `${at}.namespaceSelector`),
  ];
  if (ipBlock) causes.push(...validateBlock(ipBlock, `${at}.ipBlock`));
  if (!podSelector && !namespaceSelector && !ipBlock) {
    causes.push(required(at, 'must specify a peer'));
  } else if (ipBlock && (podSelector ?? namespaceSelector)) {
    causes.push(forbidden(at, 'may not specify both ipBlock and another peer'));
  }
  return causes;
}

function validateBlock(
  { cidr, except = [] }: NonNullable<NetworkPolicyPeer['ipBlock']>,
  at: string,
): FieldCause[] {
  if (!cidr) return [required(`${at}.cidr`)];
  const causes = validateCidr(cidr, `${at}.cidr`);
  if (causes.length > 0) return causes;
  except.forEach((part, i) => {
    const field = `${at}.except[${i}]`;
    if (!isCidr(part)) causes.push(...validateCidr(part, field));
    else if (!isStrictSubset(part, cidr)) {
      causes.push(invalid(field, part, 'must be a strict subset of `cidr`'));
    }
  });
  return causes;
}
