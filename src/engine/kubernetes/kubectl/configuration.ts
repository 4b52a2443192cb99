import { resolvePath, type CommandLine } from '../../machine/command.ts';
import { readFile } from '../../machine/files.ts';
import type { Call, Resumption } from '../../sim/process.ts';
import { parseDuration } from '../../go/duration.ts';
import { goQuote } from '../../go/quote.ts';
import { isRefused } from '../../go/refused.ts';
import type { Identity } from '../api/requests.ts';
import type { Flags } from './flags.ts';
import {
  EMPTY_CONFIG,
  entry,
  mergeKubeconfigs,
  parseKubeconfig,
  textOf,
  type Kubeconfig,
} from './kubeconfig.ts';

/** What the kubeconfig and the flags over it come to (client-go tools/clientcmd, v1.36). */
export interface Configuration {
  readonly server: string;
  readonly namespace: string;
  /** Whether `-n` or the context names a namespace. */
  readonly namespaceIsGiven: boolean;
  /** Whether `-n` does: manifests must agree with it. */
  readonly namespaceIsRequired: boolean;
  readonly user: string;
  readonly identity?: Identity;
  /** Why there is no server to ask, as it is printed. */
  readonly problem?: string;
  /** The same in the words of a command that asks for the server before the namespace. */
  readonly serverProblem?: string;
}

type Step<T> = Generator<Call, T, Resumption>;

const NOBODY = 'http://localhost:8080';
/** Who needs no permission. */
const ADMIN = 'kubernetes-admin';

/** The files that are read, and how messages name them. */
export function configPaths({ env, cwd }: CommandLine, flags: Flags): string[] {
  const explicit = flags.get('kubeconfig');
  if (explicit) return [explicit];
  const listed = (env.KUBECONFIG ?? '').split(':').filter((path) => path !== '');
  return listed.length > 0 ? [...new Set(listed)] : [`${env.HOME ?? cwd}/.kube/config`];
}

/** The kubeconfig of a command; or why it cannot be read. */
export function* loadKubeconfig(
  line: CommandLine,
  flags: Flags,
  { mayBeMissing = false } = {},
): Step<Kubeconfig | string> {
  const configs: Kubeconfig[] = [];
  for (const path of configPaths(line, flags)) {
    const file = yield* readFile(line.machine, resolvePath(line.cwd, path));
    if (!file) {
      if (flags.get('kubeconfig') && !mayBeMissing)
        return `stat ${path}: no such file or directory`;
      continue;
    }
    const config = parseKubeconfig(file.content, path);
    if (isRefused(config)) return config.refused;
    configs.push(config);
  }
  return configs.length === 0 ? EMPTY_CONFIG : mergeKubeconfigs(configs);
}

export function* configure(line: CommandLine, flags: Flags): Step<Configuration> {
  const config = yield* loadKubeconfig(line, flags);
  const given = flags.get('namespace') ?? '';
  const nothing: Configuration = {
    server: NOBODY,
    namespace: given || 'default',
    namespaceIsGiven: given !== '',
    namespaceIsRequired: given !== '',
    user: '',
  };
  if (typeof config === 'string') return { ...nothing, problem: `error: ${config}` };
  const name = flags.get('context') ?? config.currentContext;
  const context = entry(config, 'contexts', name);
  const clusterName = flags.get('cluster') ?? textOf(context?.value.cluster);
  const cluster = entry(config, 'clusters', clusterName);
  const user = flags.one('user') ?? textOf(context?.value.user);
  const account = entry(config, 'users', user)?.value ?? {};
  const wrong: string[] = [];
  if (name !== '' && !context) wrong.push(`${NO_CONTEXT}: ${name}`);
  wrong.push(...(yield* wrongUser(line, flags, user, account)));
  const where = flags.get('server') ?? textOf(cluster?.value.server);
  if (where === '' && clusterName !== '') {
    wrong.push(`no server found for cluster ${goQuote(clusterName)}`);
  }
  wrong.push(...(yield* wrongFile(line, flags, 'certificate-authority', clusterName)));
  const invalid = invalidText(wrong);
  if (invalid !== undefined) {
    const gone =
      name !== '' && !context
        ? `context "${name}"`
        : clusterName !== '' && !cluster
          ? `cluster "${clusterName}"`
          : undefined;
    const serverProblem = gone === undefined ? invalid : `error: ${gone} does not exist`;
    return { ...nothing, problem: invalid, serverProblem };
  }
  if (user !== '' && !entry(config, 'users', user) && flags.one('user') !== undefined) {
    return { ...nothing, problem: `error: auth info "${user}" does not exist` };
  }
  const timeout = flags.get('request-timeout') ?? '';
  if (timeout !== '' && !/^\d+$/.test(timeout) && isRefused(parseDuration(timeout))) {
    return { ...nothing, problem: `error: ${NO_TIMEOUT}` };
  }
  const own = textOf(context?.value.namespace);
  const identity = identityOf(flags, user);
  return {
    server: withScheme(where) || NOBODY,
    namespace: given || own || 'default',
    namespaceIsGiven: given !== '' || own !== '',
    namespaceIsRequired: given !== '',
    user,
    ...(identity && { identity }),
  };
}

