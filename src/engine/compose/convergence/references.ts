import type { Service } from '../../compose-file/service.ts';
import type { ContainerSummary } from '../../docker/api.ts';
import { byName } from '../containers.ts';

/**
 * `network_mode`, `ipc` and `pid: service:NAME` and `volumes_from: [NAME]`: the daemon knows
 * containers only (docker/compose v5.5 `pkg/compose/convergence.go` resolveServiceReferences).
 */
type ContainersOf = (service: string) => readonly ContainerSummary[];

const FIELDS = [
  ['network_mode', 'network'],
  ['ipc', 'IPC'],
  ['pid', 'PID'],
] as const;

const serviceIn = (mode = ''): string | undefined =>
  mode.startsWith('service:') ? mode.slice('service:'.length) : undefined;

const isContainer = (source: string): boolean => source.startsWith('container:');

export function sharedServices(service: Service): string[] {
  const modes = FIELDS.map(([field]) => serviceIn(service[field]));
  const sources = (service.volumes_from ?? [])
    .filter((source) => !isContainer(source))
    .map((source) => source.split(':')[0]);
  return [...modes, ...sources].filter((name) => name !== undefined);
}

/** The service with containers in place of services, or why there are none. */
export function withSharedContainers(
  service: Service,
  containersOf: ContainersOf,
): { readonly service: Service } | { readonly problem: string } {
  const first = (name: string): string | undefined => [...containersOf(name)].sort(byName)[0]?.Id;
  let resolved = service;
  const sources: string[] = [];
  for (const source of service.volumes_from ?? []) {
    const [name = '', other = ''] = source.split(':');
    const id = isContainer(source) ? other : first(name);
    if (id === undefined) {
      return { problem: `cannot share volume with service ${name}: container missing` };
    }
    sources.push(id);
  }
  if (service.volumes_from) resolved = { ...resolved, volumes_from: sources };
  for (const [field, what] of FIELDS) {
    const name = serviceIn(service[field]);
    if (name === undefined) continue;
    const id = first(name);
    if (id === undefined) {
      const problem = `cannot share ${what} namespace with service ${name}: container missing`;
      return { problem };
    }
    resolved = { ...resolved, [field]: `container:${id}` };
  }
  return { service: resolved };
}
