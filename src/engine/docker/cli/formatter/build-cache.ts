import type { CacheRecord } from '../../api/system.ts';
import { humanSize, shortId } from '../../units.ts';
import { Subject } from '../../../go/template/value.ts';
import type { RowOptions } from './container.ts';
import { goTime, ofText, since } from './time.ts';
import type { Headings } from './write.ts';

/** Rows of the build cache (docker/cli v29.7 `cli/command/formatter/buildcache.go`). */
export const BUILD_CACHE_TABLE =
  'table {{.ID}}\t{{.CacheType}}\t{{.Size}}\t{{.CreatedSince}}\t{{.LastUsedSince}}\t' +
  '{{.UsageCount}}\t{{.Shared}}';

export const BUILD_CACHE_HEADINGS: Headings = {
  ID: 'CACHE ID',
  Parent: 'PARENT',
  CacheType: 'CACHE TYPE',
  Size: 'SIZE',
  CreatedSince: 'CREATED',
  LastUsedSince: 'LAST USED',
  UsageCount: 'USAGE',
  InUse: 'IN USE',
  Shared: 'SHARED',
  Description: 'DESCRIPTION',
};

/** Those never used first, then by when they were used. */
export const byLastUse = (a: CacheRecord, b: CacheRecord): number => {
  const [x, y] = [`${a.LastUsedAt ?? ''} ${a.ID}`, `${b.LastUsedAt ?? ''} ${b.ID}`];
  return x < y ? -1 : x > y ? 1 : 0;
};

export function cacheRow(record: CacheRecord, { truncate, nowMs }: RowOptions): Subject {
  const used = record.LastUsedAt ?? '';
  const parent = (record.Parents ?? []).join(', ');
  return new Subject('*formatter.buildCacheContext', {
    CacheType: () => record.Type,
    CreatedAt: () => goTime(ofText(record.CreatedAt)),
    CreatedSince: () => since(ofText(record.CreatedAt), nowMs),
    Description: () => record.Description,
    ID: () => (truncate ? shortId(record.ID) : record.ID) + (record.InUse ? '*' : ''),
    InUse: () => String(record.InUse),
    LastUsedAt: () => (used === '' ? '' : goTime(ofText(used))),
    LastUsedSince: () => (used === '' ? '' : since(ofText(used), nowMs)),
    Parent: () => (truncate ? shortId(parent) : parent),
    Shared: () => String(record.Shared),
    Size: () => humanSize(record.Size),
    UsageCount: () => String(record.UsageCount),
  });
}
