import type { Project } from '../../compose-file/project.ts';
import type { Service } from '../../compose-file/service.ts';
import { isUserDefined } from '../../docker/networks/row.ts';
import { goQuote } from '../../go/quote.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import type {
  ConfigReference,
  ContainerSpec,
  NetworkAttachmentConfig,
  SecretReference,
  ServiceMount,
  ServiceSpec,
} from '../api.ts';
import { mountOf } from './mounts.ts';
import { IMAGE_LABEL, scoped, sorted, stackLabels } from './namespace.ts';
import {
  capabilitiesOf,
  endpointOf,
  healthcheckOf,
  modeOf,
  resourcesOf,
  restartPolicyOf,
  ulimitsOf,
  updateConfigOf,
} from './service-parts.ts';

/** What a service has of the swarm's secrets and configs. */
export interface ServiceFiles {
  readonly secrets: readonly SecretReference[];
  readonly configs: readonly ConfigReference[];
}

/** A stack's service as the swarm wants it (docker/cli v29.7 `cli/compose/convert/service.go`). */
export function serviceSpecOf(
  stack: string,
  service: Service,
  project: Project,
  files: ServiceFiles,
): ServiceSpec | Refused {
  const { deploy = {}, image = '' } = service;
  const Mode = modeOf(deploy);
  const mounts = mountsOf(stack, service, project);
  const restart = restartPolicyOf(service);
  const check = healthcheckOf(service.healthcheck);
  const networks = attachmentsOf(stack, service, project);
  if (isRefused(Mode)) return Mode;
  if (isRefused(mounts)) return mounts;
  if (isRefused(restart)) return restart;
  if (isRefused(check)) return check;
  if (isRefused(networks)) return networks;
  const { constraints, preferences = [], max_replicas_per_node: most } = deploy.placement ?? {};
  const update = updateConfigOf(deploy.update_config);
  const rollback = updateConfigOf(deploy.rollback_config);
  const { logging } = service;
  return {
    Name: scoped(stack, service.name),
    Labels: sorted({ ...stackLabels(stack, deploy.labels), [IMAGE_LABEL]: image }),
    TaskTemplate: {
      ContainerSpec: {
        ...containerOf(stack, service, files),
        ...(mounts.length > 0 && { Mounts: mounts }),
        ...(check && { Healthcheck: check }),
      },
      Resources: resourcesOf(deploy.resources),
      ...(restart && { RestartPolicy: restart }),
      Placement: {
        ...(constraints && { Constraints: constraints }),
        ...(preferences.length > 0 && {
          Preferences: preferences.map(({ spread = '' }) => ({
            Spread: { SpreadDescriptor: spread },
          })),
        }),
        ...(most && { MaxReplicas: most }),
      },
      Networks: networks,
      ...(logging && {
        LogDriver: {
          ...(logging.driver !== undefined && { Name: logging.driver }),
          ...(logging.options && { Options: logging.options }),
        },
      }),
      ForceUpdate: 0,
    },
    Mode,
    ...(update && { UpdateConfig: update }),
    ...(rollback && { RollbackConfig: rollback }),
    EndpointSpec: endpointOf(deploy.endpoint_mode, service.ports),
  };
}

function containerOf(
  stack: string,
  service: Service,
  { secrets, configs }: ServiceFiles,
): ContainerSpec {
  const { entrypoint, command, environment = {}, stop_grace_period: grace } = service;
  const env = Object.entries(environment)
    .map(([name, value]) => (value === null ? name : `${name}=${value}`))
    .sort();
  const hosts = Object.entries(service.extra_hosts ?? {}).flatMap(([host, addresses]) =>
    addresses.map((address) => `${address} ${host}`),
  );
  const { dns = [], dns_search: search = [] } = service;
  const limits = ulimitsOf(service);
  return {
    Image: service.image ?? '',
    Labels: stackLabels(stack, service.labels),
    ...(entrypoint && { Command: entrypoint }),
    ...(command && { Args: command }),
    ...(service.hostname !== undefined && { Hostname: service.hostname }),
    ...(env.length > 0 && { Env: env }),
    ...(service.working_dir !== undefined && { Dir: service.working_dir }),
    ...(service.user !== undefined && { User: service.user }),
    ...(service.init !== undefined && { Init: service.init }),
    ...(service.stop_signal !== undefined && { StopSignal: service.stop_signal }),
    ...(service.tty && { TTY: true }),
    ...(service.stdin_open && { OpenStdin: true }),
    ...(service.read_only && { ReadOnly: true }),
    ...(grace !== undefined && { StopGracePeriod: grace }),
    ...(hosts.length > 0 && { Hosts: hosts }),
    ...((dns.length > 0 || search.length > 0) && {
      DNSConfig: {
        ...(dns.length > 0 && { Nameservers: dns }),
        ...(search.length > 0 && { Search: search }),
      },
    }),
    ...(secrets.length > 0 && { Secrets: secrets }),
    ...(configs.length > 0 && { Configs: configs }),
    ...(service.isolation !== undefined && { Isolation: service.isolation }),
    ...(service.sysctls && { Sysctls: service.sysctls }),
    ...capabilitiesOf(service),
    ...(limits.length > 0 && { Ulimits: limits }),
  };
}

function mountsOf(
  stack: string,
  { volumes = [] }: Service,
  project: Project,
): ServiceMount[] | Refused {
  const mounts: ServiceMount[] = [];
  for (const volume of volumes) {
    const mount = mountOf(stack, volume, project.volumes);
    if (isRefused(mount)) return mount;
    mounts.push(mount);
  }
  return mounts;
}

/** On each network it is known by its name in the file, too. */
function attachmentsOf(
  stack: string,
  { name, networks = {} }: Service,
  project: Project,
): NetworkAttachmentConfig[] | Refused {
  const all = Object.keys(networks).length === 0 ? { default: null } : networks;
  const attachments: NetworkAttachmentConfig[] = [];
  for (const [key, own] of Object.entries(all)) {
    const network = project.networks[key];
    if (!network && key !== 'default') return refuse(`undefined network ${goQuote(key)}`);
    const Target = network?.name ?? scoped(stack, key);
    const aliases = own?.aliases ?? [];
    const Aliases = isUserDefined(Target) ? [...aliases, name] : aliases;
    attachments.push({
      Target,
      ...(Aliases.length > 0 && { Aliases }),
      ...(own?.driver_opts && { DriverOpts: own.driver_opts }),
    });
  }
  return attachments.sort((a, b) => (a.Target < b.Target ? -1 : 1));
}
