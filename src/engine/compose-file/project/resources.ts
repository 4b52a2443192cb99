import type { Project } from '../project.ts';

/** Leaves out networks, volumes and so on that no service uses (`WithoutUnnecessaryResources`). */
export function withoutUnusedResources(project: Project): Project {
  const used = usedResources(project);
  const only = <T>(resources: Readonly<Record<string, T>>, names: ReadonlySet<string>) =>
    Object.fromEntries(Object.entries(resources).filter(([name]) => names.has(name)));
  return {
    ...project,
    networks: only(project.networks, used.networks),
    volumes: only(project.volumes, used.volumes),
    secrets: only(project.secrets, used.secrets),
    configs: only(project.configs, used.configs),
    models: only(project.models, used.models),
  };
}

function usedResources({ services }: Project) {
  const used = {
    networks: new Set<string>(),
    volumes: new Set<string>(),
    secrets: new Set<string>(),
    configs: new Set<string>(),
    models: new Set<string>(),
  };
  const addAll = (into: Set<string>, names: readonly (string | undefined)[]): void => {
    for (const name of names) if (name !== undefined) into.add(name);
  };
  for (const service of Object.values(services)) {
    const volumes = (service.volumes ?? []).filter(({ type }) => type === 'volume');
    addAll(used.networks, Object.keys(service.networks ?? {}));
    addAll(used.models, Object.keys(service.models ?? {}));
    addAll(
      used.volumes,
      volumes.map(({ source }) => source),
    );
    const secrets = [...(service.secrets ?? []), ...(service.build?.secrets ?? [])];
    addAll(
      used.secrets,
      secrets.map(({ source }) => source),
    );
    addAll(
      used.configs,
      (service.configs ?? []).map(({ source }) => source),
    );
  }
  return used;
}
