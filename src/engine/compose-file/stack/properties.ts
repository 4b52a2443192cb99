import { isMapping, type Mapping } from '../tree/tree.ts';

/** Attributes that `docker stack` passes over or refuses (docker/cli v29 `cli/compose/types`). */
const UNSUPPORTED = [
  'build',
  'cgroupns_mode',
  'cgroup_parent',
  'devices',
  'domainname',
  'external_links',
  'ipc',
  'links',
  'mac_address',
  'network_mode',
  'pid',
  'privileged',
  'restart',
  'security_opt',
  'shm_size',
  'userns_mode',
];

type Reasons = Readonly<Record<string, string>>;

const DEPRECATED: Reasons = {
  container_name: 'Setting the container name is not supported.',
  expose:
    "Exposing ports is unnecessary - services on the same network can access each other's " +
    'containers on any port.',
};

const BY_DEPLOY = 'Set resource limits using deploy.resources';

const FORBIDDEN: Reasons = {
  extends: 'Support for `extends` is not implemented yet.',
  volume_driver:
    'Instead of setting the volume driver on the service, define a volume using the top-level ' +
    '`volumes` option and specify the driver there.',
  volumes_from:
    'To share a volume between services, define it using the top-level `volumes` option and ' +
    'reference it from each service that shares it using the service-level `volumes` option.',
  cpu_quota: BY_DEPLOY,
  cpu_shares: BY_DEPLOY,
  cpuset: BY_DEPLOY,
  mem_limit: BY_DEPLOY,
  memswap_limit: BY_DEPLOY,
};

function usedBy(documents: readonly Mapping[], names: readonly string[]): string[] {
  const services = documents.flatMap(({ services }) =>
    isMapping(services) ? Object.values(services) : [],
  );
  const isUsed = (name: string): boolean =>
    services.some((service) => isMapping(service) && name in service);
  return names.filter(isUsed).sort();
}

const explained = (names: readonly string[], reasons: Reasons): string =>
  names.map((name) => `${name}: ${reasons[name] ?? ''}`).join('\n\n');

/**
 * Whether a file holds what stops it; undefined when it does not.
 *
 * @param isDeployed `stack deploy` tells which they are, and why
 */
export function forbiddenProblem(document: Mapping, isDeployed: boolean): string | undefined {
  const used = usedBy([document], Object.keys(FORBIDDEN));
  if (used.length === 0) return undefined;
  if (!isDeployed) return 'Configuration contains forbidden properties';
  return `compose file contains unsupported options:\n\n${explained(used, FORBIDDEN)}\n`;
}

/** What `stack deploy` writes to stderr of options it does not act on, each with its blank line. */
export function ignoredNotices(documents: readonly Mapping[]): string[] {
  const unsupported = usedBy(documents, UNSUPPORTED);
  const deprecated = usedBy(documents, Object.keys(DEPRECATED));
  return [
    ...(unsupported.length > 0
      ? [`Ignoring unsupported options: ${unsupported.join(', ')}\n\n`]
      : []),
    ...(deprecated.length > 0
      ? [`Ignoring deprecated options:\n\n${explained(deprecated, DEPRECATED)}\n\n`]
      : []),
  ];
}
