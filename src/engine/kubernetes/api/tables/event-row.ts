import type { Event } from '../cluster-objects.ts';
import { ageOf } from './age.ts';
import type { RowKind, RowOptions } from './cells.ts';
import { columns, type Cell } from './columns.ts';

/**
 * The row of an Event (pkg/printers/internalversion/printers.go `printEvent`, v1.36). How often it
 * was seen shows in wide output only, as a number of its own.
 */
export const EVENT_ROWS: RowKind = {
  columns: [
    ...columns(['Last Seen', 'Type', 'Reason', 'Object'], ['Subobject', 'Source']),
    ...columns(['Message'], ['First Seen', 'Count', 'Name']),
  ],
  row: (event: Event, { nowMs }: RowOptions): Cell[] => {
    const { involvedObject, lastTimestamp, firstTimestamp } = event;
    const first = ageOf(firstTimestamp ?? event.eventTime, nowMs);
    const { last, count } = seen(event);
    const component = event.source?.component || event.reportingComponent || '';
    const host = event.source?.host ?? event.reportingInstance;
    const lastSeen = last ?? lastTimestamp;
    return [
      lastSeen ? ageOf(lastSeen, nowMs) : first,
      event.type,
      event.reason,
      `${involvedObject.kind.toLowerCase()}/${involvedObject.name}`,
      involvedObject.fieldPath ?? '',
      host ? `${component}, ${host}` : component,
      event.message.trim(),
      first,
      count,
      event.metadata.name,
    ];
  },
};

interface Series {
  readonly count: number;
  readonly lastObservedTime?: string;
}

/** A series says how often, else the count does; never seen counts as once. */
function seen(event: Event & { readonly series?: Series }): { last?: string; count: number } {
  const { series } = event;
  if (!series) return { count: event.count || 1 };
  return { last: series.lastObservedTime, count: series.count };
}
