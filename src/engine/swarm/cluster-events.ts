import type { NewEvent } from '../docker/events.ts';
import type { SwarmRooms } from './managers/rooms.ts';
import type { NodeObject, ServiceObject } from './objects.ts';
import type { Change } from './store.ts';

/**
 * Changes of a swarm as events of its managers' daemons: `docker events` shows them with the scope
 * `swarm` (moby/moby v29.7 `daemon/events.go`, `logClusterEvent`).
 */
export function tellOfChanges(rooms: SwarmRooms): void {
  const { store, locals, quorum, docker } = rooms;
  store.onChange((swarm, change) => {
    const event = eventOf(rooms, swarm, change);
    if (!event) return;
    for (const local of locals.managersOf(swarm)) {
      const isUp = docker.containers.phase(local.machine) === 'up' && quorum.serves(local);
      if (isUp) docker.events.emit(local.machine, event);
    }
  });
}

function eventOf({ store }: SwarmRooms, swarm: string, change: Change): NewEvent | undefined {
  const { kind } = change;
  if (kind === 'cluster' || kind === 'task') return undefined;
  const id = 'delete' in change ? change.delete : change.set.id;
  const before = store.get(swarm, kind, id);
  const after = 'delete' in change ? undefined : change.set;
  const shown = after ?? before;
  if (!shown) return undefined;
  const Action = !after ? 'remove' : before ? 'update' : 'create';
  const isUpdate = before && after;
  const changes = !isUpdate
    ? {}
    : kind === 'node'
      ? nodeChanges(before as NodeObject, after as NodeObject)
      : kind === 'service'
        ? serviceChanges(before as ServiceObject, after as ServiceObject)
        : {};
  const Attributes = { ...changes, name: nameOf(shown) };
  return { Type: kind, Action, ID: id, Attributes, scope: 'swarm' };
}

type Shown = { readonly name: string } | NodeObject | { readonly spec: { readonly Name?: string } };

function nameOf(shown: Shown): string {
  if ('name' in shown) return shown.name;
  const name = shown.spec.Name ?? '';
  return name === '' && 'hostname' in shown ? shown.hostname : name;
}

/** `state.old` and `state.new`, where they differ. */
const pair = (key: string, before: string, after: string): Record<string, string> =>
  before === after ? {} : { [`${key}.old`]: before, [`${key}.new`]: after };

const roleOf = ({ manager }: NodeObject): string => (manager ? 'manager' : 'worker');

const nodeChanges = (before: NodeObject, after: NodeObject): Record<string, string> => ({
  ...pair('availability', before.spec.Availability, after.spec.Availability),
  ...pair('role', roleOf(before), roleOf(after)),
  ...pair('state', before.state, after.state),
});

function serviceChanges(before: ServiceObject, after: ServiceObject): Record<string, string> {
  const imageOf = ({ spec }: ServiceObject): string => spec.TaskTemplate.ContainerSpec.Image;
  const replicasOf = ({ spec }: ServiceObject): string => String(spec.Mode.Replicated?.Replicas);
  const [old, now] = [before.update?.state, after.update?.state];
  return {
    ...pair('image', imageOf(before), imageOf(after)),
    ...(after.spec.Mode.Replicated && pair('replicas', replicasOf(before), replicasOf(after))),
    ...(now !== undefined && now !== old && { 'updatestate.new': now }),
    ...(now !== undefined && old !== undefined && now !== old && { 'updatestate.old': old }),
  };
}
