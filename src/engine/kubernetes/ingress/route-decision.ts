import type { HttpBackendRef, HttpRouteFilter, PathModifier } from '../api/gateway.ts';
import type { HttpRequest } from '../../net/http.ts';
import type { RouteChoice } from './http-routes.ts';
import { pathOf } from './paths.ts';
import type { Decision, ReverseProxy } from './reverse-proxy.ts';

/**
 * What a chosen rule of an HTTPRoute does with a request: filters in their order, then one of its
 * backends by weight (kubernetes-sigs/gateway-api apis/v1 httproute_types.go, v1.4).
 *
 * Simplified: requests are not mirrored, and headers of responses stay as they are.
 */
export function decide(choice: RouteChoice, request: HttpRequest, proxy: ReverseProxy): Decision {
  const redirect = choice.filters.find(({ requestRedirect }) => requestRedirect);
  if (redirect) return redirected(redirect, request, choice.prefix);
  const pass = choice.filters.reduce(
    (sent, filter) => filtered(filter, sent, choice.prefix),
    request,
  );
  const { namespace = '' } = choice.route.metadata;
  const backend = weighted(choice.backends, `${namespace}/${choice.route.metadata.name}`, proxy);
  if (backend?.port === undefined) return { answer: 500 };
  const to = proxy.target(backend.namespace ?? namespace, backend.name, backend.port);
  return to ? { pass, to } : { answer: 503 };
}

/** A weight is a share of the sum; 1 when left out. */
function weighted(
  backends: readonly HttpBackendRef[],
  what: string,
  proxy: ReverseProxy,
): HttpBackendRef | undefined {
  const slots = backends.flatMap((backend) =>
    Array<HttpBackendRef>(Math.min(backend.weight ?? 1, WEIGHT_LIMIT)).fill(backend),
  );
  return slots.length === 0 ? undefined : proxy.pick(`weights ${what}`, slots);
}

/** More than this in one backend counts as this much. */
const WEIGHT_LIMIT = 1_000;

function redirected(
  { requestRedirect = {} }: HttpRouteFilter,
  { host = '', path }: HttpRequest,
  prefix: string | undefined,
): Decision {
  const { scheme = 'http', hostname, path: change, port, statusCode = 302 } = requestRedirect;
  const name = hostname ?? host.replace(/:\d+$/, '');
  const to = changedPath(path, change, prefix);
  const at = port === undefined ? '' : `:${port}`;
  return { answer: statusCode, headers: { Location: `${scheme}://${name}${at}${to}` } };
}

function filtered(
  { urlRewrite, requestHeaderModifier }: HttpRouteFilter,
  request: HttpRequest,
  prefix: string | undefined,
): HttpRequest {
  let next = request;
  if (urlRewrite) {
    const { hostname, path } = urlRewrite;
    const to = changedPath(request.path, path, prefix);
    next = { ...next, path: to, ...(hostname !== undefined && { host: hostname }) };
  }
  if (requestHeaderModifier) {
    const { set = [], add = [], remove = [] } = requestHeaderModifier;
    const given = Object.entries(next.headers ?? {});
    const gone = new Set(remove.map((name) => name.toLowerCase()));
    const kept = given.filter(([name]) => !gone.has(name.toLowerCase()));
    const changed = [...add, ...set].map(({ name, value }): [string, string] => [name, value]);
    next = { ...next, headers: Object.fromEntries([...kept, ...changed]) };
  }
  return next;
}

function changedPath(
  target: string,
  change: PathModifier | undefined,
  prefix: string | undefined,
): string {
  if (!change) return target;
  const path = pathOf(target);
  const query = target.slice(path.length);
  if (change.type === 'ReplaceFullPath') return (change.replaceFullPath ?? '/') + query;
  const base = (prefix ?? '/').replace(/\/+$/, '');
  const rest = path.slice(base.length).replace(/^\/+/, '');
  const to = (change.replacePrefixMatch ?? '/').replace(/\/+$/, '');
  return `${rest === '' ? to || '/' : `${to}/${rest}`}${query}`;
}
