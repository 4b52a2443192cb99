import { goQuote } from '../../../../go/quote.ts';
import {
  entry,
  textOf,
  VALUE_FIELD,
  type EntryKind,
  type Kubeconfig,
  type Plain,
} from '../../kubeconfig.ts';
import { choosePrinter, Output, type Printer } from '../../printers/printer.ts';
import { fatal, misused, print, type Session, type Step } from '../../session.ts';
import { layOut } from '../../text-table.ts';
import { change, starting, wrongArguments } from './file.ts';

/** `kubectl config view|get-…|use-context` (staging/src/k8s.io/kubectl/pkg/cmd/config, v1.36). */
export function* view(session: Session): Step<number> {
  const { flags, words } = session;
  if (words.length > 0) yield* misused(session, `unexpected arguments: [${words.join(' ')}]`);
  const output = new Output(session, yield* viewPrinter(session));
  const merges = !flags.changed('merge') || flags.has('merge');
  if (!merges && !flags.get('kubeconfig')) {
    yield* fatal(session, 'if merge==false a precise file must be specified');
  }
  let config = yield* starting(session);
  if (flags.has('minify')) config = yield* minified(session, config);
  if (!flags.has('raw') && !flags.has('flatten')) config = redacted(config);
  if (flags.text('output') === 'name') yield* print(session, 'config/<unknown>\n');
  else yield* output.value(shownConfig(config));
  return 0;
}

/** In the order in which the types name their fields. */
function shownConfig(config: Kubeconfig): Plain {
  const list = (kind: EntryKind): unknown =>
    config[kind].length === 0
      ? null
      : config[kind].map(({ name, value }) => ({
          name,
          [VALUE_FIELD[kind]]: inOrder(value),
        }));
  return {
    kind: 'Config',
    apiVersion: 'v1',
    clusters: list('clusters'),
    users: list('users'),
    contexts: list('contexts'),
    'current-context': config.currentContext,
  };
}

const ORDER = [
  ...['cluster', 'user', 'namespace'],
  ...['server', 'tls-server-name', 'insecure-skip-tls-verify', 'certificate-authority'],
  ...['certificate-authority-data', 'proxy-url', 'disable-compression'],
  ...['client-certificate', 'client-certificate-data', 'client-key', 'client-key-data'],
  ...['token', 'tokenFile', 'username', 'password', 'auth-provider', 'exec'],
];

const inOrder = (value: Plain): Plain =>
  Object.fromEntries(Object.entries(value).sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b)));

function* viewPrinter(session: Session): Step<Printer> {
  const printer = yield* choosePrinter(session);
  return printer.kind === 'other' ? { kind: 'yaml' } : printer;
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
    const instead = 'resetting to default output format';
    const why = `--output ${output} is not available in kubectl config get-contexts; ${instead}`;
    yield* fatal(session, why);
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
  if (name === '') yield* fatal(session, 'empty context names are not allowed');
  if (!entry(config, 'contexts', name)) {
    yield* fatal(session, `no context exists with the name: ${goQuote(name)}`);
  }
  if (config.currentContext !== name) {
    yield* change(session, (old) => ({ ...old, currentContext: name }));
  }
  yield* print(session, `Switched to context ${goQuote(name)}.\n`);
  return 0;
}
