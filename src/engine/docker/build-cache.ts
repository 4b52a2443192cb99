import { rfc3339Nano } from '../sim/clock.ts';
import type { CacheRecord as BuildRecord } from '../build/api.ts';
import type { Builders } from '../build/builder.ts';
import { answer, fail, isTrue } from './answer.ts';
import type { CacheRecord, EngineResponse } from './api.ts';
import { untilOf } from './containers/prune.ts';
import type { Events } from './events.ts';
import { readFilters, type Filters } from './filters.ts';

/**
 * The build cache as the daemon shows and prunes it (moby/moby v29.7
 * `daemon/internal/builder-next/builder.go`, `DiskUsage`, `Prune`).
 */
export interface CachePruneReport {
  readonly CachesDeleted: readonly string[] | null;
  readonly SpaceReclaimed: number;
}

const FIELDS = ['id', 'parent', 'type', 'description', 'inuse', 'shared', 'private'];
const ACCEPTED = [...FIELDS, 'until', 'unused-for', 'label', 'label!'];
const ONE_VALUE = 'filters expect only one value';

export const cacheRecords = (builders: Builders, machine: string): CacheRecord[] =>
  builders.usage(machine).map((record) => ({
    ID: record.id,
    ...(record.parents.length > 0 ? { Parents: record.parents } : {}),
    Type: record.type,
    Description: record.description,
    InUse: record.inUse,
    Shared: record.shared,
    Size: record.sizeBytes,
    CreatedAt: rfc3339Nano(record.createdMs),
    LastUsedAt: record.usageCount > 0 ? rfc3339Nano(record.lastUsedMs) : null,
    UsageCount: record.usageCount,
  }));

export function pruneCache(
  builders: Builders,
  events: Events,
  machine: string,
  query: Readonly<Record<string, string>>,
  nowMs: number,
): EngineResponse {
  const read = readFilters(query.filters);
  if (!read.ok) return fail(400, read.message);
  const { filters } = read;
  const problem = filters.problem(ACCEPTED);
  if (problem !== undefined) return fail(400, problem);
  if (filters.has('until') && filters.has('unused-for')) {
    return fail(400, 'conflicting filters: "until" and "unused-for"');
  }
  if (ACCEPTED.some((key) => filters.get(key).length > 1)) return fail(400, ONE_VALUE);
  const until = untilOf(filters, nowMs);
  if ('message' in until) {
    const what = `"until" filter expects a duration (e.g., '24h') or a timestamp`;
    return fail(400, `${what}: ${until.message}`);
  }
  const { records, bytes } = builders.prune(machine, {
    all: isTrue(query.all),
    ...(Number.isFinite(until.timeMs) ? { untilMs: until.timeMs } : {}),
    keep: (record) => !isMeant(filters, record),
  });
  const Attributes = { reclaimed: String(bytes) };
  events.emit(machine, { Type: 'builder', Action: 'prune', ID: '', Attributes });
  const ids = records.map(({ id }) => id);
  return answer<CachePruneReport>(200, {
    CachesDeleted: ids.length > 0 ? ids : null,
    SpaceReclaimed: bytes,
  });
}

/** All fields that are asked for fit; `inuse`, `shared` and `private` may stand alone. */
function isMeant(filters: Filters, record: BuildRecord): boolean {
  const { id, type, description, parents, inUse, shared } = record;
  const flags = { inuse: inUse, shared, private: !shared };
  return (
    (!filters.has('id') || filters.get('id').some((one) => id.includes(one))) &&
    (!filters.has('parent') || filters.get('parent').some((one) => parents.includes(one))) &&
    filters.exact('type', type) &&
    filters.exact('description', description) &&
    Object.entries(flags).every(([name, value]) => {
      if (!filters.has(name)) return true;
      const [wanted = 'true'] = filters.get(name);
      return (wanted !== 'false' && wanted !== '0') === value;
    })
  );
}
