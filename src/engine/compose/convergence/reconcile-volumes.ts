import { volumeHash } from '../../compose-file/project/hash.ts';
import type { Volume } from '../../compose-file/project.ts';
import type { PlanNode } from './plan.ts';
import { planStop, resourceOf, sortedKeys, type Draft } from './draft.ts';

/** Keys of volumes whose settings are no longer those of the file. */
export function divergedVolumes({
  project,
  volumes,
}: Pick<Draft, 'project' | 'volumes'>): string[] {
  return sortedKeys(project.volumes).filter((key) => {
    const volume = project.volumes[key]!;
    const there = volumes.get(key);
    if (volume.external === true || !there || there.configHash === '') return false;
    return there.configHash !== volumeHash(volume) && there.name === (volume.name ?? key);
  });
}

export function planVolumes(draft: Draft): void {
  const { project, volumes, options } = draft;
  for (const key of sortedKeys(project.volumes)) {
    const volume = project.volumes[key]!;
    if (volume.external === true) continue;
    const { name = key } = volume;
    const there = volumes.get(key);
    if (!there) planVolume(draft, key, volume, 'not found');
    else if (there.configHash === '' || there.configHash === volumeHash(volume)) continue;
    else if (there.name !== name) {
      // The old one and its data stay; containers go over to the new one.
      planVolume(draft, key, volume, 'renamed');
      volumes.set(key, { ...there, name });
    }
  }
  const renewed = divergedVolumes(draft).filter((key) => options.renewVolumes.includes(key));
  if (renewed.length > 0) planNewVolumes(draft, renewed);
}

function planVolume(
  { plan, volumeNodes }: Draft,
  key: string,
  volume: Volume,
  cause: string,
  dependsOn: readonly PlanNode[] = [],
): void {
  const { name = key } = volume;
  const create = {
    type: 'CreateVolume',
    resource: `volume:${key}`,
    cause,
    name,
    key,
    volume,
  } as const;
  volumeNodes.set(key, plan.add(create, dependsOn));
}

/** Containers go first: a volume that one of them has cannot be removed. */
function planNewVolumes(draft: Draft, keys: readonly string[]): void {
  const { project, plan, volumes, containers, recreated } = draft;
  const services = usersOf(draft, keys);
  const cause = 'mounted volume config changed';
  const removed = services
    .flatMap((name) => containers.get(name) ?? [])
    .map(({ summary: container }) => {
      const stop = planStop(draft, container, cause);
      const remove = { type: 'RemoveContainer', resource: resourceOf(container), cause } as const;
      return plan.add({ ...remove, container }, [stop]);
    });
  for (const key of keys) {
    const { name } = volumes.get(key)!;
    const why = { resource: `volume:${key}`, cause: 'config hash diverged' };
    const gone = plan.add({ type: 'RemoveVolume', ...why, name }, removed);
    planVolume(draft, key, project.volumes[key]!, 'recreate after config change', [gone]);
  }
  for (const name of services) {
    recreated.add(name);
    containers.set(name, []);
  }
}

/** Services that mount one of the volumes, themselves or by `volumes_from`. */
function usersOf({ project }: Draft, keys: readonly string[]): string[] {
  const users = new Set<string>();
  for (let grown = true; grown;) {
    grown = false;
    for (const [name, { volumes = [], volumes_from: from = [] }] of Object.entries(
      project.services,
    )) {
      const mounts = volumes.some(({ source = '' }) => keys.includes(source));
      const inherits = from.some((one) => users.has(one.split(':')[0] ?? ''));
      if (users.has(name) || (!mounts && !inherits)) continue;
      users.add(name);
      grown = true;
    }
  }
  return [...users].sort();
}
