import type { ServiceObject, TaskObject } from '../objects.ts';
import type { RestartHistory } from './restart-history.ts';
import { isWanted } from './tasks.ts';

/** Tasks in one slot: usually one that should run, and those that ran before it. */
export type Slot = readonly TaskObject[];

/**
 * The tasks of a slot that an update has to do with: those that should run or, when none should, the
 * last one if nothing replaces it; none when the slot is dead (moby/swarmkit v2.1
 * `manager/orchestrator/restart/restart.go`, `UpdatableTasksInSlot`).
 */
export function updatable(
  history: RestartHistory,
  swarm: string,
  service: ServiceObject,
  slot: Slot,
): Slot {
  const wanted = slot.filter(isWanted);
  if (wanted.length > 0) return wanted;
  if (service.update?.state === 'rollback_started') return [];
  const newest = slot.reduce((a, b) => (b.status.atMs > a.status.atMs ? b : a));
  return history.allows(swarm, service, newest) ? [] : [newest];
}

/** Slots to keep first, when there are too many: even on all nodes, running, low in number. */
export function byWorth(slots: readonly Slot[]): Slot[] {
  const isRunning = (slot: Slot): boolean => slot.some(({ status }) => status.state === 'running');
  const number = (slot: Slot): number => slot[0]?.slot ?? 0;
  const sorted = [...slots].sort(
    (a, b) => Number(isRunning(b)) - Number(isRunning(a)) || number(a) - number(b),
  );
  const onNode = new Map<string, number>();
  const ranked = sorted.map((slot) => {
    const node = slot.length === 1 ? (slot[0]?.node ?? '') : '';
    // What has no node of its own goes first.
    if (node === '') return { slot, rank: Infinity };
    const rank = (onNode.get(node) ?? 0) + 1;
    onNode.set(node, rank);
    return { slot, rank };
  });
  return ranked.sort((a, b) => (a.rank === b.rank ? 0 : a.rank - b.rank)).map(({ slot }) => slot);
}
