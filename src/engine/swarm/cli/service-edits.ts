import { pairs } from '../../docker/cli/options/key-values.ts';
import type { Invocation } from '../../docker/cli/invocation.ts';
import type { Flags } from '../../docker/cli/pflag.ts';
import { isIpv4 } from '../../go/address.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import type { ContainerSpec, EndpointSpec, Placement, PortConfig } from '../api.ts';
import {
  capabilities,
  capabilitySet,
  hostLines,
  mounts,
  nanoseconds,
  ports,
  preferences,
  ulimits,
} from './service-flags.ts';
import { shellWords } from './shell-words.ts';

/**
 * What `docker service update` adds to lists and takes from them: `--X-add`, `--X-rm` (docker/cli
 * v29.7 `cli/command/service/update.go`).
 */
const isEdited = (flags: Flags, name: string): boolean =>
  flags.changed(`${name}-add`) || flags.changed(`${name}-rm`);

/** Labels and their like. */
export function editPairs(
  flags: Flags,
  name: string,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const gone =
    name === 'sysctl' ? Object.keys(pairs(flags.all(`${name}-rm`))) : flags.all(`${name}-rm`);
  const kept = Object.entries(before).filter(([key]) => !gone.includes(key));
  const given = name === 'log' ? flags.all('log-opt') : flags.all(`${name}-add`);
  return { ...Object.fromEntries(kept), ...pairs(given) };
}

/** Lists of plain words, in order. */
const editWords = (
  flags: Flags,
  name: string,
  before: readonly string[] = [],
  thin: (words: readonly string[]) => readonly string[] = (words) => words,
): string[] =>
  thin([...before, ...flags.all(`${name}-add`)])
    .filter((one) => !flags.all(`${name}-rm`).includes(one))
    .sort();

/** Only those that follow one another directly are taken for one. */
const compacted = (words: readonly string[]): string[] =>
  words.filter((word, at) => word !== words[at - 1]);

/** Each once, by what they are worth: those of IPv4 first. */
function editAddresses(flags: Flags, before: readonly string[] = []): string[] {
  const once = editWords(flags, 'dns', before, (words) => [...new Set(words)]);
  const worth = (address: string): number =>
    address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const short = once.filter((one) => isIpv4(one)).sort((a, b) => worth(a) - worth(b));
  return [...short, ...once.filter((one) => !isIpv4(one))];
}

const nameOf = (entry: string): string => entry.split('=')[0] ?? '';

function editEnvironment(flags: Flags, before: readonly string[] = []): string[] {
  const gone = flags.all('env-rm');
  const kept = before.filter((entry) => !gone.includes(nameOf(entry)));
  const byName = new Map([...kept, ...flags.all('env-add')].map((one) => [nameOf(one), one]));
  return [...byName.values()];
}

/** A host is taken away by its name, or only from one address: `host:ip`. */
function editHosts(flags: Flags, before: readonly string[] = []): string[] {
  const gone = flags.all('host-rm').map((text) => {
    const at = text.indexOf(':');
    return at === -1 ? { host: text, ip: '' } : { host: text.slice(0, at), ip: text.slice(at + 1) };
  });
  const kept = before.flatMap((line) => {
    const [ip = '', ...hosts] = line.split(/\s+/);
    const left = hosts.filter(
      (host) => !gone.some((one) => one.host === host && (one.ip === '' || one.ip === ip)),
    );
    return left.length === 0 ? [] : [`${ip} ${left.join(' ')}`];
  });
  return [...new Set([...kept, ...hostLines(flags, 'host-add')])];
}

const TEXTS = {
  image: 'Image',
  workdir: 'Dir',
  user: 'User',
  hostname: 'Hostname',
  isolation: 'Isolation',
  'stop-signal': 'StopSignal',
} as const;

export function editContainer(
  { flags, line }: Invocation,
  spec: ContainerSpec,
): ContainerSpec | Refused {
  const texts = Object.entries(TEXTS).filter(([flag]) => flags.changed(flag));
  const Mounts = editMounts(flags, line.cwd, spec.Mounts);
  if (isRefused(Mounts)) return Mounts;
  return withoutEmpty({
    ...spec,
    ...Object.fromEntries(texts.map(([flag, field]) => [field, flags.text(flag)])),
    ...(isEdited(flags, 'container-label') && {
      Labels: editPairs(flags, 'container-label', spec.Labels),
    }),
    ...(flags.changed('args') && { Args: shellWords(flags.text('args')) }),
    ...(flags.changed('entrypoint') && { Command: shellWords(flags.text('entrypoint')) }),
    ...(isEdited(flags, 'env') && { Env: editEnvironment(flags, spec.Env) }),
    ...(flags.changed('init') && { Init: flags.has('init') }),
    ...(flags.changed('tty') && { TTY: flags.has('tty') }),
    ...(flags.changed('read-only') && { ReadOnly: flags.has('read-only') }),
    ...(isEdited(flags, 'mount') && { Mounts }),
    ...(isEdited(flags, 'sysctl') && { Sysctls: editPairs(flags, 'sysctl', spec.Sysctls) }),
    ...(isEdited(flags, 'group') && { Groups: editWords(flags, 'group', spec.Groups) }),
    ...(isEdited(flags, 'host') && { Hosts: editHosts(flags, spec.Hosts) }),
    ...(flags.changed('stop-grace-period') && {
      StopGracePeriod: nanoseconds(flags, 'stop-grace-period'),
    }),
    ...editNames(flags, spec),
    ...editCapabilities(flags, spec),
    ...(isEdited(flags, 'ulimit') && { Ulimits: editUlimits(flags, spec.Ulimits) }),
    ...(flags.changed('oom-score-adj') && { OomScoreAdj: Number(flags.text('oom-score-adj')) }),
  });
}

