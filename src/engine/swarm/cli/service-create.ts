import { surroundings } from '../../docker/cli/commands/container-run.ts';
import { query, type Invocation, type Step } from '../../docker/cli/invocation.ts';
import { keyValueFiles, pairs, withEnvironment } from '../../docker/cli/options/key-values.ts';
import type { Flags } from '../../docker/cli/pflag.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import type { ContainerSpec, ServiceMode, ServiceSpec } from '../api.ts';
import { problemOf, say } from './lines.ts';
import {
  capabilities,
  healthcheck,
  hostLines,
  mounts,
  nanoseconds,
  ports,
  preferences,
  resources,
  restartPolicy,
  swap,
  ulimits,
  updateConfig,
} from './service-flags.ts';
import { pinImage } from './service-image.ts';
import { waitOnService } from './service-progress.ts';
import { configReferences, networkAttachments, secretReferences } from './service-references.ts';
import { shellWords } from './shell-words.ts';

/** `docker service create` (docker/cli v29.7 `cli/command/service/create.go`, `opts.go`). */
export function* createService(call: Invocation): Step<number> {
  const spec = yield* specOf(call);
  if (isRefused(spec)) return yield* call.fail(spec.refused);
  const asks = !call.flags.has('no-resolve-image');
  const { spec: pinned, warning: note } = yield* pinImage(call, spec, asks);
  const answer = yield* call.post<{ ID: string; Warnings?: string[] }>(
    '/services/create',
    query({}),
    pinned,
  );
  const problem = problemOf(answer);
  if (problem !== undefined) return yield* call.fail(problem);
  const warnings = [...(note === '' ? [] : [note]), ...(answer.body.Warnings ?? [])];
  for (const warning of warnings) yield* call.err(`${warning}\n`);
  const { ID } = answer.body;
  yield* say(call, ID);
  if (call.flags.has('detach')) return 0;
  const failure = yield* waitOnService(call, ID);
  return failure === undefined ? 0 : yield* call.fail(failure);
}

function* specOf(call: Invocation): Step<ServiceSpec | Refused> {
  const { flags } = call;
  const Env = yield* environment(call);
  if (isRefused(Env)) return Env;
  const Healthcheck = healthcheck(flags);
  if (isRefused(Healthcheck)) return Healthcheck;
  const Mode = modeOf(flags);
  if (isRefused(Mode)) return Mode;
  const UpdateConfig = updateConfig(flags, 'update');
  const RollbackConfig = updateConfig(flags, 'rollback');
  if ((Mode.ReplicatedJob ?? Mode.GlobalJob) && (UpdateConfig ?? RollbackConfig)) {
    return refuse('update and rollback configuration is not supported for jobs');
  }
  const Networks = yield* networkAttachments(call, 'network');
  if (isRefused(Networks)) return Networks;
  const Resources = resources(flags, undefined);
  if (isRefused(Resources)) return Resources;
  const Secrets = yield* secretReferences(call, 'secret');
  if (isRefused(Secrets)) return Secrets;
  const Configs = yield* configReferences(call, 'config');
  if (isRefused(Configs)) return Configs;
  const RestartPolicy = restartPolicy(flags);
  const log = flags.text('log-driver');
  return {
    Name: flags.text('name'),
    Labels: pairs(flags.all('label')),
    TaskTemplate: {
      ContainerSpec: {
        ...containerOf(call, Env),
        ...(Healthcheck && { Healthcheck }),
        ...(Secrets.length > 0 && { Secrets }),
        ...(Configs.length > 0 && { Configs }),
      },
      Resources: { ...Resources, ...swap(flags) },
      ...(RestartPolicy && { RestartPolicy }),
      Placement: placementOf(flags),
      ...(Networks.length > 0 && { Networks }),
      ...(log !== '' && { LogDriver: { Name: log, Options: pairs(flags.all('log-opt')) } }),
      ForceUpdate: 0,
    },
    Mode,
    ...(UpdateConfig && { UpdateConfig }),
    ...(RollbackConfig && { RollbackConfig }),
    EndpointSpec: endpointOf(flags),
  };
}

/** What files and flags say, and of names alone what the client's own environment has. */
function* environment(call: Invocation): Step<string[] | Refused> {
  const { flags, line } = call;
  const names = flags.all('env-file');
  const { files } = yield* surroundings(call, names);
  const read = keyValueFiles(names, files, line.env);
  if (isRefused(read)) return read;
  const byName = new Map<string, string>();
  for (const entry of [...read, ...withEnvironment(flags.all('env'), line.env)]) {
    const name = entry.split('=')[0] ?? '';
    if (byName.get(name) === entry) continue;
    byName.delete(name);
    byName.set(name, entry);
  }
  return [...byName.values()];
}

