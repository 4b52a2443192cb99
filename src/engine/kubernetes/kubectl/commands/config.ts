import { resolvePath } from '../../../machine/command.ts';
import { makeDirectory, readFile, writeFile } from '../../../machine/files.ts';
import { goQuote } from '../../../go/quote.ts';
import { isRefused } from '../../../go/refused.ts';
import { toBase64 } from '../../../oci/base64.ts';
import { configPaths, loadKubeconfig } from '../configuration.ts';
import {
  EMPTY_CONFIG,
  entry,
  parseKubeconfig,
  textOf,
  VALUE_FIELD,
  withEntry,
  writeKubeconfig,
  type EntryKind,
  type Kubeconfig,
  type Plain,
} from '../kubeconfig.ts';
import { choosePrinter, Output, type Printer } from '../printers/printer.ts';
import { fatal, misused, print, printError, type Session, type Step } from '../session.ts';
import { layOut } from '../text-table.ts';
import { writeYaml } from '../yaml/emit.ts';
import { helpOf } from './groups.ts';

/** `kubectl config` (staging/src/k8s.io/kubectl/pkg/cmd/config, v1.36). */
function* starting(session: Session): Step<Kubeconfig> {
  const config = yield* loadKubeconfig(session.line, session.flags);
  return typeof config === 'string' ? yield* fatal(session, config) : config;
}

/** Where changes are written: the first file that there is, else the last. */
function* fileToChange(session: Session): Step<string> {
  const paths = configPaths(session.line, session.flags);
  for (const path of paths) {
    const { machine, cwd } = session.line;
    if (yield* readFile(machine, resolvePath(cwd, path))) return path;
  }
  return paths.at(-1) ?? '';
}

function* change(session: Session, edit: (config: Kubeconfig) => Kubeconfig): Step<void> {
  const { machine, cwd } = session.line;
  const path = yield* fileToChange(session);
  const absolute = resolvePath(cwd, path);
  const file = yield* readFile(machine, absolute);
  const config = file ? parseKubeconfig(file.content, path) : EMPTY_CONFIG;
  if (isRefused(config)) return yield* fatal(session, config.refused);
  const folder = absolute.slice(0, absolute.lastIndexOf('/'));
  if (folder !== '') yield* makeDirectory(machine, folder, { parents: true });
  yield* writeFile(machine, absolute, writeYaml(writeKubeconfig(edit(config))), 0o600);
  return undefined;
}

/** Prints the command's help, and that the arguments are not what they should be. */
function* wrongArguments(session: Session, word = 'Unexpected'): Step<never> {
  yield* print(session, helpOf(session.path));
  return yield* fatal(session, `${word} args: [${session.words.join(' ')}]`);
}

export function* view(session: Session): Step<number> {
  const { flags } = session;
  const output = new Output(session, yield* viewPrinter(session));
  let config = yield* starting(session);
  if (flags.has('minify')) config = yield* minified(session, config);
  if (!flags.has('raw') && !flags.has('flatten')) config = redacted(config);
  yield* output.value(shownConfig(config));
  return 0;
}

/** In the order in which the types name their fields. */
function shownConfig(config: Kubeconfig): Plain {
  const list = (kind: EntryKind): unknown =>
    config[kind].length === 0
      ? null
      : config[kind].map(({ name, value }) => ({ name, [VALUE_FIELD[kind]]: value }));
  return {
    kind: 'Config',
    apiVersion: 'v1',
    clusters: list('clusters'),
    users: list('users'),
    contexts: list('contexts'),
    'current-context': config.currentContext,
  };
}

function* viewPrinter(session: Session): Step<Printer> {
  const printer = yield* choosePrinter(session);
  return printer.kind === 'other' || printer.kind === 'name' ? { kind: 'yaml' } : printer;
}

function* minified(session: Session, config: Kubeconfig): Step<Kubeconfig> {
  const name = session.flags.get('context') ?? config.currentContext;
  if (name === '') return yield* fatal(session, 'current-context must exist in order to minify');
  const context = entry(config, 'contexts', name);
  if (!context) return yield* fatal(session, `cannot locate context ${name}`);
  const only = (kind: EntryKind, wanted: string) =>
    config[kind].filter((one) => one.name === wanted);
  return {
    currentContext: name,
    contexts: [context],
    clusters: only('clusters', textOf(context.value.cluster)),
    users: only('users', textOf(context.value.user)),
  };
}

const SECRETS: Readonly<Record<string, string>> = {
  'certificate-authority-data': 'DATA+OMITTED',
  'client-certificate-data': 'DATA+OMITTED',
  'client-key-data': 'DATA+OMITTED',
  token: 'REDACTED',
  password: 'REDACTED',
};

