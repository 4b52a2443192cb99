import { serviceHash } from '../../compose-file/project/hash.ts';
import { imageName, networkLinks } from '../../compose-file/project/names.ts';
import { restartPolicy } from '../../compose-file/project/restart-policy.ts';
import type { Project } from '../../compose-file/project.ts';
import type { HealthCheck, Service } from '../../compose-file/service.ts';
import type { ContainerSummary, CreateBody, HostConfig, ImageInspect } from '../../docker/api.ts';
import type { Healthcheck } from '../../oci/image.ts';
import type { Step } from '../../docker/cli/invocation.ts';
import type { Compose } from '../compose.ts';
import { containersOf, nameOf } from '../containers.ts';
import { refuse } from '../failure.ts';
import { LABEL, type Labels } from '../labels.ts';
import { mountsOf, type Mounts } from './mounts.ts';
import { exposedPorts, networkWish, portBindings } from './networking.ts';
import { resourcesOf } from './resources.ts';

/** What is asked of the daemon for a container (docker/compose v5.5 `pkg/compose/create.go`). */
export interface ContainerWish {
  /** Its references to services resolved. */
  readonly service: Service;
  /** -1 for a one-off container. */
  readonly number: number;
  readonly labels: Labels;
  readonly inherited?: ContainerSummary;
  readonly autoRemove?: boolean;
  readonly attachStdin?: boolean;
  readonly aliased: boolean;
}

export function* containerBody(
  compose: Compose,
  project: Project,
  wish: ContainerWish,
): Step<CreateBody> {
  const { service, number, inherited, aliased } = wish;
  const { separator } = compose;
  const image = imageName(project.name, service, separator);
  const volumes = inherited ? yield* imageVolumes(compose, image) : [];
  const mounts = mountsOf(project, service, inherited, volumes);
  for (const text of mounts.warnings) yield* compose.warn(text);
  const links = yield* linksOf(compose, project, service, number);
  const network = networkWish(project, service, { number, separator, aliased, links });
  const isInteractive = (wish.attachStdin ?? false) && service.stdin_open === true;
  return {
    ...textFields(service),
    ExposedPorts: exposedPorts(service),
    Tty: service.tty ?? false,
    OpenStdin: service.stdin_open ?? false,
    StdinOnce: isInteractive,
    AttachStdin: wish.attachStdin ?? false,
    AttachStdout: true,
    AttachStderr: true,
    Image: image,
    Labels: { ...wish.labels, ...ownLabels(service, number) },
    Env: variablesOf(service),
    HostConfig: {
      ...hostConfig(service, mounts),
      ...(wish.autoRemove && { AutoRemove: true }),
      NetworkMode: network.mode,
      Links: links.length > 0 ? links : null,
    },
    ...(network.config && { NetworkingConfig: network.config }),
  };
}

function ownLabels(service: Service, number: number): Labels {
  const dependencies = Object.entries(service.depends_on ?? {}).map(
    ([name, { condition, restart = false }]) => `${name}:${condition}:${restart}`,
  );
  return {
    [LABEL.configHash]: serviceHash(service),
    ...(number > 0 && { [LABEL.number]: String(number) }),
    [LABEL.dependsOn]: dependencies.join(','),
  };
}

function textFields(service: Service): CreateBody {
  const { healthcheck, stop_grace_period: grace } = service;
  return {
    Hostname: service.hostname ?? '',
    Domainname: service.domainname ?? '',
    User: service.user ?? '',
    WorkingDir: service.working_dir ?? '',
    Cmd: service.command ? [...service.command] : null,
    Entrypoint: service.entrypoint ? [...service.entrypoint] : null,
    ...(service.stop_signal && { StopSignal: service.stop_signal }),
    ...(grace !== undefined && { StopTimeout: Math.floor(grace / 1e9) }),
    ...(healthcheck && { Healthcheck: healthcheckOf(healthcheck) }),
  };
}

/** `NAME=value`; a name alone takes away what the image says. */
export const variablesOf = ({ environment = {} }: Pick<Service, 'environment'>): string[] =>
  Object.entries(environment).map(([name, value]) => (value === null ? name : `${name}=${value}`));

