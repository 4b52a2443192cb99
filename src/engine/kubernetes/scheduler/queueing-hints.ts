import type { Filters } from './filtering.ts';
import type { ClusterEvent } from './framework.ts';
import type { PodInfo } from './pod-info.ts';

/**
 * Whether an event may help a Pod that fits nowhere: the plugins that kept it off are asked
 * (pkg/scheduler/backend/queue/scheduling_queue.go `isPodWorthRequeuing`, v1.36). A Pod that no
 * plugin kept off comes back with any event.
 */
export function mayHelp(
  { node, cluster }: Filters,
  pod: PodInfo,
  rejectors: readonly string[],
  event: ClusterEvent,
): boolean {
  if (rejectors.length === 0) return true;
  for (const plugin of [...node, ...cluster]) {
    if (rejectors.includes(plugin.name) && (plugin.wakes?.(pod, event) ?? true)) return true;
  }
  return false;
}
