import type { Project } from '../project.ts';
import type { Service } from '../service.ts';

/** What things of a project are called at the daemon (docker/compose v5.5 `pkg/compose/*.go`). */

/** `-`, or `_` in compatibility mode. */
export type Separator = '-' | '_';

type Named = Pick<Service, 'name' | 'container_name'>;

/** `PROJECT-SERVICE-NUMBER`, counted from 1, or the name the service gives itself. */
export const containerName = (
  project: string,
  { name, container_name: own }: Named,
  number: number,
  separator: Separator = '-',
): string => own || [project, name, number].join(separator);

/** A container of `docker compose run`. */
export const oneOffName = (
  project: string,
  service: string,
  id: string,
  separator: Separator = '-',
): string => [project, service, 'run', id].join(separator);

/** The image a service runs; that of a build without a name is `PROJECT-SERVICE`. */
export const imageName = (
  project: string,
  { name, image }: Pick<Service, 'name' | 'image'>,
  separator: Separator = '-',
): string => image || `${project}${separator}${name}`;

/**
 * The names under which a linked service's containers are reached, `CONTAINER:ALIAS`.
 * @param containersOf names of a service's containers
 * @param number the place of the container that gets the links
 */
export function networkLinks(
  project: string,
  { links = [], external_links: external = [] }: Pick<Service, 'links' | 'external_links'>,
  number: number,
  containersOf: (service: string) => readonly string[],
): string[] {
  const own = links.flatMap((link) => {
    const [service = '', alias = service] = link.split(':');
    const names = [alias, `${service}-${number}`, `${project}-${service}-${number}`];
    return containersOf(service).flatMap((container) =>
      names.map((name) => `${container}:${name}`),
    );
  });
  const outside = external.map((link) => (link.includes(':') ? link : `${link}:${link}`));
  return [...own, ...outside];
}

/** Keys of a service's networks, the highest priority first, then by name. */
export function networksByPriority({ networks = {} }: Pick<Service, 'networks'>): string[] {
  const priority = (key: string): number => networks[key]?.priority ?? 0;
  return Object.keys(networks).sort(
    (a, b) => priority(b) - priority(a) || (a < b ? -1 : a > b ? 1 : 0),
  );
}

export interface NetworkSettings {
  readonly mode: string;
  /** Keys of the project's networks the container joins, the first one's name being its mode. */
  readonly joined?: readonly string[];
}

/** What a container's network mode is, and which networks it joins. */
export function networkSettings(
  { networks }: Pick<Project, 'networks'>,
  service: Pick<Service, 'networks' | 'network_mode'>,
): NetworkSettings {
  if (service.network_mode) return { mode: service.network_mode };
  if (Object.keys(networks).length === 0) return { mode: 'none' };
  const keys = networksByPriority(service);
  const joined = keys.length > 0 ? keys : ['default'];
  return { mode: networks[joined[0] ?? '']?.name ?? '', joined };
}