const REPLICAS = 'replicas can only be used with replicated or replicated-job mode';
const PER_NODE = 'replicas-max-per-node can only be used with replicated or replicated-job mode';
const CONCURRENT = 'max-concurrent can only be used with replicated-job mode';

function modeOf(flags: Flags): ServiceMode | Refused {
  const mode = flags.text('mode', 'replicated');
  const count = (name: string): number | undefined =>
    flags.changed(name) ? Number(flags.text(name)) : undefined;
  const replicas = count('replicas');
  const concurrent = count('max-concurrent') ?? replicas;
  const hasPerNode = Number(flags.text('replicas-max-per-node', '0')) > 0;
  switch (mode) {
    case 'global':
    case 'global-job':
      if (replicas !== undefined && mode === 'global') return refuse(REPLICAS);
      if (hasPerNode) return refuse(PER_NODE);
      if (flags.changed('max-concurrent')) return refuse(CONCURRENT);
      if (replicas !== undefined) return refuse(REPLICAS);
      return mode === 'global' ? { Global: {} } : { GlobalJob: {} };
    case 'replicated':
      if (flags.changed('max-concurrent')) return refuse(CONCURRENT);
      return { Replicated: { ...(replicas !== undefined && { Replicas: replicas }) } };
    case 'replicated-job':
      return {
        ReplicatedJob: {
          ...(concurrent !== undefined && { MaxConcurrent: concurrent }),
          ...(replicas !== undefined && { TotalCompletions: replicas }),
        },
      };
    default:
      return refuse(`unknown mode: ${mode}, only replicated and global supported`);
  }
}

const TEXTS = {
  hostname: 'Hostname',
  workdir: 'Dir',
  user: 'User',
  'stop-signal': 'StopSignal',
  isolation: 'Isolation',
} as const;

function containerOf({ flags, args, line }: Invocation, Env: string[]): ContainerSpec {
  const [Image = '', ...Args] = args;
  const Labels = pairs(flags.all('container-label'));
  const texts = Object.entries(TEXTS).filter(([flag]) => flags.text(flag) !== '');
  const Mounts = mounts(flags, 'mount', line.cwd);
  const Sysctls = pairs(flags.all('sysctl'));
  const CapabilityAdd = capabilities(flags.all('cap-add'));
  const CapabilityDrop = capabilities(flags.all('cap-drop')).filter(
    (name) => !CapabilityAdd.includes(name),
  );
  return {
    Image,
    ...(Object.keys(Labels).length > 0 && { Labels }),
    ...(flags.changed('entrypoint') && { Command: shellWords(flags.text('entrypoint')) }),
    ...(Args.length > 0 && { Args }),
    ...(Env.length > 0 && { Env }),
    ...Object.fromEntries(texts.map(([flag, field]) => [field, flags.text(flag)])),
    ...(flags.changed('group') && { Groups: flags.all('group') }),
    Init: flags.has('init'),
    ...(flags.has('tty') && { TTY: true }),
    ...(flags.has('read-only') && { ReadOnly: true }),
    ...(Mounts.length > 0 && { Mounts }),
    ...(flags.changed('stop-grace-period') && {
      StopGracePeriod: nanoseconds(flags, 'stop-grace-period'),
    }),
    ...(flags.changed('host') && { Hosts: hostLines(flags, 'host') }),
    DNSConfig: {
      ...(flags.changed('dns') && { Nameservers: flags.all('dns') }),
      ...(flags.changed('dns-search') && { Search: flags.all('dns-search') }),
      ...(flags.changed('dns-option') && { Options: flags.all('dns-option') }),
    },
    ...(Object.keys(Sysctls).length > 0 && { Sysctls }),
    ...(CapabilityAdd.length > 0 && { CapabilityAdd }),
    ...(CapabilityDrop.length > 0 && { CapabilityDrop }),
    ...(flags.changed('ulimit') && { Ulimits: ulimits(flags.all('ulimit')) }),
    ...(Number(flags.text('oom-score-adj', '0')) !== 0 && {
      OomScoreAdj: Number(flags.text('oom-score-adj')),
    }),
  };
}

function placementOf(flags: Flags): NonNullable<ServiceSpec['TaskTemplate']['Placement']> {
  const max = Number(flags.text('replicas-max-per-node', '0'));
  return {
    ...(flags.changed('constraint') && { Constraints: flags.all('constraint') }),
    ...(flags.changed('placement-pref') && {
      Preferences: preferences(flags, 'placement-pref'),
    }),
    ...(max > 0 && { MaxReplicas: max }),
  };
}

function endpointOf(flags: Flags): NonNullable<ServiceSpec['EndpointSpec']> {
  const Ports = ports(flags, 'publish');
  const Mode = flags.text('endpoint-mode', 'vip').toLowerCase() as 'vip' | 'dnsrr';
  return { Mode, ...(Ports.length > 0 && { Ports }) };
}