function redacted(config: Kubeconfig): Kubeconfig {
  const hide = (kind: EntryKind) =>
    config[kind].map(({ name, value }) => ({
      name,
      value: Object.fromEntries(
        Object.entries(value).map(([key, field]) => [key, SECRETS[key] ?? field]),
      ),
    }));
  return { ...config, clusters: hide('clusters'), users: hide('users') };
}

export function* currentContext(session: Session): Step<number> {
  const { currentContext: name } = yield* starting(session);
  if (name === '') yield* fatal(session, 'current-context is not set');
  yield* print(session, `${name}\n`);
  return 0;
}

export function* getContexts(session: Session): Step<number> {
  const { flags, words } = session;
  const output = flags.text('output');
  if (output !== '' && output !== 'name') {
    yield* fatal(session, `output must be one of '' or 'name': ${output}`);
  }
  const config = yield* starting(session);
  const missing = words.filter((name) => !entry(config, 'contexts', name));
  const shown = config.contexts.filter(({ name }) => words.length === 0 || words.includes(name));
  if (output === 'name') {
    yield* print(session, shown.map(({ name }) => `${name}\n`).join(''));
  } else {
    const rows = shown.map(({ name, value }) => [
      name === config.currentContext ? '*' : ' ',
      name,
      textOf(value.cluster),
      textOf(value.user),
      textOf(value.namespace),
    ]);
    const header = ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'];
    yield* print(session, layOut(flags.has('no-headers') ? rows : [header, ...rows]).text);
  }
  if (missing.length === 0) return 0;
  const lines = missing.map((name) => `context ${name} not found`);
  return yield* fatal(session, lines.join('\n'));
}

const names = (kind: EntryKind) =>
  function* list(session: Session): Step<number> {
    const config = yield* starting(session);
    yield* print(session, `NAME\n${config[kind].map(({ name }) => `${name}\n`).join('')}`);
    return 0;
  };

export const getClusters = names('clusters');
export const getUsers = names('users');

export function* useContext(session: Session): Step<number> {
  const { words } = session;
  if (words.length !== 1) yield* wrongArguments(session);
  const [name = ''] = words;
  const config = yield* starting(session);
  if (!entry(config, 'contexts', name)) {
    yield* fatal(session, `no context exists with the name: ${goQuote(name)}`);
  }
  yield* change(session, (old) => ({ ...old, currentContext: name }));
  yield* print(session, `Switched to context ${goQuote(name)}.\n`);
  return 0;
}

/** Flags that set a field of an entry, by the field. */
function given(session: Session, fields: Readonly<Record<string, string>>): Plain {
  const { flags } = session;
  const set: Record<string, unknown> = {};
  for (const [field, flag] of Object.entries(fields)) {
    if (!flags.changed(flag)) continue;
    set[field] =
      field === 'insecure-skip-tls-verify' ? flags.has(flag) || undefined : flags.text(flag);
  }
  return set;
}

const filled = (value: Plain): Plain =>
  Object.fromEntries(
    Object.entries(value).filter(([, field]) => field !== '' && field !== undefined),
  );

export function* setContext(session: Session): Step<number> {
  const { words, flags } = session;
  const current = flags.has('current');
  const config = yield* starting(session);
  if (words.length > 1) yield* wrongArguments(session);
  const name = current ? config.currentContext : (words[0] ?? '');
  if (current && name === '') yield* fatal(session, 'no current context is set');
  if (name === '') {
    yield* fatal(session, 'you must specify a non-empty context name or --current');
  }
  const before = entry(config, 'contexts', name);
  const set = given(session, { cluster: 'cluster', user: 'user', namespace: 'namespace' });
  yield* change(session, (old) => {
    const { cluster = '', user = '', ...rest } = { ...entry(old, 'contexts', name)?.value, ...set };
    const value = { cluster, ...filled(rest), user };
    return withEntry(old, 'contexts', name, value);
  });
  yield* print(session, `Context ${goQuote(name)} ${before ? 'modified' : 'created'}.\n`);
  return 0;
}

export function* setCluster(session: Session): Step<number> {
  const { words } = session;
  if (words.length !== 1) yield* wrongArguments(session);
  const [name = ''] = words;
  const set = given(session, {
    server: 'server',
    'tls-server-name': 'tls-server-name',
    'insecure-skip-tls-verify': 'insecure-skip-tls-verify',
    'certificate-authority': 'certificate-authority',
    'proxy-url': 'proxy-url',
  });
  const embedded = yield* embed(session, set, ['certificate-authority']);
  yield* change(session, (old) => {
    const before = entry(old, 'clusters', name)?.value ?? {};
    const value = { server: '', ...filled({ ...before, ...embedded }) };
    return withEntry(old, 'clusters', name, value);
  });
  yield* print(session, `Cluster ${goQuote(name)} set.\n`);
  return 0;
}

