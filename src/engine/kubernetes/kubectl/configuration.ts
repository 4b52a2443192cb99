import { resolvePath, type CommandLine } from '../../machine/command.ts';
import { readFile } from '../../machine/files.ts';
import type { Call, Resumption } from '../../sim/process.ts';
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
  /** Why there is no server to ask. */
  readonly problem?: string;
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
export function* loadKubeconfig(line: CommandLine, flags: Flags): Step<Kubeconfig | string> {
  const configs: Kubeconfig[] = [];
  for (const path of configPaths(line, flags)) {
    const file = yield* readFile(line.machine, resolvePath(line.cwd, path));
    if (!file) {
      if (flags.get('kubeconfig')) return `stat ${path}: no such file or directory`;
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
  if (typeof config === 'string') return { ...nothing, problem: config };
  const name = flags.get('context') ?? config.currentContext;
  const context = entry(config, 'contexts', name);
  if (name !== '' && !context) return { ...nothing, problem: `context "${name}" does not exist` };
  const clusterName = flags.get('cluster') ?? textOf(context?.value.cluster);
  const cluster = entry(config, 'clusters', clusterName);
  if (clusterName !== '' && !cluster) {
    return { ...nothing, problem: `cluster "${clusterName}" does not exist` };
  }
  const user = flags.one('user') ?? textOf(context?.value.user);
  if (user !== '' && !entry(config, 'users', user) && flags.one('user') !== undefined) {
    return { ...nothing, problem: `auth info "${user}" does not exist` };
  }
  const own = textOf(context?.value.namespace);
  const identity = identityOf(flags, user);
  const server = flags.get('server') ?? textOf(cluster?.value.server);
  return {
    server: withScheme(server) || NOBODY,
    namespace: given || own || 'default',
    namespaceIsGiven: given !== '' || own !== '',
    namespaceIsRequired: given !== '',
    user,
    ...(identity && { identity }),
  };
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
