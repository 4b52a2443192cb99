import type { Event } from '../../api/cluster-objects.ts';
import type { ResourceKinds, ResourceName } from '../../api/resources.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { HOUR } from '../../../sim/clock.ts';
import { describerOf } from './describers.ts';

/** Noon of the first day. */
export const NOW_MS = 12 * HOUR;

export interface Others {
  readonly events?: readonly Partial<Event>[];
  readonly all?: Readonly<Partial<Record<ResourceName, readonly unknown[]>>>;
}

/** For the tests: the description of an object `bar` in the namespace `foo`. */
export function text(
  resource: ResourceName,
  object: object,
  { events, all = {} }: Others = {},
): string {
  const { metadata, ...fields } = object as Partial<KubeObject>;
  const whole = { metadata: { name: 'bar', namespace: 'foo', ...metadata }, ...fields };
  return describerOf(resource).text(whole as unknown as KubeObject, {
    nowMs: NOW_MS,
    events: events as readonly Event[],
    all: <R extends ResourceName>(name: R) => (all[name] ?? []) as readonly ResourceKinds[R][],
  });
}
