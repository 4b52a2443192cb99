import { LABEL } from '../../../engine/compose/labels.ts';
import type { EventMessage } from '../../../engine/docker/api.ts';
import { EPOCH_UNIX_MS } from '../../../engine/sim/clock.ts';
import type { World } from '../../../engine/world.ts';
import { clusterEvents } from './cluster-events.ts';
import { historyOf, lookAt, type LookedAt } from './looked-at.ts';
import type { EventRow, EventsAnswer, EventSource, Look } from './messages.ts';

/** Which events are asked for; what is left out is not minded. */
export interface EventsWanted {
  readonly object?: string;
  readonly kind?: string;
  readonly warnings?: boolean;
}

/** At most so many are told, the last ones. */
const EVENTS_TOLD = 300;

/** What happened on all platforms up to now, as the products themselves tell it. */
export function events(look: Look & EventsWanted): Promise<EventsAnswer> {
  return lookAt(look, (at) => told(at, look));
}

function told(at: LookedAt, look: EventsWanted): EventsAnswer {
  const { world } = at;
  const all = [...clusterEvents(world, historyOf(at).events), ...dockerEvents(world)].sort(byTime);
  const kinds = [...new Set(all.map(kindOf))].sort((a, b) => (a < b ? -1 : 1));
  const fitting = all.filter(
    (row) =>
      (!look.warnings || row.warning) &&
      (look.kind === undefined || kindOf(row) === look.kind) &&
      (look.object === undefined || row.ref.object === look.object),
  );
  return { rows: fitting.slice(-EVENTS_TOLD), total: fitting.length, kinds };
}

export const kindOf = ({ ref }: EventRow): string => ref.object.split(' ', 1)[0]!;

const byTime = (a: EventRow, b: EventRow): number => a.timeMs - b.timeMs;

/** What the daemons keep of their events, by machine. */
function dockerEvents(world: World): EventRow[] {
  const table = world.kernel.store.tables().get('docker/events');
  return [...(table?.entries() ?? [])].map(([key, value]) =>
    rowOf(String(key), value as EventMessage),
  );
}

/** What went wrong by itself: a container that died of anything but 0, was killed for its memory. */
function isWarning({ Action, Actor }: EventMessage): boolean {
  if (Action === 'oom' || Action === 'health_status: unhealthy') return true;
  return Action === 'die' && Actor.Attributes.exitCode !== '0';
}

function rowOf(key: string, message: EventMessage): EventRow {
  const { Type, Action, Actor, scope, timeNano } = message;
  const { Attributes, ID } = Actor;
  const machine = key.split(' ', 1)[0]!;
  const name = Attributes.name ?? ID.slice(0, 12);
  const project = Attributes[LABEL.project];
  const source: EventSource =
    scope === 'swarm' ? 'swarm' : project === undefined ? 'docker' : 'compose';
  const code = Attributes.exitCode === undefined ? '' : ` exitCode=${Attributes.exitCode}`;
  const image = Type === 'container' && Attributes.image ? ` image=${Attributes.image}` : '';
  const place = project === undefined ? machine : `${machine} · ${project}`;
  return {
    ...{ key: `d${key}`, source, warning: isWarning(message), reason: Action },
    timeMs: Math.round(timeNano / 1_000_000) - EPOCH_UNIX_MS,
    message: `${place}:${code}${image}`.replace(/:$/, ''),
    ref: { object: `${Type} ${name}`, machine },
  };
}