/** Lists that have become empty are left out, as Go does. */
const withoutEmpty = (spec: ContainerSpec): ContainerSpec =>
  Object.fromEntries(
    Object.entries(spec).filter(([, value]) => !Array.isArray(value) || value.length > 0),
  ) as unknown as ContainerSpec;

function editNames(flags: Flags, { DNSConfig = {} }: ContainerSpec): Partial<ContainerSpec> {
  if (!['dns', 'dns-search', 'dns-option'].some((flag) => isEdited(flags, flag))) return {};
  const lists = {
    Nameservers: editAddresses(flags, DNSConfig.Nameservers),
    Search: editWords(flags, 'dns-search', DNSConfig.Search, compacted),
    Options: editWords(flags, 'dns-option', DNSConfig.Options, compacted),
  };
  const config = Object.entries(lists).filter(([, list]) => list.length > 0);
  return { DNSConfig: Object.fromEntries(config) };
}

function editUlimits(flags: Flags, before: ContainerSpec['Ulimits'] = []) {
  const gone = Object.keys(pairs(flags.all('ulimit-rm')));
  const kept = before.filter(({ Name }) => !gone.includes(Name));
  return ulimits(flags.all('ulimit-add'), kept);
}

/** To add what was dropped only takes it back, and the other way round. */
function editCapabilities(flags: Flags, spec: ContainerSpec): Partial<ContainerSpec> {
  if (!flags.changed('cap-add') && !flags.changed('cap-drop')) return {};
  let added = capabilitySet(spec.CapabilityAdd ?? []);
  let dropped = capabilitySet(spec.CapabilityDrop ?? []);
  const toAdd = capabilitySet(flags.all('cap-add'));
  const toDrop = capabilitySet(flags.all('cap-drop'));
  if (toAdd.delete('RESET')) added = new Set();
  if (toDrop.delete('RESET')) dropped = new Set();
  for (const name of toDrop) if (!toAdd.has(name) && !added.delete(name)) dropped.add(name);
  for (const name of toAdd) if (!dropped.delete(name)) added.add(name);
  return {
    CapabilityAdd: capabilities([...added]),
    CapabilityDrop: capabilities([...dropped]),
  };
}

function editMounts(
  flags: Flags,
  cwd: string,
  before: ContainerSpec['Mounts'] = [],
): NonNullable<ContainerSpec['Mounts']> | Refused {
  const added = mounts(flags, 'mount-add', cwd);
  const targets = new Set<string>();
  for (const { Target } of added) {
    if (targets.has(Target)) return refuse('duplicate mount target');
    targets.add(Target);
  }
  const gone = flags.all('mount-rm');
  const kept = before.filter(({ Target }) => !targets.has(Target));
  const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
  return [...kept, ...added]
    .filter(({ Target }) => !gone.includes(Target))
    .sort((a, b) => order(a.Source ?? '', b.Source ?? '') || order(a.Target, b.Target));
}

export function editPlacement(flags: Flags, before?: Placement): Placement | undefined {
  const { Constraints = [], Preferences = [], ...rest } = before ?? {};
  const edits = ['constraint', 'placement-pref'].filter((name) => isEdited(flags, name));
  if (edits.length === 0 && !flags.changed('replicas-max-per-node')) return before;
  const gone = preferences(flags, 'placement-pref-rm').map(({ Spread }) => Spread.SpreadDescriptor);
  const kept = Preferences.filter(
    ({ Spread }) => !Spread || !gone.includes(Spread.SpreadDescriptor),
  );
  const spread = [...kept, ...preferences(flags, 'placement-pref-add')];
  const words = edits.includes('constraint')
    ? [...Constraints, ...flags.all('constraint-add')]
        .filter((one) => !flags.all('constraint-rm').includes(one))
        .sort()
    : Constraints;
  return {
    ...rest,
    ...(words.length > 0 && { Constraints: words }),
    ...(spread.length > 0 && { Preferences: spread }),
    ...(flags.changed('replicas-max-per-node') && {
      MaxReplicas: Number(flags.text('replicas-max-per-node')),
    }),
  };
}

const portText = ({ PublishedPort = 0, TargetPort, Protocol, PublishMode }: PortConfig): string =>
  `${PublishedPort}:${TargetPort}/${Protocol}/${PublishMode}`;

export function editEndpoint(flags: Flags, before?: EndpointSpec): EndpointSpec | undefined {
  const hasMode = flags.changed('endpoint-mode');
  if (!hasMode && !isEdited(flags, 'publish')) return before;
  const { Ports: old = [], ...rest } = before ?? {};
  const gone = ports(flags, 'publish-rm');
  const kept = old.filter(
    (port) =>
      !gone.some(
        (one) =>
          one.Protocol === port.Protocol &&
          one.TargetPort === port.TargetPort &&
          one.PublishMode === port.PublishMode,
      ),
  );
  const known = new Set(old.map(portText));
  const added = ports(flags, 'publish-add').filter((port) => !known.has(portText(port)));
  const all = [...kept, ...added].sort((a, b) => (portText(a) < portText(b) ? -1 : 1));
  return {
    ...rest,
    ...(hasMode && { Mode: flags.text('endpoint-mode') as NonNullable<EndpointSpec['Mode']> }),
    ...(all.length > 0 && { Ports: all }),
  };
}