/** With files' content in place of their paths, when `--embed-certs` asks for it. */
function* embed(session: Session, set: Plain, fields: readonly string[]): Step<Plain> {
  if (!session.flags.has('embed-certs')) return set;
  const result: Record<string, unknown> = { ...set };
  for (const field of fields) {
    const path = textOf(set[field]);
    if (path === '') continue;
    const file = yield* readFile(session.line.machine, resolvePath(session.line.cwd, path));
    if (!file) {
      const why = `stat ${path}: no such file or directory`;
      return yield* fatal(session, `could not stat ${field} file ${path}: ${why}`);
    }
    result[field] = '';
    result[`${field}-data`] = toBase64(file.content);
  }
  return result;
}

export function* setCredentials(session: Session): Step<number> {
  const { words, flags } = session;
  if (words.length !== 1) yield* wrongArguments(session, 'unexpected');
  const [name = ''] = words;
  const methods = [
    ...(flags.text('token') === '' ? [] : ['--token']),
    ...(flags.text('username') + flags.text('password') === '' ? [] : ['--username/--password']),
  ];
  if (methods.length > 1) {
    const why = 'you cannot specify more than one authentication method at the same time';
    yield* fatal(session, `${why}: ${methods.join(', ')}`);
  }
  const set = given(session, {
    token: 'token',
    username: 'username',
    password: 'password',
    'client-certificate': 'client-certificate',
    'client-key': 'client-key',
  });
  const embedded = yield* embed(session, set, ['client-certificate', 'client-key']);
  yield* change(session, (old) => {
    const { token, username, password, ...rest } = entry(old, 'users', name)?.value ?? {};
    const before =
      'token' in set
        ? rest
        : 'username' in set || 'password' in set
          ? { ...rest, username, password }
          : { ...rest, token, username, password };
    return withEntry(old, 'users', name, filled({ ...before, ...embedded }));
  });
  yield* print(session, `User ${goQuote(name)} set.\n`);
  return 0;
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

/** `clusters.NAME.FIELD` in its parts; undefined for what is no property. */
function propertyOf(name: string): { kind: EntryKind; entry: string; field: string } | undefined {
  const [kind = '', ...rest] = name.split('.');
  if (!Object.hasOwn(VALUE_FIELD, kind) || rest.length === 0) return undefined;
  const field = rest.length > 1 ? (rest.at(-1) ?? '') : '';
  const named = rest.length > 1 ? rest.slice(0, -1).join('.') : rest.join('.');
  return { kind: kind as EntryKind, entry: named, field };
}

const DEFAULTS: Readonly<Record<EntryKind, Plain>> = {
  clusters: { server: '' },
  contexts: { cluster: '', user: '' },
  users: {},
};

function* noProperty(session: Session, name: string): Step<never> {
  return yield* fatal(session, `unable to parse ${name} after [] at api.Config`);
}

export function* set(session: Session): Step<number> {
  const { words } = session;
  if (words.length !== 2) yield* wrongArguments(session);
  const [name = '', value = ''] = words;
  if (name === 'current-context') {
    yield* change(session, (old) => ({ ...old, currentContext: value }));
  } else {
    const property = propertyOf(name) ?? (yield* noProperty(session, name));
    const { kind, entry: named, field } = property;
    yield* change(session, (old) => {
      const before = entry(old, kind, named)?.value ?? DEFAULTS[kind];
      return withEntry(old, kind, named, { ...before, [field]: value });
    });
  }
  yield* print(session, `Property ${goQuote(name)} set.\n`);
  return 0;
}

export function* unset(session: Session): Step<number> {
  const { words } = session;
  if (words.length !== 1) yield* wrongArguments(session);
  const [name = ''] = words;
  if (name === 'current-context') {
    const before = yield* starting(session);
    if (before.currentContext !== '') {
      yield* change(session, (old) => ({ ...old, currentContext: '' }));
    }
  } else {
    const property = propertyOf(name) ?? (yield* noProperty(session, name));
    const config = yield* starting(session);
    const { kind, entry: named, field } = property;
    const whole = entry(config, kind, `${named}${field && `.${field}`}`);
    if (whole || entry(config, kind, named)) {
      yield* change(session, (old) => {
        if (whole) return withEntry(old, kind, whole.name, undefined);
        if (field === '') return withEntry(old, kind, named, undefined);
        const value = { ...entry(old, kind, named)?.value, [field]: undefined };
        return withEntry(old, kind, named, value);
      });
    }
  }
  yield* print(session, `Property ${goQuote(name)} unset.\n`);
  return 0;
}
