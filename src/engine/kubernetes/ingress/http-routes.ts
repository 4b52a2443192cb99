import type {
  Gateway,
  HttpBackendRef,
  HttpRoute,
  HttpRouteFilter,
  HttpRouteMatch,
  Listener,
  ParentReference,
} from '../api/gateway.ts';
import { selectorMatches } from '../apimachinery/label-selector.ts';
import type { Labels } from '../apimachinery/object.ts';
import { hasPrefix, hostOf, hostRank, isBefore, pathOf } from './paths.ts';

/**
 * Which rule of many HTTPRoutes a request is for (kubernetes-sigs/gateway-api apis/v1
 * httproute_types.go, v1.4): the closest host, then the exact or longest path, a method, the most
 * headers, the most query parameters, the older route, the first rule.
 */
export interface RoutedRequest {
  readonly method: string;
  readonly host: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface RouteChoice {
  readonly route: HttpRoute;
  readonly backends: readonly HttpBackendRef[];
  readonly filters: readonly HttpRouteFilter[];
  /** The prefix that was matched, which a rewrite may replace. */
  readonly prefix?: string;
}

/** Whether a route asks for a listener of a Gateway, and the listener lets it. */
export function attaches(
  route: HttpRoute,
  gateway: Gateway,
  listener: Listener,
  namespaceLabels: Labels | undefined,
): boolean {
  const { namespace: from = '' } = route.metadata;
  const parent = (route.spec.parentRefs ?? []).find((ref) =>
    refersTo(ref, from, gateway, listener),
  );
  if (!parent) return false;
  const { from: allowed = 'Same', selector } = listener.allowedRoutes?.namespaces ?? {};
  if (allowed === 'Same' && from !== gateway.metadata.namespace) return false;
  if (allowed === 'Selector' && !selectorMatches(selector ?? {}, namespaceLabels)) return false;
  return allowed !== 'None' && sharesHost(route, listener);
}

function refersTo(
  ref: ParentReference,
  namespace: string,
  { metadata }: Gateway,
  listener: Listener,
): boolean {
  return (
    (ref.kind ?? 'Gateway') === 'Gateway' &&
    ref.name === metadata.name &&
    (ref.namespace ?? namespace) === metadata.namespace &&
    (ref.sectionName === undefined || ref.sectionName === listener.name) &&
    (ref.port === undefined || ref.port === listener.port)
  );
}

/** A route without host names, or with one that meets the listener's. */
export function sharesHost({ spec }: HttpRoute, { hostname }: Listener): boolean {
  const { hostnames = [] } = spec;
  if (hostnames.length === 0 || !hostname) return true;
  return hostnames.some(
    (one) =>
      hostRank(one.toLowerCase(), hostname, 'many') !== undefined ||
      hostRank(hostname.toLowerCase(), one, 'many') !== undefined,
  );
}

export function chooseRule(
  routes: readonly HttpRoute[],
  listener: Listener,
  request: RoutedRequest,
): RouteChoice | undefined {
  const host = hostOf(request.host);
  if (hostRank(host, listener.hostname, 'many') === undefined) return undefined;
  let best: (RouteChoice & { readonly rank: readonly number[] }) | undefined;
  for (const route of routes) {
    const { hostnames = [], rules = [{}] } = route.spec;
    const named = hostnames.length === 0 ? [undefined] : hostnames;
    const ranks = named.map((one) => hostRank(host, one, 'many'));
    const hostRanked = Math.max(...ranks.map((rank) => rank ?? -1));
    if (hostRanked < 0) continue;
    for (const { matches = [{}], backendRefs = [], filters = [] } of rules) {
      for (const match of matches) {
        const matched = rankOf(match, request);
        if (!matched) continue;
        const rank = [hostRanked, ...matched.rank];
        if (best && !isBefore(rank, best.rank)) continue;
        const { prefix } = matched;
        best = { route, backends: backendRefs, filters, rank, ...(prefix && { prefix }) };
      }
    }
  }
  return best;
}

function rankOf(match: HttpRouteMatch, request: RoutedRequest) {
  const { path = {}, method, headers = [], queryParams = [] } = match;
  const { type = 'PathPrefix', value = '/' } = path;
  const asked = pathOf(request.target);
  const isExact = type === 'Exact';
  if (isExact ? asked !== value : !hasPrefix(asked, value)) return undefined;
  if (method !== undefined && method !== request.method) return undefined;
  const query = queryOf(request.target);
  const wrongHeader = headers.some(({ name, value: v }) => headerOf(request, name) !== v);
  if (wrongHeader || queryParams.some(({ name, value: v }) => query.get(name) !== v)) {
    return undefined;
  }
  const rank = [
    isExact ? 1 : 0,
    value.length,
    method === undefined ? 0 : 1,
    headers.length,
    queryParams.length,
  ];
  return { rank, prefix: isExact ? undefined : value };
}

const headerOf = ({ headers }: RoutedRequest, name: string): string | undefined =>
  Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];

function queryOf(target: string): ReadonlyMap<string, string> {
  const [, query = ''] = target.split('?', 2);
  const pairs = query.split('&').filter(Boolean);
  return new Map(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split('=', 2);
      return [name, value];
    }),
  );
}
