import type { Condition } from '../../apimachinery/object.ts';
import type {
  Gateway,
  GatewayBackend,
  GatewayClass,
  GatewayObjectReference,
  HttpBackendRef,
  HttpRoute,
  HttpRouteFilter,
  HttpRouteMatch,
  HttpRouteRule,
  HttpValueMatch,
  Listener,
  ParentReference,
} from '../gateway.ts';
import { fillMissing, mapKept, withFields } from './filling.ts';

/** Defaults that the CustomResourceDefinitions of kubernetes-sigs/gateway-api v1.6 declare. */
const GATEWAY_GROUP = 'gateway.networking.k8s.io';
const REDIRECT_STATUS = 302;

/** A condition that a controller has not looked at yet. */
const waiting = (type: string): Condition => ({
  type,
  status: 'Unknown',
  reason: 'Pending',
  message: 'Waiting for controller',
  lastTransitionTime: '1970-01-01T00:00:00Z',
});
const CLASS_STATUS: GatewayClass['status'] = { conditions: [waiting('Accepted')] };
const GATEWAY_STATUS: Gateway['status'] = {
  conditions: [waiting('Accepted'), waiting('Programmed')],
};

export function gatewayClassDefaults(gatewayClass: GatewayClass): GatewayClass {
  return fillMissing(gatewayClass, { status: CLASS_STATUS });
}

export function gatewayDefaults(gateway: Gateway): Gateway {
  const { listeners, addresses } = gateway.spec ?? {};
  return withFields(fillMissing(gateway, { status: GATEWAY_STATUS }), {
    spec:
      gateway.spec &&
      withFields(gateway.spec, {
        listeners: listeners && mapKept(listeners, listenerDefaults),
        addresses:
          addresses && mapKept(addresses, (one) => fillMissing(one, { type: 'IPAddress' })),
      }),
  });
}

function listenerDefaults(listener: Listener): Listener {
  const { tls } = listener;
  const routes = fillMissing(listener.allowedRoutes ?? {}, { namespaces: {} });
  const kinds = routes.kinds;
  return withFields(listener, {
    allowedRoutes: withFields(routes, {
      namespaces: fillMissing(routes.namespaces ?? {}, { from: 'Same' }),
      kinds: kinds && mapKept(kinds, (kind) => fillMissing(kind, { group: GATEWAY_GROUP })),
    }),
    tls:
      tls &&
      withFields(fillMissing(tls, { mode: 'Terminate' }), {
        certificateRefs: tls.certificateRefs && mapKept(tls.certificateRefs, secretReference),
      }),
  });
}

const secretReference = (reference: GatewayObjectReference): GatewayObjectReference =>
  fillMissing(reference, { group: '', kind: 'Secret' });

const EVERY_PATH: HttpRouteMatch = { path: { type: 'PathPrefix', value: '/' } };
const EVERYTHING: HttpRouteRule = { matches: [EVERY_PATH] };

/** Simplified: a route that no Gateway has looked at has no status at all. */
const NO_PARENTS: HttpRoute['status'] = { parents: [] };

export function httpRouteDefaults(route: HttpRoute): HttpRoute {
  const spec = fillMissing(route.spec ?? {}, { rules: [EVERYTHING] });
  const { parentRefs, rules } = spec;
  return withFields(fillMissing(route, { status: NO_PARENTS }), {
    spec: withFields(spec, {
      parentRefs: parentRefs && mapKept(parentRefs, parentDefaults),
      rules: rules && mapKept(rules, ruleDefaults),
    }),
  });
}

export function parentDefaults(parent: ParentReference): ParentReference {
  return fillMissing(parent, { group: GATEWAY_GROUP, kind: 'Gateway' });
}

function ruleDefaults(rule: HttpRouteRule): HttpRouteRule {
  const filled = fillMissing(rule, { matches: [EVERY_PATH] });
  const { matches, filters, backendRefs } = filled;
  return withFields(filled, {
    matches: matches && mapKept(matches, matchDefaults),
    filters: filters && mapKept(filters, filterDefaults),
    backendRefs: backendRefs && mapKept(backendRefs, backendDefaults),
  });
}

function matchDefaults(match: HttpRouteMatch): HttpRouteMatch {
  const { path, headers, queryParams } = match;
  const exact = (value: HttpValueMatch) => fillMissing(value, { type: 'Exact' });
  return withFields(match, {
    path: fillMissing(path ?? {}, { type: 'PathPrefix', value: '/' }),
    headers: headers && mapKept(headers, exact),
    queryParams: queryParams && mapKept(queryParams, exact),
  });
}

const serviceReference = <T extends GatewayBackend>(backend: T): T =>
  fillMissing<GatewayBackend>(backend, { group: '', kind: 'Service' }) as T;

function backendDefaults(backend: HttpBackendRef): HttpBackendRef {
  const filled = fillMissing(serviceReference(backend), { weight: 1 });
  return withFields(filled, { filters: filled.filters && mapKept(filled.filters, filterDefaults) });
}

function filterDefaults(filter: HttpRouteFilter): HttpRouteFilter {
  const { requestRedirect, requestMirror } = filter;
  return withFields(filter, {
    requestRedirect:
      requestRedirect && fillMissing(requestRedirect, { statusCode: REDIRECT_STATUS }),
    requestMirror:
      requestMirror &&
      withFields(requestMirror, { backendRef: serviceReference(requestMirror.backendRef) }),
  });
}
