import { resolvePath } from '../../../../machine/command.ts';
import { listDirectory, readFile, stat } from '../../../../machine/files.ts';
import { goQuote } from '../../../../go/quote.ts';
import { toBase64 as base64Text } from '../../../../oci/base64.ts';
import { digestOfText } from '../../../../oci/digest.ts';
import { configKey } from '../../../api/validation/names.ts';
import { goJson } from '../../printers/go-json.ts';
import { fatal, type Session, type Step } from '../../session.ts';

import { creator, type Plain } from './creator.ts';

/** `kubectl create configmap|secret` (kubectl/pkg/cmd/create/create_{configmap,secret*}.go, v1.36). */
interface Collected {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly data: Map<string, string>;
}

function* add(session: Session, into: Collected, key: string, value: string): Step<void> {
  const { kind, name, data } = into;
  const errors = configKey(key);
  if (errors.length > 0) {
    const why =
      kind === 'ConfigMap'
        ? `is not a valid key name for a ConfigMap: ${errors.join(',')}`
        : `is not valid key name for a Secret ${errors.join(';')}`;
    yield* fatal(session, `${goQuote(key)} ${why}`);
  }
  if (data.has(key)) {
    const where = kind === 'ConfigMap' ? 'Data for ConfigMap' : 'Data for Secret';
    const why =
      kind === 'ConfigMap'
        ? `cannot add key ${goQuote(key)}, another key by that name already exists in ${where} ${goQuote(name)}`
        : `cannot add key ${key}, another key by that name already exists`;
    yield* fatal(session, why);
  }
  data.set(key, value);
}

/** Everything that `--from-literal`, `--from-file` and `--from-env-file` bring. */
function* collect(session: Session, into: Collected): Step<void> {
  const { flags } = session;
  for (const source of flags.all('from-file')) yield* fromFile(session, into, source);
  for (const source of flags.all('from-literal')) {
    const at = source.indexOf('=');
    if (at <= 0) yield* fatal(session, `invalid literal source ${source}, expected key=value`);
    yield* add(session, into, source.slice(0, at), source.slice(at + 1));
  }
  for (const path of flags.all('from-env-file')) yield* fromEnvFile(session, into, path);
}

function* keyAndPath(session: Session, source: string): Step<[string, string]> {
  const count = source.split('=').length - 1;
  if (count === 0) return [source.slice(source.lastIndexOf('/') + 1), source];
  if (count > 1) yield* fatal(session, "key names or file paths cannot contain '='");
  const at = source.indexOf('=');
  if (at === 0) yield* fatal(session, `key name for file path ${source.slice(1)} missing`);
  if (at === source.length - 1) {
    yield* fatal(session, `file path for key name ${source.slice(0, -1)} missing`);
  }
  return [source.slice(0, at), source.slice(at + 1)];
}

function* fromFile(session: Session, into: Collected, source: string): Step<void> {
  const { machine, cwd } = session.line;
  const [key, path] = yield* keyAndPath(session, source);
  const absolute = resolvePath(cwd, path);
  const found = yield* stat(machine, absolute);
  if (!found) return yield* fatal(session, `error reading ${path}: no such file or directory`);
  if (found.type !== 'dir') {
    const file = yield* readFile(machine, absolute);
    return yield* add(session, into, key, file?.content ?? '');
  }
  if (source.includes('=')) yield* fatal(session, 'cannot give a key name for a directory path');
  for (const one of (yield* listDirectory(machine, absolute)) ?? []) {
    if (one.type !== 'file') continue;
    const file = yield* readFile(machine, `${absolute}/${one.name}`);
    yield* add(session, into, one.name, file?.content ?? '');
  }
}

const VARIABLE = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const VARIABLE_RULE =
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or " +
  "'.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', " +
  "regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";

function* fromEnvFile(session: Session, into: Collected, path: string): Step<void> {
  const { machine, cwd, env } = session.line;
  const absolute = resolvePath(cwd, path);
  const found = yield* stat(machine, absolute);
  if (!found) return yield* fatal(session, `error reading ${path}: no such file or directory`);
  if (found.type === 'dir') {
    yield* fatal(session, 'env config file cannot be a directory');
  }
  const file = yield* readFile(machine, absolute);
  for (const line of (file?.content ?? '').split('\n')) {
    const text = line.trimStart();
    if (text === '' || text.startsWith('#')) continue;
    const at = text.indexOf('=');
    const key = at === -1 ? text.trimEnd() : text.slice(0, at);
    if (!VARIABLE.test(key)) {
      yield* fatal(session, `${goQuote(key)} is not a valid key name: ${VARIABLE_RULE}`);
    }
    // A name alone stands for the variable of kubectl's own environment.
    const value = at === -1 ? env[key] : text.slice(at + 1);
    if (value !== undefined) yield* add(session, into, key, value);
  }
}

