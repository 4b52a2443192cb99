import { ramInBytes } from '../../docker/units.ts';
import { parseServicePort } from '../../docker/cli/options/swarm.ts';
import { parseUlimit } from '../../docker/cli/options/lists.ts';
import { parseMount } from '../../docker/cli/options/mount.ts';
import { parseCpus } from '../../docker/cli/options/values.ts';
import type { Flags } from '../../docker/cli/pflag.ts';
import { parseDuration } from '../../go/duration.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import type {
  HealthConfig,
  PortConfig,
  ResourceRequirements,
  Resources,
  RestartPolicy,
  ServiceMount,
  TaskSpec,
  Ulimit,
  UpdateConfig,
} from '../api.ts';
import { editGenericResources } from './generic-resources.ts';
import { DEFAULT_MONITOR_NS, DEFAULT_RESTART_DELAY_NS } from '../control-api/service-defaults.ts';

/**
 * Flags that `docker service create` and `update` share (docker/cli v29.7
 * `cli/command/service/opts.go`, `update.go`). They were checked when they were read.
 */
const known = <T>(value: T | Refused): T => {
  if (isRefused(value)) throw new Error(value.refused);
  return value;
};

export const nanoseconds = (flags: Flags, name: string): number =>
  known(parseDuration(flags.text(name, '0')));

const anyOf = (flags: Flags, names: readonly string[]): boolean =>
  names.some((name) => flags.changed(name));

/** What flags make of the resources. */
export function resources(
  flags: Flags,
  before: TaskSpec['Resources'],
): ResourceRequirements | Refused {
  const part = (prefix: 'limit' | 'reserve', old: Resources = {}): Resources => ({
    ...old,
    ...(flags.changed(`${prefix}-cpu`) && {
      NanoCPUs: known(parseCpus(flags.text(`${prefix}-cpu`))),
    }),
    ...(flags.changed(`${prefix}-memory`) && {
      MemoryBytes: known(ramInBytes(flags.text(`${prefix}-memory`))),
    }),
    ...(prefix === 'limit' &&
      flags.changed('limit-pids') && { Pids: Number(flags.text('limit-pids')) }),
  });
  const { GenericResources: old = [], ...reserved } = part('reserve', before?.Reservations);
  const added = [...flags.all('generic-resource'), ...flags.all('generic-resource-add')];
  const generic = editGenericResources(old, added, flags.all('generic-resource-rm'));
  if (isRefused(generic)) return generic;
  return {
    ...before,
    Limits: part('limit', before?.Limits),
    Reservations: { ...reserved, ...(generic.length > 0 && { GenericResources: generic }) },
  };
}

/** Swap and how readily it is used; they are told when a service is created, and never changed. */
export const swap = (flags: Flags): ResourceRequirements => ({
  ...(flags.changed('memory-swap') && { SwapBytes: swapBytes(flags.text('memory-swap')) }),
  ...(flags.changed('memory-swappiness') && {
    MemorySwappiness: Number(flags.text('memory-swappiness')),
  }),
});

const swapBytes = (text: string): number => (text === '-1' ? -1 : known(ramInBytes(text)));

export const RESOURCE_FLAGS = [
  ...['limit-cpu', 'limit-memory', 'limit-pids', 'reserve-cpu', 'reserve-memory'],
  ...['generic-resource-add', 'generic-resource-rm'],
];

/** Of each name the last, in order of the names. */
export function ulimits(texts: readonly string[], before: readonly Ulimit[] = []): Ulimit[] {
  const byName = new Map(before.map((one) => [one.Name, one]));
  for (const text of texts) {
    const limit = parseUlimit(text);
    if (typeof limit === 'string') throw new Error(limit);
    byName.set(limit.Name, limit);
  }
  return [...byName.values()].sort((a, b) => (a.Name < b.Name ? -1 : 1));
}

/** What flags make of the policy; undefined when there was none and none is asked for. */
export function restartPolicy(flags: Flags, before?: RestartPolicy): RestartPolicy | undefined {
  const names = ['condition', 'delay', 'max-attempts', 'window'].map((name) => `restart-${name}`);
  if (!anyOf(flags, names)) return before;
  const policy = before ?? {
    ...{ Condition: 'any' as const, Delay: DEFAULT_RESTART_DELAY_NS, MaxAttempts: 0 },
  };
  return {
    ...policy,
    ...(flags.changed('restart-condition') && {
      Condition: flags.text('restart-condition') as NonNullable<RestartPolicy['Condition']>,
    }),
    ...(flags.changed('restart-delay') && { Delay: nanoseconds(flags, 'restart-delay') }),
    ...(flags.changed('restart-max-attempts') && {
      MaxAttempts: Number(flags.text('restart-max-attempts')),
    }),
    ...(flags.changed('restart-window') && { Window: nanoseconds(flags, 'restart-window') }),
  };
}

const DEFAULT_UPDATE: UpdateConfig = {
  ...{ Parallelism: 1, FailureAction: 'pause', Monitor: DEFAULT_MONITOR_NS },
  ...{ MaxFailureRatio: 0, Order: 'stop-first' },
};

