import { EPOCH_UNIX_MS, rfc3339Nano } from '../../../sim/clock.ts';
import type { EventMessage, SwarmInfo } from '../../api.ts';
import { bytesSize } from '../../units.ts';
import { ansiTime, ofText } from '../formatter/time.ts';
import { credentialOf, HUB } from '../credentials.ts';
import { tabulate } from '../formatter/tabwriter.ts';
import { goQuote } from '../../../go/quote.ts';
import { daemonError, failed, filterQuery, type Invocation, type Step } from '../invocation.ts';
import { isRefused } from '../../../go/refused.ts';
import { CLI_VERSION } from '../resolve.ts';
import { execute, template, type Template } from '../../../go/template/execute.ts';
import { sorted, Subject, type Value } from '../../../go/template/value.ts';
import { typed } from '../types/go-types.ts';
import { timeQuery } from './container-look.ts';
import { swarmLines } from './swarm-info.ts';

/** `docker events`, `version` and `info` (docker/cli v29.7 `cli/command/system`). */
const SYNTAX_ERROR = 64;
const API_VERSION = '1.55';
const GO_VERSION = 'go1.26.1';
const GIT_COMMIT = '28f7560';
const BUILD_TIME = 'Mon Jan  5 00:00:00 2026';

export function* events(call: Invocation): Step<number> {
  const { flags } = call;
  const format = flags.text('format');
  const parsed = format === '' ? undefined : template(format === 'json' ? '{{json .}}' : format);
  if (isRefused(parsed)) {
    return yield* call.fail(`Error parsing format: ${parsed.refused}`, SYNTAX_ERROR);
  }
  const tried = parsed && execute(parsed, new Message(NO_EVENT));
  if (isRefused(tried)) {
    return yield* call.fail(`Error parsing format: ${tried.refused}`, SYNTAX_ERROR);
  }
  const nowMs = yield* call.now();
  const times: Record<string, string> = {};
  for (const name of ['since', 'until']) {
    const time = timeQuery(flags.text(name), nowMs);
    if (time === undefined) {
      const text = goQuote(flags.text(name));
      return yield* call.fail(`failed to parse value as time or duration: ${text}`);
    }
    if (time !== '') times[name] = time;
  }
  const request = {
    method: 'GET',
    path: '/events',
    query: { ...times, ...filterQuery(flags.all('filter')) },
  } as const;
  const answer = yield* call.follow(request, function* (event: EventMessage) {
    const text = parsed ? execute(parsed, new Message(event)) : eventLine(event);
    yield* isRefused(text) ? call.err(`${text.refused}\n`) : call.out(`${text}\n`);
  });
  return failed(answer) ? yield* call.fail(daemonError(answer)) : 0;
}

/** Go's `events.Message`: its fields have other names in JSON than in templates. */
class Message extends Subject {
  readonly #event: EventMessage;

  constructor(event: EventMessage) {
    const { Type, Action, Actor, scope, time, timeNano } = event;
    const { ID, Attributes } = Actor;
    const actor = new Subject('events.Actor', {
      ...{ ID: () => ID, Attributes: () => Attributes },
    });
    super('*events.Message', {
      ...{ Type: () => Type, Action: () => Action, Actor: () => actor, Scope: () => scope },
      ...{ Time: () => time, TimeNano: () => timeNano },
    });
    this.#event = event;
  }

  override fields(): Readonly<Record<string, Value>> {
    const { Type, Action, Actor, scope, time, timeNano } = this.#event;
    const names = Object.keys(Actor.Attributes);
    const attributes = sorted(names).map((name) => [name, Actor.Attributes[name]]);
    const actor = { ID: Actor.ID, Attributes: Object.fromEntries(attributes) as Value };
    return { Type, Action, Actor: actor, scope, time, timeNano };
  }
}

/** What a template is tried on before the first event comes. */
const NO_EVENT = {
  ...{ Type: '', Action: '', Actor: { ID: '', Attributes: {} }, scope: '', time: 0, timeNano: 0 },
} as unknown as EventMessage;

