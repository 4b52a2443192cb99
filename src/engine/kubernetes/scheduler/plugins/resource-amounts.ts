import type { Amounts } from '../../api/pod-resources.ts';

/** How much of a resource: CPU in thousandths of a core, everything else in whole units. */
export function amountOf(amounts: Amounts, resource: string): number {
  if (resource === 'cpu') return amounts.cpuMillis;
  if (resource === 'memory') return amounts.memoryBytes;
  return amounts.others?.[resource] ?? 0;
}