function healthcheckOf(check: HealthCheck): Healthcheck {
  if (check.start_interval !== undefined && check.start_period === undefined) {
    refuse('healthcheck.start_interval requires healthcheck.start_period to be set');
  }
  return {
    Test: check.disable ? ['NONE'] : [...(check.test ?? [])],
    ...(check.interval !== undefined && { Interval: check.interval }),
    ...(check.timeout !== undefined && { Timeout: check.timeout }),
    ...(check.start_period !== undefined && { StartPeriod: check.start_period }),
    ...(check.start_interval !== undefined && { StartInterval: check.start_interval }),
    ...(check.retries !== undefined && { Retries: check.retries }),
  };
}

function hostConfig(service: Service, { binds, mounts }: Mounts): Partial<HostConfig> {
  const policy = restartPolicy(service);
  const tmpfs = (service.tmpfs ?? []).map((text) => {
    const at = text.indexOf(':');
    return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
  });
  const hosts = Object.entries(service.extra_hosts ?? {}).flatMap(([name, addresses]) =>
    addresses.map((address) => `${name}:${address}`),
  );
  return {
    ...resourcesOf(service),
    Binds: binds.length > 0 ? [...binds] : null,
    ...(mounts.length > 0 && { Mounts: mounts }),
    ...(policy && {
      RestartPolicy: { Name: policy.name, MaximumRetryCount: policy.maximumRetryCount },
    }),
    PortBindings: portBindings(service),
    ...(tmpfs.length > 0 && { Tmpfs: Object.fromEntries(tmpfs) as Record<string, string> }),
    ...(hosts.length > 0 && { ExtraHosts: hosts }),
    ...(service.logging && {
      LogConfig: { Type: service.logging.driver ?? '', Config: service.logging.options ?? null },
    }),
    ...securityConfig(service),
    ...namespaceConfig(service),
  };
}

const securityConfig = (service: Service): Partial<HostConfig> => ({
  ...(service.annotations && { Annotations: service.annotations }),
  CapAdd: service.cap_add ?? null,
  CapDrop: service.cap_drop ?? null,
  GroupAdd: service.group_add ?? null,
  ...(service.init !== undefined && { Init: service.init }),
  ReadonlyRootfs: service.read_only ?? false,
  SecurityOpt: service.security_opt ?? null,
  Privileged: service.privileged ?? false,
  ...(service.sysctls && { Sysctls: service.sysctls }),
  ...(service.storage_opt && { StorageOpt: service.storage_opt }),
  ...(service.runtime && { Runtime: service.runtime }),
  ...(service.shm_size !== undefined && { ShmSize: service.shm_size }),
  ...(service.oom_score_adj !== undefined && { OomScoreAdj: service.oom_score_adj }),
});

const namespaceConfig = (service: Service): Partial<HostConfig> => ({
  IpcMode: service.ipc ?? '',
  PidMode: service.pid ?? '',
  UTSMode: service.uts ?? '',
  UsernsMode: service.userns_mode ?? '',
  CgroupnsMode: service.cgroup ?? '',
  VolumeDriver: service.volume_driver ?? '',
  VolumesFrom: service.volumes_from ?? null,
  Dns: service.dns ?? null,
  DnsSearch: service.dns_search ?? null,
  DnsOptions: service.dns_opt ?? null,
});

function* imageVolumes(compose: Compose, image: string): Step<string[]> {
  const seen = yield* compose.call.get<ImageInspect>(`/images/${image}/json`);
  return seen.status === 200 ? Object.keys(seen.body.Config?.Volumes ?? {}) : [];
}

function* linksOf(
  compose: Compose,
  { name }: Project,
  service: Service,
  number: number,
): Step<string[]> {
  const names = new Map<string, string[]>();
  for (const link of service.links ?? []) {
    const [other = ''] = link.split(':');
    const found = yield* containersOf(compose, name, { services: [other] });
    names.set(other, found.map(nameOf));
  }
  return networkLinks(name, service, number, (other) => names.get(other) ?? []);
}
