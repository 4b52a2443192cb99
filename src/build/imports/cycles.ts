/** Circles of imports, found by Tarjan's algorithm (strongly connected components). */
import type { Edge } from './import-graph.ts';

/**
 * The groups of files that import one another in a circle, each as a list of files; a file that
 * imports itself is a group of one.
 */
export function findCycles(edges: readonly Edge[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to, by } of edges) {
    if (to.kind !== 'file' || by !== 'import') continue;
    next.set(from, [...(next.get(from) ?? []), to.name]);
  }
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const groups: string[][] = [];

  function close(file: string): void {
    const group: string[] = [];
    let member: string | undefined;
    do {
      member = stack.pop();
      if (member !== undefined) group.unshift(member);
    } while (member !== file);
    const selfish = next.get(file)?.includes(file) === true;
    if (group.length > 1 || selfish) groups.push(group);
  }

  function visit(file: string): number {
    const own = index.size;
    index.set(file, own);
    low.set(file, own);
    stack.push(file);
    for (const other of next.get(file) ?? []) {
      const reach = index.has(other)
        ? stack.includes(other)
          ? (index.get(other) ?? own)
          : own
        : visit(other);
      low.set(file, Math.min(low.get(file) ?? own, reach));
    }
    const lowest = low.get(file) ?? own;
    if (lowest === own) close(file);
    return lowest;
  }

  for (const file of next.keys()) if (!index.has(file)) visit(file);
  return groups;
}
