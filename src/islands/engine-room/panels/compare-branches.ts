import type { Breathing } from '../../../engine/sim/breath.ts';
import type { Timeline } from '../../../engine/sim/timeline.ts';
import type { World } from '../../../engine/world.ts';
import { stateOf } from './cluster-objects.ts';
import { containersOn, nameOf } from './docker-objects.ts';
import { lookAlong } from './looked-at.ts';
import type { BranchComparison, BranchDifference, BranchSide, Look } from './messages.ts';
import { RESOURCES } from '../../../engine/kubernetes/api/resources.ts';
import type { KubeObject } from '../../../engine/kubernetes/apimachinery/object.ts';
import { hostOf, statusOf } from '../../../diagram/projection/swarm-subjects.ts';

/** Objects that are looked at between two breaths. */
const OBJECTS_AT_ONCE = 256;
/** At most so many differences are told. */
const DIFFERENCES_TOLD = 200;

/** An object of a world and how it is, in the words of its product. */
type Shown = ReadonlyMap<string, string>;

interface Seen {
  readonly side: BranchSide;
  readonly objects: Shown;
}

/**
 * Two branches at one virtual time: what is in one and not in the other, and what is otherwise. Both
 * are lived there and left again before anybody else looks at the world.
 */
export function compareBranches(
  look: Look & { readonly branches: readonly [number, number]; readonly timeMs: number },
): Promise<BranchComparison | undefined> {
  return lookAlong(look, function* ({ world, sight: { timeline } }) {
    if (!timeline) return undefined;
    const goBack = timeline.bookmark();
    try {
      const [one, other] = look.branches;
      const first = yield* see(world, timeline, one, look.timeMs);
      return told(first, yield* see(world, timeline, other, look.timeMs));
    } finally {
      goBack();
    }
  });
}

function* see(world: World, timeline: Timeline, branch: number, timeMs: number): Breathing<Seen> {
  if (timeline.branch.id !== branch) yield* timeline.switchingTo(branch);
  const atMs = Math.min(timeMs, timeline.branch.end.timeMs);
  yield* timeline.seekingTime(atMs);
  const objects = yield* objectsOf(world);
  const counts: Record<string, number> = {};
  for (const [object, how] of objects) {
    const key = `${object.split(' ', 1)[0]} ${how}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return { side: { branch, timeMs: atMs, ...world.load, counts }, objects };
}

/** Restless, or made for each other kind: they would hide what one looks for. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'events',
  'leases',
  'endpointslices',
  'controllerrevisions',
]);

function* objectsOf(world: World): Breathing<Shown> {
  const shown = new Map<string, string>();
  const client = world.cluster?.client;
  for (const { resource, kind, verbs } of client ? RESOURCES : []) {
    if (LEFT_OUT.has(resource) || !verbs.includes('watch')) continue;
    for (const object of client!.scan(resource) as Iterable<KubeObject>) {
      const { namespace, name } = object.metadata;
      const { state, word } = stateOf(world, resource, object);
      const key = namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
      shown.set(key, word ?? state);
      if (shown.size % OBJECTS_AT_ONCE === 0) yield world.kernel.moment.sequence;
    }
  }
  const rooms = world.hasSwarm ? world.swarm.rooms : undefined;
  for (const swarm of rooms?.locals.swarms() ?? []) {
    const { store } = rooms!;
    for (const { machine, state } of store.list(swarm, 'node')) shown.set(`node ${machine}`, state);
    for (const task of store.list(swarm, 'task')) {
      const host = hostOf(world, task);
      shown.set(`task ${task.name}`, `${statusOf(world, task)}${host ? ` · ${host}` : ''}`);
    }
  }
  for (const { name: machine, docker } of world.machines) {
    if (!docker) continue;
    for (const container of containersOn(world, machine)) {
      shown.set(`container ${nameOf(container)}@${machine}`, container.State);
    }
  }
  return shown;
}

function told(a: Seen, b: Seen): BranchComparison {
  const differences: BranchDifference[] = [];
  for (const object of new Set([...a.objects.keys(), ...b.objects.keys()])) {
    const sides = [a.objects.get(object), b.objects.get(object)] as const;
    if (sides[0] === sides[1]) continue;
    const [name = '', machine] = object.split('@', 2);
    differences.push({ object: name, ...(machine !== undefined && { machine }), sides });
  }
  const total = differences.length;
  return { sides: [a.side, b.side], differences: differences.slice(0, DIFFERENCES_TOLD), total };
}
