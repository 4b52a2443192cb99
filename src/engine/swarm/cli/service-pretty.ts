import { goDuration } from '../../docker/go-duration.ts';
import { ofText } from '../../docker/cli/formatter/time.ts';
import { bytesSize, humanDuration } from '../../docker/units.ts';
import type { ContainerSpec, ServiceSpec, TaskSpec, UpdateConfig } from '../api.ts';
import type { ServiceWire } from '../wire/service.ts';

/** `docker service inspect --pretty` (docker/cli v29.7 `cli/command/service/formatter.go`). */
const NANO = 1_000_000_000;

/** Go's `%v` of a list. */
const goList = (values: readonly string[]): string => `[${values.join(' ')}]`;

const optional = (label: string, value: string | number | undefined): string[] =>
  value === undefined || value === '' || value === 0 ? [] : [`${label}${value}`];

/** Labels or options, by their keys. */
const pairLines = (
  pairs: Readonly<Record<string, string>> | undefined,
  line: (key: string, value: string) => string,
): string[] =>
  Object.keys(pairs ?? {})
    .sort()
    .map((key) => line(key, pairs?.[key] ?? ''));

/** A heading and what belongs under it; nothing when there is nothing. */
const under = (heading: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [heading, ...lines];

/** @param networks names by ids */
export function prettyService(
  service: ServiceWire,
  networks: ReadonlyMap<string, string>,
  nowMs: number,
): string {
  const { ID, Spec, Endpoint } = service;
  const { TaskTemplate: task } = Spec;
  const labels = pairLines(Spec.Labels, (key, value) => ` ${key}${value && `=${value}`}`);
  const names = (task.Networks ?? []).map(({ Target }) => networks.get(Target) ?? Target);
  const ports = (Endpoint.Ports ?? []).flatMap((port) => [
    ` PublishedPort = ${port.PublishedPort ?? 0}`,
    `  Protocol = ${port.Protocol}`,
    `  TargetPort = ${port.TargetPort}`,
    `  PublishMode = ${port.PublishMode}`,
  ]);
  return [
    '',
    `ID:\t\t${ID}`,
    `Name:\t\t${Spec.Name}`,
    ...under('Labels:', labels),
    ...modeLines(Spec),
    ...statusLines(service, nowMs),
    'Placement:',
    ...placementLines(task),
    ...updateLines('UpdateConfig:', 'Update order:      ', Spec.UpdateConfig),
    ...updateLines('RollbackConfig:', 'Rollback order:    ', Spec.RollbackConfig),
    ...containerLines(task.ContainerSpec),
    ...logLines(task),
    ...resourceLines(task),
    ...(names.length > 0 ? [`Networks: ${names.join(' ')} `] : []),
    `Endpoint Mode:\t${Spec.EndpointSpec?.Mode ?? ''}`,
    // The last line of the ports ends with a blank.
    ...under(
      'Ports:',
      ports.map((line, i) => (i === ports.length - 1 ? `${line} ` : line)),
    ),
    ...healthLines(task.ContainerSpec),
  ].join('\n');
}

function modeLines({ Mode }: ServiceSpec): string[] {
  if (Mode.Global) return ['Service Mode:\tGlobal'];
  if (!Mode.Replicated) return ['Service Mode:'];
  return ['Service Mode:\tReplicated', ` Replicas:\t${Mode.Replicated.Replicas ?? 0}`];
}

function statusLines({ UpdateStatus: status }: ServiceWire, nowMs: number): string[] {
  if (!status) return [];
  const ago = (time: string): string => `${humanDuration(nowMs - ofText(time))} ago`;
  const { State, StartedAt, CompletedAt, Message } = status;
  return [
    'UpdateStatus:',
    ` State:\t\t${State}`,
    ` Started:\t${ago(StartedAt)}`,
    ...(State === 'completed' && CompletedAt !== undefined
      ? [` Completed:\t${ago(CompletedAt)}`]
      : []),
    ` Message:\t${Message}`,
  ];
}

function placementLines({ Placement }: TaskSpec): string[] {
  const { Constraints = [], Preferences = [], MaxReplicas = 0 } = Placement ?? {};
  const spreads = Preferences.flatMap(({ Spread }) =>
    Spread ? [`spread=${Spread.SpreadDescriptor}`] : [],
  );
  return [
    ...(Constraints.length > 0 ? [` Constraints:\t${goList(Constraints)}`] : []),
    ...(spreads.length > 0 ? [` Preferences:   ${goList(spreads)}`] : []),
    ...(MaxReplicas > 0 ? [` Max Replicas Per Node:   ${MaxReplicas}`] : []),
  ];
}

function updateLines(heading: string, order: string, config?: UpdateConfig): string[] {
  if (!config) return [];
  const { Parallelism, Delay = 0, FailureAction = '', Monitor = 0, MaxFailureRatio } = config;
  return [
    heading,
    ` Parallelism:\t${Parallelism}`,
    ...(Delay > 0 ? [` Delay:\t\t${goDuration(Delay)}`] : []),
    ` On failure:\t${FailureAction}`,
    ...(Monitor > 0 ? [` Monitoring Period: ${goDuration(Monitor)}`] : []),
    ` Max failure ratio: ${Number((MaxFailureRatio ?? 0).toPrecision(7))}`,
    ` ${order}${config.Order ?? ''}`,
  ];
}

function containerLines(spec: ContainerSpec): string[] {
  const { Image, Args = [], Env = [], Dir, Init, User, Mounts = [] } = spec;
  const { CapabilityAdd = [], CapabilityDrop = [], Configs = [], Secrets = [] } = spec;
  const each = (values: readonly string[]): string => values.map((one) => `${one} `).join('');
  const files = (list: readonly { name: string; target: string }[]): string[] =>
    list.flatMap(({ name, target }) => [` Target:\t${target}`, `  Source:\t${name}`]);
  return [
    'ContainerSpec:',
    ` Image:\t\t${Image}`,
    ...(Args.length > 0 ? [` Args:\t\t${each(Args)}`] : []),
    ...(Env.length > 0 ? [` Env:\t\t${each(Env)}`] : []),
    ...optional(' Dir:\t\t', Dir),
    ...(Init === undefined ? [] : [` Init:\t\t${Init}`]),
    ...optional(' User: ', User),
    ...under('Capabilities:', [
      ...optional(' Add: ', CapabilityAdd.join(', ')),
      ...optional(' Drop: ', CapabilityDrop.join(', ')),
    ]),
    ...under(
      'SysCtls:',
      pairLines(spec.Sysctls, (key, value) => ` ${key}${value && `: ${value}`}`),
    ),
    ...under(
      'Mounts:',
      Mounts.flatMap(({ Target, Source = '', ReadOnly = false, Type }) => [
        ...[` Target:\t${Target}`, `  Source:\t${Source}`],
        ...[`  ReadOnly:\t${ReadOnly}`, `  Type:\t\t${Type}`],
      ]),
    ),
    ...under(
      'Configs:',
      files(Configs.map(({ File, ConfigName: name }) => ({ name, target: File?.Name ?? '' }))),
    ),
    ...under(
      'Secrets:',
      files(Secrets.map(({ File, SecretName: name }) => ({ name, target: File?.Name ?? '' }))),
    ),
  ];
}

function logLines({ LogDriver }: TaskSpec): string[] {
  if (!LogDriver) return [];
  const { Name = '', Options } = LogDriver as { Name?: string; Options?: Record<string, string> };
  const options = pairLines(Options, (key, value) => `  ${key}${value && `:       ${value}`}`);
  return ['Log Driver:', ...optional(' Name:\t\t', Name), ...under(' LogOpts:', options), ''];
}

function resourceLines({ Resources }: TaskSpec): string[] {
  if (!Resources) return [];
  const part = (of: { NanoCPUs?: number; MemoryBytes?: number } = {}): string[] => [
    ...optional('  CPU:\t\t', (of.NanoCPUs ?? 0) / NANO),
    ...optional('  Memory:\t', of.MemoryBytes ? bytesSize(of.MemoryBytes) : ''),
  ];
  const { Reservations, Limits } = Resources;
  const limits = [...part(Limits), ...optional('  PIDs:\t\t', Limits?.Pids)];
  return [
    'Resources:',
    ...under(' Reservations:', part(Reservations)),
    ...under(' Limits:', limits),
  ];
}

function healthLines({ Healthcheck: check }: ContainerSpec): string[] {
  if (!check) return [];
  const { Interval = 0, Retries = 0, StartPeriod = 0, Timeout = 0, Test = [] } = check;
  return [
    ' Healthcheck:',
    `  Interval = ${goDuration(Interval)}`,
    `  Retries = ${Retries}`,
    `  StartPeriod =\t${goDuration(StartPeriod)}`,
    `  Timeout =\t${goDuration(Timeout)}`,
    ...under(
      '  Tests:',
      Test.map((word) => `\t Test = ${word}`),
    ),
  ];
}
