import type { Project } from '../../compose-file/project.ts';
import type { Separator } from '../../compose-file/project/names.ts';
import type { ContainerSummary } from '../../docker/api.ts';
import { numberOf, serviceOf } from '../containers.ts';
import type { Observed, ObservedContainer, ObservedResource } from './observed.ts';
import type { Plan, PlanNode } from './plan.ts';

/** What to do with containers that are there. */
export type Recreate = 'diverged' | 'force' | 'never';

export interface ReconcileOptions {
  /** Services that were named; none means all. */
  readonly services: readonly string[];
  readonly recreate: Recreate;
  /** For services that were not named. */
  readonly recreateDependencies: Recreate;
  /** A new container takes over the unnamed volumes of the old. */
  readonly inherit: boolean;
  readonly removeOrphans: boolean;
  /** What `com.docker.compose.image` will hold, by service. */
  readonly imageDigests: Readonly<Record<string, string>>;
  readonly separator: Separator;
  /** Keys of volumes that differ and may be made anew: their data is lost. */
  readonly renewVolumes: readonly string[];
}

/** A plan in the making. */
export interface Draft {
  readonly project: Project;
  readonly options: ReconcileOptions;
  readonly plan: Plan;
  readonly networks: ReadonlyMap<string, ObservedResource>;
  readonly volumes: Map<string, ObservedResource>;
  /** What there is of each service; those that the plan removes beforehand are gone. */
  readonly containers: Map<string, readonly ObservedContainer[]>;
  /** What there was at first: what `service:NAME` means is looked up here. */
  readonly before: Observed['containers'];
  readonly networkNodes: Map<string, PlanNode>;
  readonly volumeNodes: Map<string, PlanNode>;
  /** The last node of a service, which those wait for that depend on it. */
  readonly serviceNodes: Map<string, PlanNode>;
  /** By container: it is stopped once, whoever wants it. */
  readonly stops: Map<string, PlanNode>;
  readonly connects: Map<string, PlanNode[]>;
  readonly recreated: Set<string>;
}

export const sortedKeys = (record: object): string[] => Object.keys(record).sort();

export const resourceOf = (container: ContainerSummary): string =>
  `service:${serviceOf(container)}:${numberOf(container)}`;

/** The node that stops a container: there is one at most. */
export function planStop(
  { plan, stops }: Draft,
  container: ContainerSummary,
  cause: string,
  dependsOn: readonly PlanNode[] = [],
  group = '',
): PlanNode {
  const before = stops.get(container.Id);
  if (before) return before;
  const stop = {
    type: 'StopContainer',
    resource: resourceOf(container),
    cause,
    container,
  } as const;
  const node = plan.add(stop, dependsOn, group);
  stops.set(container.Id, node);
  return node;
}
