import type { Network, Project, Volume } from '../compose-file/project.ts';
import type { Dependency, DependencyCondition, Service } from '../compose-file/service.ts';
import type { ContainerSummary, NetworkSummary, VolumeList } from '../docker/api.ts';
import type { Step } from '../docker/cli/invocation.ts';
import type { Compose } from './compose.ts';
import { isOneOff, nameOf } from './containers.ts';
import { LABEL, labelFilter, ofProject } from './labels.ts';

/**
 * A project without its file, as far as labels tell: what `-p NAME` alone works with
 * (docker/compose v5.5 `pkg/compose/compose.go` projectFromName, `down.go` getProjectWithResources).
 */
export function projectOfContainers(
  name: string,
  containers: readonly ContainerSummary[],
): Project {
  const services: Record<string, Service> = {};
  for (const one of containers.filter((each) => !isOneOff(each))) {
    const own = one.Labels[LABEL.service] ?? nameOf(one);
    const scale = (services[own]?.scale ?? 0) + 1;
    const dependsOn = dependenciesOf(one.Labels[LABEL.dependsOn] ?? '');
    services[own] = {
      ...{ name: own, image: one.Image, labels: one.Labels, scale },
      ...(dependsOn && { depends_on: dependsOn }),
    };
  }
  const empty = { disabledServices: {}, networks: {}, volumes: {}, secrets: {}, configs: {} };
  return {
    ...{ name, services, ...empty, models: {}, profiles: [], environment: {} },
    ...{ workingDir: '', composeFiles: [] },
  };
}

/** `db:service_healthy:false,cache:service_started:true`. */
function dependenciesOf(text: string): Record<string, Dependency> | undefined {
  if (text === '') return undefined;
  return Object.fromEntries(
    text.split(',').map((one) => {
      const [name = '', condition = 'service_started', restart = 'true'] = one.split(':');
      const dependency: Dependency = {
        condition: condition as DependencyCondition,
        restart: restart === 'true',
        required: false,
      };
      return [name, dependency];
    }),
  );
}

export function* projectWithResources(
  compose: Compose,
  name: string,
  containers: readonly ContainerSummary[],
): Step<Project> {
  const filter = labelFilter(ofProject(name));
  const networks: Record<string, Network> = {};
  for (const { Name, Labels } of yield* compose.get<NetworkSummary[]>('/networks', filter)) {
    networks[Labels?.[LABEL.network] ?? Name] = { name: Name };
  }
  const volumes: Record<string, Volume> = {};
  const { Volumes } = yield* compose.get<VolumeList>('/volumes', filter);
  for (const { Name, Labels } of Volumes ?? []) {
    volumes[Labels?.[LABEL.volume] ?? Name] = { name: Name };
  }
  return { ...projectOfContainers(name, containers), networks, volumes };
}
