import type { Event } from '../../../engine/kubernetes/api/cluster-objects.ts';
import { humanDuration } from '../../../engine/kubernetes/apimachinery/duration.ts';
import { parseRfc3339, SECOND } from '../../../engine/sim/clock.ts';
import type { World } from '../../../engine/world.ts';
import type { EventRow } from './messages.ts';

/**
 * A cluster's Events as its API has them now: those that are alike are one and are counted, and an
 * hour after it was last seen one is gone. Where the trace still knows it, a row leads to the record of
 * the last time.
 *
 * @param recorded what the trace told of Events, oldest first
 */
export function clusterEvents(world: World, recorded: readonly EventRow[]): EventRow[] {
  if (!world.cluster) return [];
  const { now } = world.kernel;
  const last = new Map<string, EventRow>();
  for (const row of recorded) if (row.timeMs <= now) last.set(likenessOf(row), row);
  return [...world.cluster.client.scan('events')].map((event) => rowOf(event, last, now));
}

const likenessOf = ({ ref, reason, message }: Pick<EventRow, 'ref' | 'reason' | 'message'>) =>
  [ref.object, reason, message].join('\n');

function rowOf(event: Event, recorded: ReadonlyMap<string, EventRow>, nowMs: number): EventRow {
  const { involvedObject, metadata, reason, message, type, series, eventTime } = event;
  const { kind, namespace, name } = involvedObject;
  const ref = { object: namespace ? `${kind} ${namespace}/${name}` : `${kind} ${name}` };
  const first = eventTime ?? event.firstTimestamp ?? metadata.creationTimestamp;
  const lastMs = timeOf(series?.lastObservedTime ?? event.lastTimestamp ?? first);
  const count = series?.count ?? event.count;
  // As kubectl describe has it.
  const often = count > 1 ? ` (x${count} over ${humanDuration(nowMs - timeOf(first))})` : '';
  const record = recorded.get(likenessOf({ ref, reason, message }));
  // An Event knows whole seconds; its record knows when in that second.
  const isThat = record !== undefined && Math.abs(record.timeMs - lastMs) < SECOND;
  return {
    ...{ key: `k${metadata.uid}`, source: 'kubernetes', warning: type === 'Warning', reason, ref },
    timeMs: isThat ? record.timeMs : lastMs,
    message: `${message.trim()}${often}`,
    ...(isThat && record.record !== undefined && { record: record.record }),
  };
}

const timeOf = (stamp: string | undefined): number => parseRfc3339(stamp ?? '') ?? 0;
