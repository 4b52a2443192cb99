import { DOCKER_HUB, hubRepositories } from '../oci/hub/catalogue.ts';
import { answer, fail } from './answer.ts';
import type { EngineResponse } from './api.ts';
import type { SearchResult } from './api/image.ts';
import { readFilters } from './filters.ts';

/**
 * `docker search`: repositories of the model Docker Hub by a part of their name (moby/moby v29.7
 * `daemon/pkg/registry/search.go`).
 *
 * Simplified: the hub knows the repositories of its catalogue, and what they are for is not told
 * with them; stars are model figures that keep the usual order.
 */
const FILTERS = ['is-automated', 'is-official', 'stars'];
const LIMIT = 25;
const MAX_LIMIT = 100;

export function searchImages(
  term: string,
  limit: string | undefined,
  filterText: string | undefined,
): EngineResponse<SearchResult[] | { message: string }> {
  const refuse = (message: string) => fail(400, message) as EngineResponse<{ message: string }>;
  const read = readFilters(filterText);
  if (!read.ok) return refuse(read.message);
  const problem = read.filters.problem(FILTERS);
  if (problem !== undefined) return refuse(problem);
  const wanted = limit === undefined || limit === '' || limit === '0' ? LIMIT : Number(limit);
  if (!Number.isInteger(wanted) || wanted < 0) return refuse('invalid limit specified');
  if (wanted < 1 || wanted > MAX_LIMIT) {
    return refuse(`limit ${wanted} is outside the range of [1, ${MAX_LIMIT}]`);
  }
  const official = read.filters.flag('is-official');
  const automated = read.filters.flag('is-automated');
  if ('message' in official) return refuse(official.message);
  if ('message' in automated) return refuse(automated.message);
  const stars = Math.max(0, ...read.filters.get('stars').map(Number));
  if (Number.isNaN(stars)) return refuse(`invalid filter 'stars=${read.filters.get('stars')[0]}'`);
  if (term.includes('/') && /[.:]/.test(term.split('/')[0] ?? '') && !term.startsWith(DOCKER_HUB)) {
    return refuse('search is not supported by this registry');
  }
  const results = hubRepositories()
    .map(resultOf)
    .filter(({ name }) => name.includes(term.replace(/^docker\.io\//, '')))
    .filter((one) => official.value === undefined || one.is_official === official.value)
    .filter(() => automated.value !== true)
    .filter((one) => one.star_count >= stars)
    .sort((a, b) => b.star_count - a.star_count || (a.name < b.name ? -1 : 1));
  return answer(200, results.slice(0, wanted));
}

function resultOf(repository: string): SearchResult {
  const isOfficial = repository.startsWith('library/');
  const name = isOfficial ? repository.slice('library/'.length) : repository;
  const description = isOfficial ? `Official build of ${title(name)}.` : '';
  return {
    star_count: isOfficial ? 12_000 - 250 * name.length : 900 - 10 * name.length,
    is_official: isOfficial,
    name,
    is_automated: false,
    description,
  };
}

const title = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);
