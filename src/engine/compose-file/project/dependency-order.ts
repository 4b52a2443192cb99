import { fail } from '../failure.ts';
import type { Project } from '../project.ts';
import type { Service } from '../service.ts';

/**
 * Services as a graph of what depends on what (compose-go v2.13 `graph/*.go`). A walk goes in
 * waves: each holds the services whose dependencies stand in earlier ones.
 */
export function checkCycles(project: Project): void {
  const edges = dependenciesOf(project);
  const done = new Set<string>();
  for (const name of edges.keys()) searchCycle([name], name, edges, done);
}

type Edges = ReadonlyMap<string, readonly string[]>;

function dependenciesOf({ services, disabledServices }: Project): Edges {
  const edges = new Map<string, readonly string[]>();
  for (const name of Object.keys(services).sort()) {
    const found: string[] = [];
    const dependencies = Object.entries(services[name]?.depends_on ?? {});
    for (const [other, { required }] of dependencies) {
      if (other in services) found.push(other);
      else if (required) refuseMissing(name, other, disabledServices[other]);
    }
    edges.set(name, found.sort());
  }
  return edges;
}

function refuseMissing(name: string, other: string, disabled: Service | undefined): never {
  if (!disabled) fail(`service "${name}" depends on unknown service "${other}"`);
  const profiles = `[${(disabled.profiles ?? []).join(' ')}]`;
  fail(
    `service "${other}" is required by "${name}" but is disabled. ` +
      `Can be enabled by profiles ${profiles}`,
  );
}

function searchCycle(path: readonly string[], name: string, edges: Edges, done: Set<string>): void {
  if (done.has(name)) return;
  for (const next of edges.get(name) ?? []) {
    const at = path.indexOf(next);
    if (at !== -1) {
      fail(`dependency cycle detected: ${path.slice(at).join(' -> ')} -> ${next}`);
    }
    searchCycle([...path, next], next, edges, done);
  }
  done.add(name);
}

/** Dependencies first; services of one wave wait for nothing of each other. */
export function dependencyWaves(project: Project): string[][] {
  const waiting = new Map(dependenciesOf(project));
  const waves: string[][] = [];
  while (waiting.size > 0) {
    const ready = [...waiting].filter(([, all]) => all.every((name) => !waiting.has(name)));
    if (ready.length === 0) fail('dependency cycle detected');
    waves.push(ready.map(([name]) => name));
    for (const [name] of ready) waiting.delete(name);
  }
  return waves;
}

/** Dependents first: the order in which a project is stopped. */
export const reverseDependencyWaves = (project: Project): string[][] => {
  const edges = dependenciesOf(project);
  const waiting = new Set(edges.keys());
  const waves: string[][] = [];
  while (waiting.size > 0) {
    const needed = new Set([...waiting].flatMap((name) => edges.get(name) ?? []));
    const ready = [...waiting].filter((name) => !needed.has(name));
    if (ready.length === 0) fail('dependency cycle detected');
    waves.push(ready);
    for (const name of ready) waiting.delete(name);
  }
  return waves;
};