/** `--update-…` or `--rollback-…`; undefined when there was none and none is given. */
export function updateConfig(
  flags: Flags,
  kind: 'update' | 'rollback',
  before?: UpdateConfig,
): UpdateConfig | undefined {
  const all = ['parallelism', 'delay', 'monitor', 'failure-action', 'max-failure-ratio', 'order'];
  const names = all.map((name) => `${kind}-${name}`);
  if (!anyOf(flags, names)) return before;
  const given = (name: string): boolean => flags.changed(`${kind}-${name}`);
  const text = (name: string): string => flags.text(`${kind}-${name}`);
  return {
    ...(before ?? DEFAULT_UPDATE),
    ...(given('parallelism') && { Parallelism: Number(text('parallelism')) }),
    ...(given('delay') && { Delay: nanoseconds(flags, `${kind}-delay`) }),
    ...(given('monitor') && { Monitor: nanoseconds(flags, `${kind}-monitor`) }),
    ...(given('failure-action') && {
      FailureAction: text('failure-action') as NonNullable<UpdateConfig['FailureAction']>,
    }),
    ...(given('max-failure-ratio') && {
      MaxFailureRatio: Math.fround(Number(text('max-failure-ratio'))),
    }),
    ...(given('order') && { Order: text('order') as NonNullable<UpdateConfig['Order']> }),
  };
}

const HEALTH_TIMES = {
  'health-interval': 'Interval',
  'health-timeout': 'Timeout',
  'health-start-period': 'StartPeriod',
  'health-start-interval': 'StartInterval',
} as const;

/**
 * What flags make of the health check.
 *
 * @param isUpdate `docker service update` takes `--health-start-interval`, and does nothing with it
 */
export function healthcheck(
  flags: Flags,
  before?: HealthConfig,
  isUpdate = false,
): HealthConfig | undefined | Refused {
  const durations = Object.entries(HEALTH_TIMES).filter(
    ([flag]) => flags.changed(flag) && !(isUpdate && flag === 'health-start-interval'),
  );
  const isChanged = durations.length > 0 || anyOf(flags, ['health-cmd', 'health-retries']);
  if (flags.has('no-healthcheck')) {
    if (isChanged) return refuse('--no-healthcheck conflicts with --health-* options');
    return { Test: ['NONE'] };
  }
  if (!isChanged) return before;
  const { Test: old, ...rest } = before ?? {};
  const command = flags.text('health-cmd');
  const test = flags.changed('health-cmd')
    ? command === ''
      ? undefined
      : ['CMD-SHELL', command]
    : old?.[0] === 'NONE'
      ? undefined
      : old;
  const times = durations.map(([flag, field]) => [field, nanoseconds(flags, flag)] as const);
  return {
    ...(test && { Test: test }),
    ...rest,
    ...Object.fromEntries(times),
    ...(flags.changed('health-retries') && { Retries: Number(flags.text('health-retries')) }),
  };
}

/** The ports that flags of one name publish. */
export const ports = (flags: Flags, name: string): PortConfig[] =>
  flags.all(name).flatMap((text) =>
    known(parseServicePort(text)).map(({ PublishedPort, Protocol, ...port }) => ({
      Protocol: Protocol as PortConfig['Protocol'],
      TargetPort: port.TargetPort,
      ...(PublishedPort !== 0 && { PublishedPort }),
      PublishMode: port.PublishMode,
    })),
  );

export const mounts = (flags: Flags, name: string, cwd: string): ServiceMount[] =>
  flags.all(name).map((text) => {
    const { Type, Source, Target = '', ReadOnly, ...options } = known(parseMount(text, cwd));
    return {
      Type,
      ...(Source !== undefined && Source !== '' && { Source }),
      Target,
      ...(ReadOnly === true && { ReadOnly }),
      ...(options as Partial<ServiceMount>),
    };
  });

/** `host:ip` as hosts(5) has it: `ip host`. */
export const hostLines = (flags: Flags, name: string): string[] =>
  flags.all(name).map((text) => {
    const at = text.indexOf(':');
    return `${text.slice(at + 1)} ${text.slice(0, at)}`;
  });

export const preferences = (flags: Flags, name: string) =>
  flags.all(name).map((text) => ({
    Spread: { SpreadDescriptor: text.slice(text.indexOf('=') + 1) },
  }));

/** Upper case, with `CAP_` in front, each once. */
export const capabilitySet = (names: readonly string[]): Set<string> =>
  new Set(
    names.map((name) => {
      const upper = name.toUpperCase();
      return upper === 'ALL' || upper === 'RESET' || upper.startsWith('CAP_')
        ? upper
        : `CAP_${upper}`;
    }),
  );

/** The same in order; `ALL` leaves no other. */
export function capabilities(names: readonly string[]): string[] {
  const full = capabilitySet(names);
  return full.has('ALL') ? ['ALL'] : [...full].sort();
}
