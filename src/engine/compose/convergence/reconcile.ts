import type { Network, Project, Volume } from '../../compose-file/project.ts';
import { networkHash } from '../../compose-file/project/hash.ts';
import type { ContainerSummary } from '../../docker/api.ts';
import { nameOf } from '../containers.ts';
import { planStop, resourceOf, sortedKeys, type Draft, type ReconcileOptions } from './draft.ts';
import { select, type Observed, type ObservedResource } from './observed.ts';
import { Plan } from './plan.ts';
import { reconcileService } from './reconcile-service.ts';
import { planVolumes } from './reconcile-volumes.ts';

/**
 * Compares what the file says with what there is, and plans what has to be done (docker/compose
 * v5.5 `pkg/compose/reconcile.go`).
 */
export function reconcile(project: Project, observed: Observed, options: ReconcileOptions): Plan {
  const chosen = (kind: 'networks' | 'volumes'): Map<string, ObservedResource> => {
    const found = new Map<string, ObservedResource>();
    const resources: Readonly<Record<string, Network | Volume>> = project[kind];
    for (const [key, { name = key }] of Object.entries(resources)) {
      const { selected } = select(observed[kind][key], name);
      if (selected) found.set(key, selected);
    }
    return found;
  };
  const draft: Draft = {
    ...{ project, options, plan: new Plan(), before: observed.containers },
    ...{ networks: chosen('networks'), volumes: chosen('volumes') },
    containers: new Map(Object.entries(observed.containers)),
    ...{ networkNodes: new Map(), volumeNodes: new Map(), serviceNodes: new Map() },
    ...{ stops: new Map(), connects: new Map(), recreated: new Set() },
  };
  planNetworks(draft);
  planVolumes(draft);
  for (const name of visitOrder(project)) reconcileService(draft, project.services[name]!);
  if (options.removeOrphans) planOrphans(draft.plan, observed.orphans);
  return draft.plan;
}

/** By name, but none before those that it depends on. */
function visitOrder({ services }: Project): string[] {
  const names = sortedKeys(services);
  const visited = new Set<string>();
  const isReady = (name: string): boolean =>
    Object.keys(services[name]?.depends_on ?? {}).every(
      (other) => visited.has(other) || !(other in services),
    );
  for (;;) {
    const next = names.find((name) => !visited.has(name) && isReady(name));
    if (next === undefined) return [...visited];
    visited.add(next);
  }
}

function planNetworks(draft: Draft): void {
  const { project, plan, networks, networkNodes } = draft;
  const diverged: string[] = [];
  for (const key of sortedKeys(project.networks)) {
    const network = project.networks[key]!;
    if (network.external === true) continue;
    const there = networks.get(key);
    const { name = key } = network;
    const resource = `network:${key}`;
    if (!there) {
      const create = { type: 'CreateNetwork', resource, cause: 'not found' } as const;
      networkNodes.set(key, plan.add({ ...create, name, key, network }));
    } else if (there.configHash !== '' && there.configHash !== networkHash(network)) {
      diverged.push(key);
    }
  }
  for (const key of diverged) planNewNetwork(draft, key);
}

/** Stop, disconnect, remove, create, connect: its containers stay the same. */
function planNewNetwork(draft: Draft, key: string): void {
  const { project, plan, networks, networkNodes, connects } = draft;
  const there = networks.get(key)!;
  const network = project.networks[key]!;
  const { name = key } = network;
  const users = sortedKeys(project.services)
    .filter((service) => key in (project.services[service]?.networks ?? {}))
    .flatMap((service) => draft.containers.get(service) ?? [])
    .map(({ summary }) => summary);
  const disconnected = users.map((container) => {
    const stop = planStop(draft, container, `network ${key} config changed`);
    const cause = `network ${key} recreate`;
    const common = { resource: resourceOf(container), cause, container };
    return plan.add({ type: 'DisconnectNetwork', name: there.name, ...common }, [stop]);
  });
  const renamed = there.name !== name;
  const resource = `network:${key}`;
  const removed = plan.add(
    {
      ...{ type: 'RemoveNetwork', resource, name: there.name, bestEffort: renamed },
      cause: renamed ? 'renamed (best-effort cleanup)' : 'config hash diverged',
    },
    disconnected,
  );
  const cause = renamed ? 'renamed' : 'recreate after config change';
  const create = { type: 'CreateNetwork', resource, cause, name, key, network } as const;
  const created = plan.add(create, renamed ? [] : [removed]);
  networkNodes.set(key, created);
  for (const [at, container] of users.entries()) {
    const why = { resource: resourceOf(container), cause: `network ${key} recreate` };
    const after = renamed ? [created, disconnected[at]!] : [created];
    const connected = plan.add({ type: 'ConnectNetwork', ...why, name, container }, after);
    connects.set(container.Id, [...(connects.get(container.Id) ?? []), connected]);
  }
}

function planOrphans(plan: Plan, orphans: readonly ContainerSummary[]): void {
  for (const container of orphans) {
    const why = { resource: `orphan:${nameOf(container)}`, cause: 'orphaned container', container };
    const stop = plan.add({ type: 'StopContainer', ...why });
    plan.add({ type: 'RemoveContainer', ...why }, [stop]);
  }
}
