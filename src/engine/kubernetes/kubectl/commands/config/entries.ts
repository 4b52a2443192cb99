import { resolvePath } from '../../../../machine/command.ts';
import { readFile } from '../../../../machine/files.ts';
import { goQuote } from '../../../../go/quote.ts';
import { toBase64 } from '../../../../oci/base64.ts';
import { entry, withEntry, type EntryKind, type Plain } from '../../kubeconfig.ts';
import { fatal, misused, print, printError, type Session, type Step } from '../../session.ts';
import { helpOf } from '../groups.ts';
import { change, fileToChange, starting, wrongArguments } from './file.ts';

/** `kubectl config set-…|delete-…|rename-context` (kubectl/pkg/cmd/config, v1.36). */
/** Flags that set a field of an entry by the same name. */
function given({ flags }: Session, names: readonly string[]): Plain {
  return Object.fromEntries(
    names.filter((name) => flags.changed(name)).map((name) => [name, flags.text(name)]),
  );
}

const filled = (value: Plain): Plain =>
  Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== '' && field !== undefined),
  );

export function* setContext(session: Session): Step<number> {
  const { words, flags } = session;
  const current = flags.has('current');
  if (words.length > 1) yield* wrongArguments(session);
  const [named = ''] = words;
  if (named === '' && !current) {
    yield* fatal(session, 'you must specify a non-empty context name or --current');
  }
  if (named !== '' && current) {
    yield* fatal(session, 'you cannot specify both a context name and --current');
  }
  const config = yield* starting(session);
  const name = current ? config.currentContext : named;
  if (name === '') yield* fatal(session, 'no current context is set');
  const before = entry(config, 'contexts', name);
  const set = given(session, ['cluster', 'user', 'namespace']);
  yield* change(session, (old) => {
    const { cluster = '', user = '', ...rest } = { ...entry(old, 'contexts', name)?.value, ...set };
    const value = { cluster, ...filled(rest), user };
    return withEntry(old, 'contexts', name, value);
  });
  yield* print(session, `Context ${goQuote(name)} ${before ? 'modified' : 'created'}.\n`);
  return 0;
}

const AUTHORITY = 'certificate-authority';
const INSECURE = 'insecure-skip-tls-verify';

export function* setCluster(session: Session): Step<number> {
  const { words, flags } = session;
  if (words.length !== 1) yield* wrongArguments(session);
  const [name = ''] = words;
  if (name === '') yield* fatal(session, 'you must specify a non-empty cluster name');
  const authority = flags.text(AUTHORITY);
  const insecure = flags.has(INSECURE);
  if (insecure && authority !== '') {
    const why = 'you cannot specify a certificate authority and insecure mode at the same time';
    yield* fatal(session, why);
  }
  if (flags.has('embed-certs') && authority === '') {
    yield* fatal(session, `you must specify a --${AUTHORITY} to embed`);
  }
  const embedded = yield* embed(session, [AUTHORITY]);
  yield* change(session, (old) => {
    const before = entry(old, 'clusters', name)?.value ?? {};
    const value = {
      ...before,
      // A server of its own has no name from before.
      ...(flags.changed('server') && { 'tls-server-name': '' }),
      ...given(session, ['server', 'tls-server-name', 'proxy-url']),
      ...(insecure && { [AUTHORITY]: '', [`${AUTHORITY}-data`]: '' }),
      [INSECURE]: insecure || undefined,
      ...embedded,
    };
    return withEntry(old, 'clusters', name, { server: '', ...filled(value) });
  });
  yield* print(session, `Cluster ${goQuote(name)} set.\n`);
  return 0;
}

/** Files by their paths, or by their content where `--embed-certs` asks for it. */
function* embed(session: Session, fields: readonly string[]): Step<Plain> {
  const { flags, line } = session;
  const result: Record<string, unknown> = {};
  for (const field of fields) {
    if (!flags.changed(field)) continue;
    const path = flags.text(field);
    result[field] = flags.has('embed-certs') ? '' : path;
    if (path !== '') result[`${field}-data`] = undefined;
    if (path === '' || !flags.has('embed-certs')) continue;
    const file = yield* readFile(line.machine, resolvePath(line.cwd, path));
    if (!file) {
      const why = `stat ${path}: no such file or directory`;
      return yield* fatal(session, `could not stat ${field} file ${path}: ${why}`);
    }
    result[`${field}-data`] = toBase64(file.content);
  }
  return result;
}

const CERTIFICATES = ['client-certificate', 'client-key'];
const MODES = ['IfAvailable', 'Always', 'Never'];

export function* setCredentials(session: Session): Step<number> {
  const { words, flags } = session;
  if (words.length !== 1) yield* wrongArguments(session, 'unexpected');
  const [name = ''] = words;
  const provider = yield* changedPairs(session, 'auth-provider-arg');
  const environment = yield* changedPairs(session, 'exec-env');
  const methods = [
    ...(flags.text('token') === '' ? [] : ['--token']),
    ...(flags.text('username') + flags.text('password') === '' ? [] : ['--username/--password']),
  ];
  const once = 'you cannot specify more than one authentication method at the same time';
  const [certificate, key] = CERTIFICATES.map((flag) => flags.text(flag));
  const mode = flags.text('exec-interactive-mode');
  const refusals: readonly (readonly [boolean, string])[] = [
    [name === '', 'you must specify a non-empty user name'],
    [methods.length > 1, `${once}: ${methods.join(', ')}`],
    [
      flags.has('embed-certs') && certificate === '' && key === '',
      'you must specify a --client-certificate or --client-key to embed',
    ],
  ];
  for (const [holds, why] of refusals) if (holds) yield* fatal(session, why);
  const embedded = yield* embed(session, CERTIFICATES);
  if (flags.changed('exec-interactive-mode') && !MODES.includes(mode)) {
    const why = 'invalid interactive mode type, can be only IfAvailable, Never, Always';
    yield* fatal(session, why);
  }
  const set = given(session, ['token', 'username', 'password']);
  yield* change(session, (old) => {
    const before: Plain = entry(old, 'users', name)?.value ?? {};
    const isBasic = Boolean(set.username) || Boolean(set.password);
    const value = {
      ...before,
      ...embedded,
      ...(Boolean(set.token) && { username: '', password: '' }),
      ...(isBasic && { token: '' }),
      ...set,
      'auth-provider': providerOf(session, before['auth-provider'] as Plain | undefined, provider),
      exec: execOf(session, before.exec as Plain | undefined, environment),
    };
    return withEntry(old, 'users', name, filled(value));
  });
  yield* print(session, `User ${goQuote(name)} set.\n`);
  return 0;
}

