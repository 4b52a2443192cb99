import type { Event } from '../../api/cluster-objects.ts';
import { by, since, type Text } from './text.ts';

/** The last section of most descriptions (`DescribeEvents`). */
export function describeEvents(
  text: Text,
  events: readonly Event[] | undefined,
  nowMs: number,
): void {
  if (!events) return;
  if (events.length === 0) return text.line(0, 'Events:\t<none>');
  text.flush();
  text.line(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage');
  text.line(1, '----\t------\t----\t----\t-------');
  const sorted = events.toSorted(by(({ lastTimestamp = '' }) => lastTimestamp));
  for (const event of sorted) {
    const { type, reason, involvedObject, source } = event;
    const from = source.component || event.reportingComponent;
    const where = involvedObject.fieldPath ? `${involvedObject.fieldPath}: ` : '';
    const message = `${where}${event.message.trim()}`;
    text.line(1, [type, reason, interval(event, nowMs), from, message].join('\t'));
  }
}

function interval(event: Event, nowMs: number): string {
  const { series, count, eventTime, firstTimestamp, lastTimestamp } = event;
  const first = since(eventTime ?? firstTimestamp, nowMs);
  if (series) return `${since(series.lastObservedTime, nowMs)} (x${series.count} over ${first})`;
  return count > 1 ? `${since(lastTimestamp, nowMs)} (x${count} over ${first})` : first;
}
