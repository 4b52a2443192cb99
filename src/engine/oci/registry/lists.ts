import type { Storage } from './storage.ts';
import { failure, respond, type Place, type Query, type RegistryResponse } from './wire.ts';

/** Lists in pages: tags of a repository, repositories of a registry (distribution-spec v1.1). */
const TAG_PAGE = 10_000;
const CATALOG_PAGE = 100;
const CATALOG_LIMIT = 1000;

export function listTags(storage: Storage, place: Place, query: Query): RegistryResponse {
  const { repository } = place;
  const limit = readLimit(query, TAG_PAGE);
  if (limit === undefined) return failure('PAGINATION_NUMBER_INVALID', { n: query.n?.[0] });
  const all = storage.tags(place);
  if (all.length === 0 && !storage.hasRepository(place)) {
    return failure('NAME_UNKNOWN', { name: repository });
  }
  const page = pageOf(all, query.last?.[0], limit, `/v2/${repository}/tags/list`);
  return { ...respond(200, page.headers), json: { name: repository, tags: page.items } };
}

/** `/v2/_catalog` (distribution/distribution v3.1 `registry/handlers/catalog.go`). */
export function listRepositories(storage: Storage, host: string, query: Query): RegistryResponse {
  const limit = readLimit(query, CATALOG_PAGE);
  if (limit === undefined || limit > CATALOG_LIMIT) {
    return failure('PAGINATION_NUMBER_INVALID', { n: query.n?.[0] });
  }
  const all = storage.repositories(host);
  const page = pageOf(all, query.last?.[0], limit, '/v2/_catalog');
  return { ...respond(200, page.headers), json: { repositories: page.items } };
}

function readLimit(query: Query, usual: number): number | undefined {
  const [n = ''] = query.n ?? [];
  if (n === '') return usual;
  return /^\d{1,15}$/.test(n) ? Number(n) : undefined;
}

function pageOf(all: readonly string[], last: string | undefined, limit: number, path: string) {
  const after = last === undefined ? all : all.filter((name) => name > last);
  const items = after.slice(0, limit);
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const end = items.at(-1);
  if (end !== undefined && items.length < after.length) {
    headers.link = `<${path}?last=${encodeURIComponent(end)}&n=${limit}>; rel="next"`;
  }
  return { items, headers };
}