const NO_CONTEXT = 'context was not found for specified context';
const NO_TIMEOUT =
  'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by ' +
  'a corresponding time unit (e.g. 1s | 2m | 3h)';

/** How what is wrong with a kubeconfig is printed (`checkErr`, kubectl/pkg/cmd/util/helpers.go). */
function invalidText([first, ...more]: readonly string[]): string | undefined {
  if (first === undefined) return undefined;
  const prefix = 'Error in configuration: ';
  if (more.length > 0) return `${prefix}\n${[first, ...more].map((why) => `* ${why}\n`).join('')}`;
  return first.startsWith(NO_CONTEXT) ? prefix + first : `error: ${first}`;
}

/** What is wrong with who asks (client-go/tools/clientcmd/validation.go `validateAuthInfo`). */
function* wrongUser(
  line: CommandLine,
  flags: Flags,
  user: string,
  account: Readonly<Record<string, unknown>>,
): Step<string[]> {
  const value = (name: string): string => flags.one(name) || textOf(account[name]);
  const methods = [
    ...(value('token') === '' ? [] : ['token']),
    ...(value('username') + value('password') === '' ? [] : ['basicAuth']),
  ];
  const wrong: string[] = [];
  if (flags.get('client-certificate')) {
    if (value('client-key') + textOf(account['client-key-data']) === '') {
      const must = `client-key-data or client-key must be specified for ${user}`;
      wrong.push(`${must} to use the clientCert authentication method.`);
    }
    wrong.push(...(yield* wrongFile(line, flags, 'client-certificate', user)));
    wrong.push(...(yield* wrongFile(line, flags, 'client-key', user)));
  }
  if (methods.length > 1) {
    const found = `more than one authentication method found for ${user}`;
    wrong.push(`${found}; found [${methods.join(' ')}], only one is allowed`);
  }
  return wrong;
}

const FILES: Readonly<Record<string, string>> = { 'client-certificate': 'client-cert' };

/**
 * A file that a flag names and that is not there.
 *
 * Simplified: the files that a kubeconfig names are not looked at.
 */
function* wrongFile(
  { machine, cwd }: CommandLine,
  flags: Flags,
  flag: string,
  owner: string,
): Step<string[]> {
  const path = flags.one(flag) ?? '';
  if (path === '' || (yield* readFile(machine, resolvePath(cwd, path)))) return [];
  const why = `open ${path}: no such file or directory`;
  return [`unable to read ${FILES[flag] ?? flag} ${path} for ${owner} due to ${why}`];
}

const withScheme = (server: string): string =>
  server === '' || server.includes('://') ? server : `http://${server}`;

/**
 * Who asks: the user of the context, or whom it acts as.
 *
 * Simplified: a user is who its entry is named; certificates and tokens are not looked at.
 */
function identityOf(flags: Flags, user: string): Identity | undefined {
  const as = flags.get('as') ?? '';
  if (as !== '') {
    const groups = flags.all('as-group');
    return { name: as, groups: [...groups, 'system:authenticated'] };
  }
  if (user === '' || user === ADMIN) return undefined;
  return { name: user, groups: ['system:authenticated'] };
}
