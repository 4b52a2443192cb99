import { humanSize } from '../../units.ts';
import { Subject } from '../../../go/template/value.ts';
import type { CacheRecord } from '../../api/system.ts';
import { goTime, ofText, since } from './time.ts';
import type { Headings } from './write.ts';

/** Records of the build cache as buildx shows them (docker/buildx v0.36 `commands/diskusage.go`). */
export const BUILD_USAGE_TABLE = 'table {{.ID}}\t{{.Reclaimable}}\t{{.Size}}\t{{.LastUsedAt}}';

export const BUILD_USAGE_PRETTY = `ID:           {{.ID}}
{{- if .Parents }}
Parents:
{{- range .Parents }}
 - {{.}}
{{- end }}
{{- end }}
Created at:   {{.CreatedAt}}
Mutable:      {{.Mutable}}
Reclaimable:  {{.Reclaimable}}
Shared:       {{.Shared}}
Size:         {{.Size}}
{{- if .Description}}
Description:  {{ .Description }}
{{- end }}
Usage count:  {{.UsageCount}}
{{- if .LastUsedAt}}
Last used:    {{ .LastUsedAt }}
{{- end }}
{{- if .Type}}
Type:         {{ .Type }}
{{- end }}
`;

export const BUILD_USAGE_HEADINGS: Headings = {
  ID: 'ID',
  Parents: 'PARENTS',
  CreatedAt: 'CREATED AT',
  Mutable: 'MUTABLE',
  Reclaimable: 'RECLAIMABLE',
  Shared: 'SHARED',
  Size: 'SIZE',
  Description: 'DESCRIPTION',
  UsageCount: 'USAGE COUNT',
  LastUsedAt: 'LAST ACCESSED',
  Type: 'TYPE',
};

/** The largest first (moby/buildkit `client/diskusage.go`). */
export const bySize = (a: CacheRecord, b: CacheRecord): number =>
  b.Size - a.Size || (a.ID < b.ID ? 1 : -1);

const lastUsed = ({ LastUsedAt }: CacheRecord, nowMs: number): string =>
  LastUsedAt ? since(ofText(LastUsedAt), nowMs) : '';

/** @param table a table marks the size of what is shared with a star */
export const usageRow = (one: CacheRecord, nowMs: number, table: boolean): Subject =>
  new Subject('*commands.diskusageContext', {
    ID: () => one.ID,
    Parents: () => one.Parents ?? [],
    CreatedAt: () => goTime(ofText(one.CreatedAt)),
    Mutable: () => false,
    Reclaimable: () => !one.InUse,
    Shared: () => one.Shared,
    Size: () => humanSize(one.Size, 4) + (table && one.Shared ? '*' : ''),
    Description: () => one.Description,
    UsageCount: () => one.UsageCount,
    LastUsedAt: () => lastUsed(one, nowMs),
    Type: () => one.Type,
  });

/** What a table of records ends with; its columns stand at tab stops. */
export function usageSummary(records: readonly CacheRecord[]): string {
  const sum = (some: readonly CacheRecord[]) => some.reduce((bytes, { Size }) => bytes + Size, 0);
  const size = (bytes: number) => humanSize(bytes, 4);
  const total = sum(records);
  const shared = sum(records.filter(({ Shared }) => Shared));
  const free = sum(records.filter(({ InUse }) => !InUse));
  const split = shared > 0 ? `Shared:\t\t${size(shared)}\nPrivate:\t${size(total - shared)}\n` : '';
  return `${split}Reclaimable:\t${size(free)}\nTotal:\t\t${size(total)}\n`;
}

/**
 * What `prune` removed, as buildx writes it: a row at a time, so that columns stand where the row
 * itself puts them, and only the first has the heading above it.
 */
export const prunedTable = (records: readonly CacheRecord[], nowMs: number): string =>
  records
    .map((one, i) => {
      const size = (humanSize(one.Size, 4) + (one.Shared ? '*' : '')).padEnd(10);
      const first = i === 0;
      const heading = first ? `ID${'\t'.repeat(6)}RECLAIMABLE\tSIZE\t\tLAST ACCESSED\n` : '';
      const gap = first ? '\t\t' : '\t';
      return `${heading}${one.ID.padEnd(40)}\ttrue ${gap}${size}\t${lastUsed(one, nowMs)}\n`;
    })
    .join('');
