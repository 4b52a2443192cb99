import type { Gateway, GatewayClass, HttpRoute, HttpRouteMatch, Listener } from '../gateway.ts';
import {
  duplicate,
  invalid,
  invalidSomehow,
  notSupported,
  required,
  type FieldCause,
} from './field-errors.ts';

/**
 * The Gateway API's kinds: what the schemas and rules of their custom resource definitions ask for
 * (kubernetes-sigs/gateway-api config/crd/standard, v1.6).
 *
 * Simplified: the rules that a first manifest meets; others are taken on trust.
 */
const CONTROLLER =
  /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/;

export function validateGatewayClass(
  { spec }: GatewayClass,
  previous?: GatewayClass,
): FieldCause[] {
  const field = 'spec.controllerName';
  const { controllerName: name } = spec ?? {};
  if (name === undefined) return [required(field)];
  if (!CONTROLLER.test(name)) {
    return [invalid(field, name, `${field} in body should match '${CONTROLLER.source}'`)];
  }
  if (!previous || previous.spec.controllerName === name) return [];
  return [invalid(field, name, 'Value is immutable')];
}

const inBody = (field: string, value: number, low: number, high: number): FieldCause[] => {
  if (value < low) {
    return [invalid(field, value, `${field} in body should be greater than or equal to ${low}`)];
  }
  if (value <= high) return [];
  return [invalid(field, value, `${field} in body should be less than or equal to ${high}`)];
};

const nonEmpty = (field: string, value: string | undefined): FieldCause[] => {
  if (value === undefined) return [required(field)];
  return value ? [] : [invalid(field, '', `${field} in body should be at least 1 chars long`)];
};

export function validateGateway({ spec }: Gateway): FieldCause[] {
  const { gatewayClassName, listeners } = spec ?? {};
  const causes = nonEmpty('spec.gatewayClassName', gatewayClassName);
  const field = 'spec.listeners';
  if (!listeners) return [...causes, required(field)];
  if (listeners.length === 0) {
    causes.push(invalid(field, 0, `${field} in body should have at least 1 items`));
  }
  listeners.forEach((listener, i) => causes.push(...validateListener(listener, `${field}[${i}]`)));
  return causes.length > 0 ? causes : validateListeners(listeners, field);
}

const PROTOCOL = /^([a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?|\S+\/\S+)$/;

function validateListener(listener: Listener, at: string): FieldCause[] {
  const { name, port, protocol, tls, allowedRoutes } = listener;
  const causes = nonEmpty(`${at}.name`, name);
  if (port === undefined) causes.push(required(`${at}.port`));
  else causes.push(...inBody(`${at}.port`, port, 1, 65_535));
  if (protocol === undefined) causes.push(required(`${at}.protocol`));
  else if (!PROTOCOL.test(protocol)) {
    const why = `${at}.protocol in body should match '${PROTOCOL.source}'`;
    causes.push(invalid(`${at}.protocol`, protocol, why));
  }
  const from = allowedRoutes?.namespaces?.from;
  const places = ['All', 'Selector', 'Same', 'None'];
  if (from !== undefined && !places.includes(from)) {
    causes.push(notSupported(`${at}.allowedRoutes.namespaces.from`, from, places));
  }
  const modes = ['Terminate', 'Passthrough'];
  if (tls?.mode !== undefined && !modes.includes(tls.mode)) {
    causes.push(notSupported(`${at}.tls.mode`, tls.mode, modes));
  }
  return causes;
}

/** Rules across the listeners of one Gateway. */
function validateListeners(listeners: readonly Listener[], field: string): FieldCause[] {
  const causes: FieldCause[] = [];
  const plain = ['HTTP', 'TCP', 'UDP'];
  if (listeners.some(({ protocol, tls }) => tls && plain.includes(protocol))) {
    const why = "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']";
    causes.push(invalidSomehow(field, why));
  }
  const named = listeners.some(
    ({ protocol, hostname }) => hostname && (protocol === 'TCP' || protocol === 'UDP'),
  );
  if (named) {
    const why = "hostname must not be specified for protocols ['TCP', 'UDP']";
    causes.push(invalidSomehow(field, why));
  }
  const names = new Set<string>();
  listeners.forEach(({ name }, i) => {
    if (names.has(name)) causes.push(duplicate(`${field}[${i}]`, { name }));
    names.add(name);
  });
  const places = listeners.map(({ port, protocol, hostname = '' }) =>
    [port, protocol, hostname].join(' '),
  );
  if (new Set(places).size < places.length) {
    const why = 'Combination of port, protocol and hostname must be unique for each listener';
    causes.push(invalidSomehow(field, why));
  }
  return causes;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
const PATH_TYPES = ['Exact', 'PathPrefix', 'RegularExpression'];

export function validateHttpRoute({ spec }: HttpRoute): FieldCause[] {
  const { rules = [], parentRefs = [] } = spec ?? {};
  const causes = parentRefs.flatMap(({ name }, i) => nonEmpty(`spec.parentRefs[${i}].name`, name));
  rules.forEach(({ matches = [], backendRefs = [] }, i) => {
    const at = `spec.rules[${i}]`;
    matches.forEach((match, j) => causes.push(...validateMatch(match, `${at}.matches[${j}]`)));
    backendRefs.forEach(({ name, port, weight, kind = 'Service', group = '' }, j) => {
      const here = `${at}.backendRefs[${j}]`;
      causes.push(...nonEmpty(`${here}.name`, name));
      if (port !== undefined) causes.push(...inBody(`${here}.port`, port, 1, 65_535));
      else if (kind === 'Service' && group === '') {
        causes.push(invalidSomehow(here, 'Must have port for Service reference'));
      }
      if (weight !== undefined) causes.push(...inBody(`${here}.weight`, weight, 0, 1_000_000));
    });
  });
  return causes;
}

function validateMatch({ path, method }: HttpRouteMatch, at: string): FieldCause[] {
  const causes: FieldCause[] = [];
  const { type = 'PathPrefix', value = '/' } = path ?? {};
  const field = `${at}.path`;
  if (!PATH_TYPES.includes(type)) causes.push(notSupported(`${field}.type`, type, PATH_TYPES));
  if (type !== 'RegularExpression') {
    const when = "when type one of ['Exact', 'PathPrefix']";
    if (!value.startsWith('/')) {
      causes.push(
        invalidSomehow(field, `value must be an absolute path and start with '/' ${when}`),
      );
    }
    for (const part of ['//', '/./', '/../', '%2f', '%2F', '#']) {
      if (!value.includes(part)) continue;
      causes.push(invalidSomehow(field, `must not contain '${part}' ${when}`));
    }
  }
  if (method !== undefined && !METHODS.includes(method)) {
    causes.push(notSupported(`${at}.method`, method, METHODS));
  }
  return causes;
}