/** `2026-01-05T00:00:01.500000000Z container start ID (image=nginx, name=web)`. */
function eventLine({ Type, Action, Actor, timeNano }: EventMessage): string {
  const time = rfc3339Nano(Math.round(timeNano / 1e6) - EPOCH_UNIX_MS);
  const names = Object.keys(Actor.Attributes).sort((a, b) => (a < b ? -1 : 1));
  const attributes = names.map((name) => `${name}=${Actor.Attributes[name] ?? ''}`).join(', ');
  return `${time} ${Type} ${Action} ${Actor.ID}${attributes === '' ? '' : ` (${attributes})`}`;
}

interface Component {
  readonly Name: string;
  readonly Version: string;
  readonly Details?: Readonly<Record<string, string>>;
}

interface ServerVersion {
  readonly Platform?: { readonly Name: string };
  readonly Version: string;
  readonly ApiVersion: string;
  readonly MinAPIVersion?: string;
  readonly Os: string;
  readonly Arch: string;
  readonly GitCommit?: string;
  readonly GoVersion?: string;
  readonly KernelVersion?: string;
  readonly BuildTime?: string;
  readonly Components?: readonly Component[];
}

export function* version(call: Invocation): Step<number> {
  const format = call.flags.text('format');
  const parsed = template(format === 'json' ? '{{json .}}' : format);
  if (isRefused(parsed)) {
    const why = parsed.refused.replace('template: :', 'template: version:');
    return yield* call.fail(`template parsing error: ${why}`, SYNTAX_ERROR);
  }
  const client = {
    Version: CLI_VERSION,
    ApiVersion: API_VERSION,
    DefaultAPIVersion: API_VERSION,
    GitCommit: GIT_COMMIT,
    GoVersion: GO_VERSION,
    Os: 'linux',
    Arch: 'amd64',
    BuildTime: BUILD_TIME,
    Context: 'default',
  };
  const answer = yield* call.get<ServerVersion>('/version');
  const server = failed(answer) ? undefined : answer.body;
  if (format === '') {
    const text = clientText(client) + (server ? `\n\n${serverText(server)}` : '');
    yield* call.out(tabulate(`${text}\n`, 20, 1));
  } else {
    const data = { Client: client, Server: server ?? null } as unknown as Value;
    const options = { typed: true, name: 'version' };
    const text = execute(parsed, typed('system.versionInfo', data), options);
    yield* call.out(`${isRefused(text) ? text.before : text}\n`);
    if (isRefused(text) && server) return yield* call.fail(text.refused);
  }
  return server ? 0 : yield* call.fail(daemonError(answer));
}

const clientText = (client: Readonly<Record<string, string>>): string =>
  [
    'Client:',
    ` Version:\t${client.Version ?? ''}`,
    ` API version:\t${client.ApiVersion ?? ''}`,
    ` Go version:\t${client.GoVersion ?? ''}`,
    ` Git commit:\t${client.GitCommit ?? ''}`,
    ` Built:\t${client.BuildTime ?? ''}`,
    ` OS/Arch:\t${client.Os ?? ''}/${client.Arch ?? ''}`,
    ` Context:\t${client.Context ?? ''}`,
  ].join('\n');

function serverText(server: ServerVersion): string {
  const platform = server.Platform?.Name ?? '';
  const lines = [`Server:${platform === '' ? '' : ` ${platform}`}`];
  const engine: Component = {
    Name: 'Engine',
    Version: server.Version,
    Details: {
      ApiVersion: server.ApiVersion,
      MinAPIVersion: server.MinAPIVersion ?? '',
      GoVersion: server.GoVersion ?? '',
      GitCommit: server.GitCommit ?? '',
      BuildTime: server.BuildTime ?? '',
      Os: server.Os,
      Arch: server.Arch,
      Experimental: 'false',
    },
  };
  const components = server.Components ?? [];
  const all = components.some(({ Name }) => Name === 'Engine')
    ? components
    : [engine, ...components];
  for (const { Name, Version, Details = {} } of all) {
    lines.push(` ${Name}:`, `  Version:\t${Version}`);
    if (Name === 'Engine') {
      const built = Details.BuildTime ?? '';
      lines.push(
        `  API version:\t${Details.ApiVersion ?? ''} (minimum version ${Details.MinAPIVersion ?? ''})`,
        `  Go version:\t${Details.GoVersion ?? ''}`,
        `  Git commit:\t${Details.GitCommit ?? ''}`,
        `  Built:\t${/^\d{4}-/.test(built) ? ansiTime(ofText(built)) : built}`,
        `  OS/Arch:\t${Details.Os ?? ''}/${Details.Arch ?? ''}`,
        `  Experimental:\t${Details.Experimental ?? 'false'}`,
      );
    } else {
      const names = Object.keys(Details).sort((a, b) => (a < b ? -1 : 1));
      lines.push(...names.map((name) => `  ${name}:\t${Details[name] ?? ''}`));
    }
  }
  return lines.join('\n');
}

