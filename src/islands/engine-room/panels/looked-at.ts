import type { Breathing } from '../../../engine/sim/breath.ts';
import type { World } from '../../../engine/world.ts';
import { breathe } from '../breath.ts';
import { withPieces } from '../pieces.ts';
import { sightOf, type Sight } from '../sights.ts';
import { Berths } from './berths.ts';
import { ClusterCensus } from './cluster-census.ts';
import { History } from './history.ts';
import type { Look } from './messages.ts';

/** What is kept beside a world for its panels: derived from it, and gone with it. */
interface Beside {
  readonly berths: Berths;
  census?: ClusterCensus;
  readonly histories: Map<number, History>;
}

export interface LookedAt {
  readonly world: World;
  readonly sight: Sight;
  readonly beside: Beside;
  /** Where time is. */
  readonly nowMs: number;
}

const kept = new WeakMap<World, Beside>();

/** Answers a question about a world as it is at the reader's moment, with nobody else at work in it. */
export function lookAt<T>({ world: name, step }: Look, answer: (at: LookedAt) => T): Promise<T> {
  const sight = sightOf(name);
  const at = (): T => answer(besides(sight, sight.world(step)));
  return sight.look ? sight.look(at) : withPieces(at);
}

/** As {@link lookAt}, for what looks at other moments: it breathes, and leaves the world as it was. */
export function lookAlong<T>(
  { world: name, step }: Look,
  work: (at: LookedAt) => Breathing<T>,
): Promise<T> {
  const sight = sightOf(name);
  const along = (): Breathing<T> => work(besides(sight, sight.world(step)));
  return sight.lookAlong ? sight.lookAlong(along) : withPieces(() => breathe(along()));
}

function besides(sight: Sight, world: World): LookedAt {
  let beside = kept.get(world);
  if (!beside) kept.set(world, (beside = { berths: new Berths(), histories: new Map() }));
  return { world, sight, beside, nowMs: world.kernel.now };
}

/** The cluster's census, brought to this moment; undefined where there is no cluster. */
export function censusOf({ world, beside }: LookedAt): ClusterCensus | undefined {
  if (!world.cluster) return undefined;
  const census = (beside.census ??= new ClusterCensus(world, beside.berths));
  census.follow();
  return census;
}

/** What the trace told of the branch that is looked at, brought to this moment. */
export function historyOf({ world, sight, beside }: LookedAt): History {
  const branch = sight.timeline?.branch;
  const id = branch?.id ?? 0;
  let history = beside.histories.get(id);
  if (!history) {
    const parent = beside.histories.get(branch?.from?.branch ?? -1);
    history = parent ? History.from(parent, world) : new History();
    beside.histories.set(id, history);
  }
  history.follow(world);
  return history;
}