function* checkSources(session: Session): Step<void> {
  const { flags } = session;
  const others = flags.all('from-file').length + flags.all('from-literal').length;
  if (flags.all('from-env-file').length > 0 && others > 0) {
    yield* fatal(session, 'from-env-file cannot be combined with from-file or from-literal');
  }
}

/** Five to ten letters that stand for the content (kubectl/pkg/util/hash/hash.go). */
function hashOf(value: Plain): string {
  const letters: Readonly<Record<string, string>> = { 0: 'g', 1: 'h', 3: 'k', a: 'm', e: 't' };
  const hex = digestOfText(goJson(value)).slice('sha256:'.length);
  return [...hex.slice(0, 10)].map((char) => letters[char] ?? char).join('');
}

const sortedMap = (data: ReadonlyMap<string, string>): Record<string, string> =>
  Object.fromEntries([...data].sort(([a], [b]) => (a < b ? -1 : 1)));

export const createConfigMap = creator({
  resource: 'configmaps',
  prefix: 'failed to create configmap: ',
  check: checkSources,
  *build(session, name) {
    const into: Collected = { kind: 'ConfigMap', name, data: new Map() };
    yield* collect(session, into);
    const data = sortedMap(into.data);
    const fields = into.data.size > 0 ? { data } : {};
    if (!session.flags.has('append-hash')) return { fields };
    return { name: `${name}-${hashOf({ data, kind: 'ConfigMap', name })}`, fields };
  },
});

function secretDraft(
  session: Session,
  name: string,
  type: string,
  values: ReadonlyMap<string, string>,
): { name?: string; fields: Plain } {
  const coded = new Map([...values].map(([key, value]) => [key, base64Text(value)]));
  const data = sortedMap(coded);
  const fields: Plain = {
    ...(coded.size > 0 && { data }),
    ...(type !== '' && { type }),
  };
  if (!session.flags.has('append-hash')) return { fields };
  return { name: `${name}-${hashOf({ data, kind: 'Secret', name, type })}`, fields };
}

export const createGenericSecret = creator({
  resource: 'secrets',
  prefix: 'failed to create secret ',
  check: checkSources,
  *build(session, name) {
    const into: Collected = { kind: 'Secret', name, data: new Map() };
    yield* collect(session, into);
    return secretDraft(session, name, session.flags.text('type'), into.data);
  },
});

const DOCKER_KEY = '.dockerconfigjson';

export const createDockerSecret = creator({
  resource: 'secrets',
  prefix: 'failed to create secret ',
  *check(session) {
    const { flags } = session;
    const complete = ['docker-username', 'docker-password', 'docker-server'].every(
      (name) => flags.text(name) !== '',
    );
    if (flags.all('from-file').length === 0 && !complete) {
      yield* fatal(
        session,
        'either --from-file or the combination of --docker-username, --docker-password and ' +
          '--docker-server is required',
      );
    }
  },
  *build(session, name) {
    const { flags } = session;
    const into: Collected = { kind: 'Secret', name, data: new Map() };
    const type = 'kubernetes.io/dockerconfigjson';
    if (flags.all('from-file').length > 0) {
      for (const source of flags.all('from-file')) {
        const named = source.includes('=') ? source : `${DOCKER_KEY}=${source}`;
        yield* fromFile(session, into, named);
      }
      return secretDraft(session, name, type, into.data);
    }
    const [username, password] = [flags.text('docker-username'), flags.text('docker-password')];
    const email = flags.text('docker-email');
    const auth = base64Text(`${username}:${password}`);
    const entry = { username, password, ...(email !== '' && { email }), auth };
    into.data.set(DOCKER_KEY, goJson({ auths: { [flags.text('docker-server')]: entry } }));
    return secretDraft(session, name, type, into.data);
  },
});

export const createTlsSecret = creator({
  resource: 'secrets',
  prefix: 'failed to create secret ',
  *check(session) {
    const { flags } = session;
    if (flags.text('key') === '' || flags.text('cert') === '') {
      yield* fatal(session, 'key and cert must be specified');
    }
  },
  *build(session, name) {
    const cert = yield* pemFile(session, session.flags.text('cert'));
    const key = yield* pemFile(session, session.flags.text('key'));
    if (!cert.includes('-----BEGIN CERTIFICATE-----')) {
      yield* fatal(session, 'tls: failed to find any PEM data in certificate input');
    }
    if (!/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(key)) {
      yield* fatal(session, 'tls: failed to find any PEM data in key input');
    }
    const values = new Map([
      ['tls.crt', cert],
      ['tls.key', key],
    ]);
    return secretDraft(session, name, 'kubernetes.io/tls', values);
  },
});

/** Simplified: that key and certificate belong together is not checked. */
function* pemFile(session: Session, path: string): Step<string> {
  const { machine, cwd } = session.line;
  const file = yield* readFile(machine, resolvePath(cwd, path));
  if (!file) {
    const why = `open ${path}: no such file or directory`;
    return yield* fatal(session, `Cannot read file ${path}, ${why}`);
  }
  return file.content;
}