type Info = Readonly<Record<string, unknown>>;

/** Without the version of the API that was agreed on: nobody is asked for it. */
const CLIENT_INFO = {
  Debug: false,
  Version: CLI_VERSION,
  DefaultAPIVersion: API_VERSION,
  GitCommit: GIT_COMMIT,
  GoVersion: GO_VERSION,
  Os: 'linux',
  Arch: 'amd64',
  BuildTime: BUILD_TIME,
  Context: 'default',
  Plugins: [],
  Warnings: null,
};

export function* info(call: Invocation): Step<number> {
  const { flags } = call;
  const format = flags.text('format');
  const parsed = template(format === 'json' ? '{{json .}}' : format);
  if (isRefused(parsed)) {
    return yield* call.fail(`template parsing error: ${parsed.refused}`, SYNTAX_ERROR);
  }
  if (format !== '') return yield* infoFilledIn(call, parsed, format);
  const answer = yield* call.get<Info>('/info');
  yield* call.out(
    `Client:\n Version:    ${CLI_VERSION}\n Context:    default\n Debug Mode: false\n\nServer:\n`,
  );
  if (failed(answer)) return yield* call.fail(daemonError(answer));
  const { username = '' } = (yield* credentialOf(call, HUB)) ?? {};
  yield* call.out(`${infoText(answer.body, username)}\n\n`);
  const warnings = (answer.body.Warnings ?? []) as readonly string[];
  yield* call.err(warnings.map((warning) => `${warning}\n`).join(''));
  return 0;
}

/** A template that asks for nothing of the daemon runs without one. */
function* infoFilledIn(call: Invocation, parsed: Template, format: string): Step<number> {
  const client: Value = { ClientInfo: CLIENT_INFO };
  const own = execute(parsed, typed('system.sparseInfo', client), { typed: true });
  if (
    format !== 'json' &&
    /\.[a-zA-Z]/.test(format) &&
    format !== '{{json .}}' &&
    !isRefused(own)
  ) {
    yield* call.out(`${own}\n`);
    return 0;
  }
  const answer = yield* call.get<Readonly<Record<string, Value>>>('/info');
  const isAnswered = !failed(answer);
  const value = { ...(isAnswered ? answer.body : {}), ...client };
  const text = execute(parsed, typed('system.dockerInfo', value), { typed: true });
  yield* call.out(`${isRefused(text) ? text.before : text}\n`);
  return yield* call.joined([
    ...(isAnswered ? [] : [daemonError(answer)]),
    ...(isRefused(text) ? [text.refused] : []),
  ]);
}

const shown = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? JSON.stringify(value)
      : '';

