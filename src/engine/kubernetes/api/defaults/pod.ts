import type { Container, ContainerPort, Resources } from '../container.ts';
import { isPodLevelResource, requestsOfContainers } from '../pod-resources.ts';
import type { Pod, PodSpec } from '../pod.ts';
import { fillMissing, mapKept, once, withFields } from './filling.ts';
import { podSpecDefaults } from './pod-spec.ts';

/** What a Pod gets and a template does not (`SetDefaults_Pod`, pkg/apis/core/v1/defaults.go, v1.36). */
export function podDefaults(pod: Pod): Pod {
  const spec = ownSpecDefaults(podSpecDefaults(pod.spec ?? { containers: [] }));
  const given = pod.status ?? PENDING;
  const status = given.phase ? given : { ...given, phase: 'Pending' as const };
  return spec === pod.spec && status === pod.status ? pod : { ...pod, spec, status };
}

const PENDING: Pod['status'] = { phase: 'Pending' };

/** Pods of one template get the one spec that was filled in first. */
const ownSpecDefaults = once((spec: PodSpec): PodSpec => {
  const requested = withFields(spec, {
    containers: mapKept(spec.containers, withRequests),
    initContainers: spec.initContainers && mapKept(spec.initContainers, withRequests),
  });
  const linked = fillMissing(requested, { enableServiceLinks: true });
  const levelled = withFields(linked, { resources: podLevelDefaults(linked) });
  return levelled.hostNetwork ? withHostPorts(levelled) : levelled;
});

/** Whoever is limited and asks for nothing asks for the limit. */
const withRequests = once((container: Container): Container => {
  const { limits, requests = {} } = container.resources ?? {};
  if (!limits) return container;
  const missing = Object.entries(limits).filter(([name]) => requests[name] === undefined);
  if (missing.length === 0) return container;
  const all = { ...requests, ...Object.fromEntries(missing) };
  return { ...container, resources: { ...container.resources, requests: all } };
});

/**
 * A Pod with limits of its own asks for what its containers ask for, and where they do not, for
 * the limit (`defaultPodRequests`).
 */
function podLevelDefaults(spec: PodSpec): Resources | undefined {
  const { resources } = spec;
  const { limits = {}, requests = {} } = resources ?? {};
  if (Object.keys(limits).length === 0) return resources;
  const all: Record<string, string | number> = { ...requests };
  const add = (amounts: Readonly<Record<string, string | number>>, overcommitted: boolean) => {
    for (const [name, amount] of Object.entries(amounts)) {
      const fits = isPodLevelResource(name) && !(overcommitted && name.startsWith('hugepages-'));
      if (fits && all[name] === undefined) all[name] = amount;
    }
  };
  add(requestsOfContainers(spec), true);
  add(limits, false);
  const added = Object.keys(all).length > Object.keys(requests).length;
  return added ? { ...resources, requests: all } : resources;
}

/** On the host's network every port is a port of the host. */
function withHostPorts(spec: PodSpec): PodSpec {
  const open = (port: ContainerPort): ContainerPort =>
    port.hostPort ? port : { ...port, hostPort: port.containerPort };
  const opened = (container: Container): Container =>
    withFields(container, { ports: container.ports && mapKept(container.ports, open) });
  return withFields(spec, {
    containers: mapKept(spec.containers, opened),
    initContainers: spec.initContainers && mapKept(spec.initContainers, opened),
  });
}
