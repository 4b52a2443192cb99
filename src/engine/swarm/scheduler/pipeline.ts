import type { TaskObject } from '../objects.ts';
import type { Filter } from './filter.ts';
import { constraints } from './filters/constraints.ts';
import { hostPorts } from './filters/host-ports.ts';
import { maxReplicas } from './filters/max-replicas.ts';
import { platform } from './filters/platform.ts';
import { plugins } from './filters/plugins.ts';
import { ready } from './filters/ready.ts';
import { resources } from './filters/resources.ts';
import { volumes } from './filters/volumes.ts';
import type { NodeInfo } from './node-info.ts';

/** In the order in which nodes pass them (moby/swarmkit v2.1 `manager/scheduler/pipeline.go`). */
export const FILTERS: readonly Filter[] = [
  ...[ready, resources, plugins, constraints, platform, hostPorts, maxReplicas, volumes],
];

interface Entry {
  readonly filter: Filter;
  readonly check: (info: NodeInfo) => boolean;
  failures: number;
}

/** The filters that a task has need of, and why nodes did not pass them. */
export class Pipeline {
  readonly #entries: Entry[];

  constructor(task: TaskObject) {
    this.#entries = FILTERS.flatMap((filter) => {
      const check = filter.check(task);
      return check ? [{ filter, check, failures: 0 }] : [];
    });
  }

  /** The first filter that fails counts. A node that passes takes all earlier failures away. */
  passes(info: NodeInfo): boolean {
    for (const entry of this.#entries) {
      if (entry.check(info)) continue;
      entry.failures += 1;
      return false;
    }
    for (const entry of this.#entries) entry.failures = 0;
    return true;
  }

  /** What left out most nodes first; '' when nothing did. */
  explain(): string {
    return this.#entries
      .filter(({ failures }) => failures > 0)
      .sort((a, b) => b.failures - a.failures)
      .map(({ filter, failures }) => filter.explain(failures))
      .join('; ');
  }
}