function infoText(info: Info, username: string): string {
  const lines: string[] = [];
  const always = (label: string, value: unknown) => lines.push(` ${label}: ${shown(value)}`);
  const given = (label: string, value: unknown) => {
    if (shown(value) !== '') always(label, value);
  };
  const plugins = (info.Plugins ?? {}) as Record<string, readonly string[] | null>;
  const commit = (name: string): string => shown((info[name] as { ID?: string } | null)?.ID);
  always('Containers', info.Containers ?? 0);
  for (const state of ['Running', 'Paused', 'Stopped']) {
    lines.push(`  ${state}: ${shown(info[`Containers${state}`] ?? 0)}`);
  }
  always('Images', info.Images ?? 0);
  given('Server Version', info.ServerVersion);
  given('Storage Driver', info.Driver);
  for (const [key, value] of (info.DriverStatus ?? []) as [string, string][]) {
    lines.push(`  ${key}: ${value}`);
  }
  given('Logging Driver', info.LoggingDriver);
  given('Cgroup Driver', info.CgroupDriver);
  given('Cgroup Version', info.CgroupVersion);
  lines.push(' Plugins:');
  for (const kind of ['Volume', 'Network', 'Log']) {
    lines.push(`  ${kind}: ${(plugins[kind] ?? []).join(' ')}`);
  }
  const directories = (info.CDISpecDirs ?? []) as readonly string[];
  if (directories.length > 0) {
    lines.push(' CDI spec directories:', ...directories.map((path) => `  ${path}`));
  }
  const swarm = info.Swarm as SwarmInfo | undefined;
  always('Swarm', swarm?.LocalNodeState);
  if (swarm) lines.push(...swarmLines(swarm));
  const runtimes = Object.keys(info.Runtimes ?? {});
  if (runtimes.length > 0) {
    always('Runtimes', runtimes.join(' '));
    always('Default Runtime', info.DefaultRuntime);
  }
  always('Init Binary', info.InitBinary);
  always('containerd version', commit('ContainerdCommit'));
  always('runc version', commit('RuncCommit'));
  always('init version', commit('InitCommit'));
  lines.push(...securityLines((info.SecurityOptions ?? []) as readonly string[]));
  given('Kernel Version', info.KernelVersion);
  given('Operating System', info.OperatingSystem);
  given('OSType', info.OSType);
  given('Architecture', info.Architecture);
  always('CPUs', info.NCPU ?? 0);
  always('Total Memory', bytesSize(Number(info.MemTotal ?? 0)));
  given('Name', info.Name);
  given('ID', info.ID);
  always('Docker Root Dir', info.DockerRootDir);
  always('Debug Mode', info.Debug ?? false);
  given('HTTP Proxy', info.HttpProxy);
  given('HTTPS Proxy', info.HttpsProxy);
  given('No Proxy', info.NoProxy);
  given('Username', username);
  always('Experimental', info.ExperimentalBuild ?? false);
  lines.push(...registryLines(info.RegistryConfig as RegistryConfig | undefined));
  always('Live Restore Enabled', info.LiveRestoreEnabled ?? false);
  given('Product License', info.ProductLicense);
  const firewall = info.FirewallBackend as { Driver: string } | undefined;
  if (firewall) always('Firewall Backend', firewall.Driver);
  return lines.join('\n');
}

/** `name=seccomp,profile=builtin`. */
function securityLines(options: readonly string[]): string[] {
  if (options.length === 0) return [];
  const lines = [' Security Options:'];
  for (const option of options) {
    const parts = option.split(',').map((part) => part.split('='));
    lines.push(`  ${parts.find(([key]) => key === 'name')?.[1] ?? option}`);
    const profile = parts.find(([key]) => key === 'profile')?.[1];
    if (profile !== undefined) lines.push(`   Profile: ${profile}`);
  }
  return lines;
}

interface RegistryConfig {
  readonly InsecureRegistryCIDRs?: readonly string[] | null;
  readonly IndexConfigs?: Readonly<Record<string, { Name: string; Secure: boolean }>> | null;
  readonly Mirrors?: readonly string[] | null;
}

function registryLines(config: RegistryConfig | undefined): string[] {
  const ranges = config?.InsecureRegistryCIDRs ?? [];
  const insecure = Object.values(config?.IndexConfigs ?? {}).filter(({ Secure }) => !Secure);
  const mirrors = config?.Mirrors ?? [];
  const any = ranges.length > 0 || Object.keys(config?.IndexConfigs ?? {}).length > 0;
  return [
    ...(any ? [' Insecure Registries:'] : []),
    ...[...insecure.map(({ Name }) => Name), ...ranges].map((name) => `  ${name}`),
    ...(mirrors.length > 0 ? [' Registry Mirrors:', ...mirrors.map((one) => `  ${one}`)] : []),
  ];
}