interface ChangedPairs {
  readonly set: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
}

/** `NAME=VALUE`, and `NAME-` for what is taken away. */
function* changedPairs(session: Session, flag: string): Step<ChangedPairs> {
  const set = new Map<string, string>();
  const remove: string[] = [];
  for (const text of session.flags.all(flag)) {
    const at = text.indexOf('=');
    if (at > 0) set.set(text.slice(0, at), text.slice(at + 1));
    else if (at === -1 && text.endsWith('-')) remove.push(text.slice(0, -1));
    else {
      yield* print(session, helpOf(session.path));
      yield* fatal(session, `invalid ${flag} format: ${text}`);
    }
  }
  return { set, remove };
}

function providerOf(
  { flags }: Session,
  before: Plain | undefined,
  { set, remove }: ChangedPairs,
): Plain | undefined {
  const name = flags.changed('auth-provider') ? flags.text('auth-provider') : before?.name;
  if (name === undefined) return undefined;
  const kept = before?.name === name ? Object.entries((before?.config ?? {}) as Plain) : [];
  const config = new Map(kept.filter(([key]) => !remove.includes(key)));
  for (const [key, value] of set) config.set(key, value);
  return { config: Object.fromEntries(config), name };
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

function execOf(
  { flags }: Session,
  before: Plain | undefined,
  { set, remove }: ChangedPairs,
): Plain | undefined {
  const commands = flags.changed('exec-command');
  if (!before && !commands) return undefined;
  const { env, args, ...rest } = before ?? {};
  const old = ((env ?? []) as readonly Variable[]).filter(({ name }) => !remove.includes(name));
  const changed = old.map((one) => ({ ...one, value: set.get(one.name) ?? one.value }));
  const added = [...set]
    .filter(([name]) => !old.some((one) => one.name === name))
    .map(([name, value]) => ({ name, value }));
  const variables = [...changed, ...added];
  const words = flags.all('exec-arg');
  const version = flags.text('exec-api-version');
  const mode = flags.text('exec-interactive-mode');
  return {
    provideClusterInfo: false,
    ...rest,
    ...(version !== '' && { apiVersion: version }),
    args: words.length > 0 ? words : commands ? null : (args ?? null),
    ...(commands && { command: flags.text('exec-command') }),
    env: variables.length > 0 ? variables : null,
    ...(mode !== '' && { interactiveMode: mode }),
    ...(flags.changed('exec-provide-cluster-info') && {
      provideClusterInfo: flags.has('exec-provide-cluster-info'),
    }),
  };
}

const WORDS: Readonly<Record<EntryKind, string>> = {
  clusters: 'cluster',
  contexts: 'context',
  users: 'user',
};

const deleter = (kind: EntryKind) =>
  function* remove(session: Session): Step<number> {
    const { words } = session;
    const word = WORDS[kind];
    if (words.length !== 1) {
      if (kind === 'users') yield* misused(session, 'user to delete is required');
      yield* print(session, helpOf(session.path));
      return 0;
    }
    const [name = ''] = words;
    const config = yield* starting(session);
    const path = yield* fileToChange(session);
    if (!entry(config, kind, name)) {
      yield* fatal(session, `cannot delete ${word} ${name}, not in ${path}`);
    }
    if (kind === 'contexts' && config.currentContext === name) {
      const hint = 'use "kubectl config use-context" to select a different one';
      yield* printError(session, `warning: this removed your active context, ${hint}\n`);
    }
    yield* change(session, (old) => withEntry(old, kind, name, undefined));
    yield* print(session, `deleted ${word} ${name} from ${path}\n`);
    return 0;
  };

export const deleteCluster = deleter('clusters');
export const deleteContext = deleter('contexts');
export const deleteUser = deleter('users');

export function* renameContext(session: Session): Step<number> {
  const { words } = session;
  if (words.length !== 2) yield* wrongArguments(session);
  const [name = '', next = ''] = words;
  const config = yield* starting(session);
  const path = yield* fileToChange(session);
  const found = entry(config, 'contexts', name);
  if (!found) {
    yield* fatal(session, `cannot rename the context ${goQuote(name)}, it's not in ${path}`);
  }
  if (entry(config, 'contexts', next)) {
    const why = `the context ${goQuote(next)} already exists in ${path}`;
    yield* fatal(session, `cannot rename the context ${goQuote(name)}, ${why}`);
  }
  yield* change(session, (old) => {
    const value = entry(old, 'contexts', name)?.value ?? {};
    const moved = withEntry(withEntry(old, 'contexts', name, undefined), 'contexts', next, value);
    return old.currentContext === name ? { ...moved, currentContext: next } : moved;
  });
  yield* print(session, `Context ${goQuote(name)} renamed to ${goQuote(next)}.\n`);
  return 0;
}
