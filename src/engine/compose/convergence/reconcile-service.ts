import { serviceHash } from '../../compose-file/project/hash.ts';
import { containerName } from '../../compose-file/project/names.ts';
import { doubledNameProblem, scaleOf } from '../../compose-file/project/scale.ts';
import type { Service } from '../../compose-file/service.ts';
import type { ContainerSummary } from '../../docker/api.ts';
import { refuse } from '../failure.ts';
import type { ObservedContainer } from './observed.ts';
import type { PlanNode } from './plan.ts';
import { planStop, resourceOf, sortedKeys, type Draft, type Recreate } from './draft.ts';
import { sharedServices, withSharedContainers } from './references.ts';

/** One service: fewer containers, others instead of those that differ, or more. */
export function reconcileService(draft: Draft, service: Service): void {
  const { options, plan, project, containers, serviceNodes } = draft;
  const expected = scaleOf(service);
  const problem = doubledNameProblem(service, expected);
  if (problem !== undefined) refuse(problem);
  const isNamed = options.services.length === 0 || options.services.includes(service.name);
  const policy = isNamed ? options.recreate : options.recreateDependencies;
  const hash = expectedHash(draft, service);
  const isObsolete = (one: ObservedContainer): boolean =>
    mustRecreate(draft, service, one, { policy, hash });
  const there = [...(containers.get(service.name) ?? [])];
  const obsolete = new Set(there.filter(isObsolete));
  there.sort(
    (a, b) =>
      Number(obsolete.has(a)) - Number(obsolete.has(b)) ||
      a.number - b.number ||
      b.summary.Created - a.summary.Created,
  );
  const after = infrastructure(draft, service);
  let last: PlanNode | undefined;
  for (const [at, one] of there.entries()) {
    if (at >= expected) last = planRemoval(draft, one.summary);
    else if (obsolete.has(one)) last = planReplacement(draft, service, one, after);
    else if (!AS_THEY_ARE.includes(one.summary.State)) {
      const why = { resource: resourceOf(one.summary), cause: 'not running' };
      last = plan.add({ type: 'StartContainer', ...why, container: one.summary }, after);
    }
  }
  const first = Math.max(0, ...there.map(({ number }) => number)) + 1;
  for (let number = first; number < first + expected - there.length; number++) {
    const name = containerName(project.name, service, number, options.separator);
    const why = { resource: `service:${service.name}:${number}`, cause: 'no existing container' };
    last = plan.add({ type: 'CreateContainer', ...why, name, service, number }, after);
  }
  if (last) serviceNodes.set(service.name, last);
}

/** Started later, or left as they ended. */
const AS_THEY_ARE: readonly string[] = ['running', 'created', 'restarting', 'exited'];

/** What its containers carry when they are as the file says. */
function expectedHash({ before }: Draft, service: Service): string {
  const summaries = (name: string): ContainerSummary[] =>
    (before[name] ?? []).map(({ summary }) => summary);
  const resolved = withSharedContainers(service, summaries);
  return serviceHash('problem' in resolved ? service : resolved.service);
}

function mustRecreate(
  draft: Draft,
  service: Service,
  { summary, configHash, imageDigest }: ObservedContainer,
  { policy, hash }: { policy: Recreate; hash: string },
): boolean {
  if (policy !== 'diverged') return policy === 'force';
  if (sharedServices(service).some((name) => draft.recreated.has(name))) return true;
  if (configHash !== hash) return true;
  if (imageDigest !== (draft.options.imageDigests[service.name] ?? '')) return true;
  if (summary.State === 'running' && lacksNetwork(draft, service, summary)) return true;
  return lacksVolume(draft, service, summary);
}

function lacksNetwork({ networks }: Draft, service: Service, summary: ContainerSummary): boolean {
  const joined = Object.values(summary.NetworkSettings?.Networks ?? {});
  return Object.keys(service.networks ?? {}).some((key) => {
    const wanted = networks.get(key);
    return wanted !== undefined && !joined.some(({ NetworkID }) => NetworkID === wanted.id);
  });
}

function lacksVolume({ volumes }: Draft, service: Service, summary: ContainerSummary): boolean {
  return (service.volumes ?? []).some(({ type, source = '' }) => {
    const wanted = type === 'volume' ? volumes.get(source) : undefined;
    return wanted !== undefined && !summary.Mounts.some(({ Name }) => Name === wanted.name);
  });
}

function planRemoval({ plan }: Draft, container: ContainerSummary): PlanNode {
  const why = { resource: resourceOf(container), cause: 'scale down', container };
  const stop = plan.add({ type: 'StopContainer', ...why });
  return plan.add({ type: 'RemoveContainer', ...why }, [stop]);
}

/** Create under another name, stop, remove, rename: the new one is there before the old one goes. */
function planReplacement(
  draft: Draft,
  service: Service,
  { summary, number }: ObservedContainer,
  infra: readonly PlanNode[],
): PlanNode {
  const { plan, project, options, connects, recreated } = draft;
  const resource = `service:${service.name}:${number}`;
  const group = `recreate:${service.name}:${number}`;
  const final = containerName(project.name, service, number, options.separator);
  const dependents = planStopsOfDependents(draft, service);
  const created = plan.add(
    {
      ...{ type: 'CreateContainer', resource, cause: 'config changed (tmpName)', service, number },
      name: `${summary.Id.slice(0, 12)}_${final}`,
      ...(options.inherit && { inherited: summary }),
    },
    [...infra, ...dependents],
    group,
  );
  const wasStopped = draft.stops.has(summary.Id);
  const cause = `replaced by #${created.id}`;
  const stop = planStop(draft, summary, cause, [created], group);
  const before = [stop, ...(wasStopped ? [created] : []), ...(connects.get(summary.Id) ?? [])];
  const remove = { type: 'RemoveContainer', resource, cause, container: summary } as const;
  const removed = plan.add(remove, before, group);
  recreated.add(service.name);
  const rename = { type: 'RenameContainer', resource, cause: 'finalize recreate' } as const;
  return plan.add({ ...rename, name: final, created: created.id }, [removed], group);
}

/** Those that depend on it with `restart: true` are stopped first. */
function planStopsOfDependents(draft: Draft, { name }: Service): PlanNode[] {
  const { project, stops, containers } = draft;
  const nodes: PlanNode[] = [];
  for (const dependent of sortedKeys(project.services)) {
    if (project.services[dependent]?.depends_on?.[name]?.restart !== true) continue;
    for (const { summary } of containers.get(dependent) ?? []) {
      if (stops.has(summary.Id)) continue;
      nodes.push(planStop(draft, summary, `dependency ${name} being recreated`));
    }
  }
  return nodes;
}

/** What a container waits for: its networks and volumes, and the services it depends on. */
function infrastructure(
  { networkNodes, volumeNodes, serviceNodes }: Draft,
  { networks = {}, volumes = [], depends_on: dependsOn = {} }: Service,
): PlanNode[] {
  const sources = volumes.filter(({ type }) => type === 'volume').map(({ source = '' }) => source);
  return [
    ...sortedKeys(networks).map((key) => networkNodes.get(key)),
    ...sources.map((key) => volumeNodes.get(key)),
    ...sortedKeys(dependsOn).map((name) => serviceNodes.get(name)),
  ].filter((node) => node !== undefined);
}
