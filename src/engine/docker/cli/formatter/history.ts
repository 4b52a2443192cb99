import { ellipsis, humanSize, shortId } from '../../units.ts';
import { rfc3339 } from '../../../sim/clock.ts';
import { Subject } from '../../../go/template/value.ts';
import type { RowOptions } from './container.ts';
import { ofUnixSeconds, since } from './time.ts';
import type { Headings } from './write.ts';

/** Rows of `docker history` (docker/cli v29.7 `cli/command/image/formatter_history.go`). */
export interface HistoryItem {
  readonly Id: string;
  /** Seconds since 1970. */
  readonly Created: number;
  readonly CreatedBy: string;
  readonly Tags?: readonly string[] | null;
  readonly Size: number;
  readonly Comment: string;
}

const WIDTH = 45;
/** What was made before 2000 was made without a clock. */
const YEAR_2000 = 946_684_800;

export const HISTORY_HEADINGS: Headings = {
  ID: 'IMAGE',
  CreatedSince: 'CREATED',
  CreatedAt: 'CREATED AT',
  CreatedBy: 'CREATED BY',
  Size: 'SIZE',
  Comment: 'COMMENT',
};

export function historyFormat(source: string, quiet: boolean, human: boolean): string {
  if (source !== 'table' && source !== '') return source;
  if (quiet) return '{{.ID}}';
  const created = human ? 'CreatedSince' : 'CreatedAt';
  return `table {{.ID}}\t{{.${created}}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}`;
}

export function historyRow(
  item: HistoryItem,
  { truncate, nowMs, human }: RowOptions & { readonly human: boolean },
): Subject {
  const timeMs = ofUnixSeconds(item.Created);
  const text = item.CreatedBy.replaceAll('\t', ' ');
  const sinceText = item.Created <= YEAR_2000 ? 'N/A' : since(timeMs, nowMs);
  return new Subject('*image.historyContext', {
    Comment: () => item.Comment,
    CreatedAt: () => rfc3339(timeMs),
    CreatedBy: () => (truncate ? ellipsis(text, WIDTH) : text),
    CreatedSince: () => (human ? sinceText : rfc3339(timeMs)),
    ID: () => (truncate ? shortId(item.Id) : item.Id),
    Size: () => (human ? humanSize(item.Size) : String(item.Size)),
  });
}
