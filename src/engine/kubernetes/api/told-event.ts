import { EPOCH_UNIX_MS, rfc3339 } from '../../sim/clock.ts';
import { uuid, type Draws } from '../apimachinery/uid.ts';
import type { Event } from './cluster-objects.ts';

/**
 * An Event as a component tells it: the facts alone, one small row. The object that a reader sees,
 * with its name and uid, follows from them and is made when somebody looks.
 */
export interface ToldEvent {
  readonly involved: Omit<Event['involvedObject'], 'fieldPath'>;
  readonly component: string;
  readonly host?: string;
  readonly type: Event['type'];
  readonly reason: string;
  readonly message: string;
  /** Which part of the object: `spec.containers{web}`; empty for all of it. */
  readonly part: string;
  readonly count: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** The how many-th of its component about its object; with `firstMs` it makes the name. */
  readonly nth: number;
}

/** The Event that a component has told, as of a write at `revision`. */
export function eventOf(told: ToldEvent, revision: number, draws: Draws): Event {
  const { involved, component, host = '', type, reason, message, part, firstMs, lastMs } = told;
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name: nameOf(told, draws),
      namespace: involved.namespace,
      uid: uuid(draws('event-uid', involved.uid, firstMs, told.nth)),
      resourceVersion: String(revision),
      creationTimestamp: rfc3339(firstMs),
    },
    involvedObject: { ...involved, ...(part && { fieldPath: part }) },
    source: { component, ...(host && { host }) },
    reportingComponent: component,
    reportingInstance: host,
    count: told.count,
    firstTimestamp: rfc3339(firstMs),
    lastTimestamp: rfc3339(lastMs),
    reason,
    message,
    type,
  };
}

/**
 * The object's name and the time since 1970 in hexadecimal nanoseconds: within a millisecond by
 * turns, the last three digits drawn by lot.
 */
function nameOf({ involved, firstMs, nth }: ToldEvent, draws: Draws): string {
  const millis = BigInt(EPOCH_UNIX_MS + firstMs);
  const lot = draws('event', involved.uid, firstMs, nth).integer(0, 999);
  const below = (nth % 1000) * 1000 + lot;
  return `${involved.name}.${(millis * 1_000_000n + BigInt(below)).toString(16)}`;
}
