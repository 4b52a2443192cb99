import { parseBoolean } from '../../../../go/numbers.ts';
import { goQuote } from '../../../../go/quote.ts';
import { isRefused } from '../../../../go/refused.ts';
import { toBase64 } from '../../../../oci/base64.ts';
import { base64Fault } from '../../../api/schema/base64.ts';
import { entry, withEntry, type EntryKind, type Kubeconfig, type Plain } from '../../kubeconfig.ts';
import { fatal, print, type Session, type Step } from '../../session.ts';
import { change, starting, wrongArguments } from './file.ts';

/**
 * `kubectl config set|unset PROPERTY`: a way through the kubeconfig by the names of its fields
 * (kubectl/pkg/cmd/config/{navigation_step_parser,set,unset}.go, v1.36).
 */
type FieldType = 'text' | 'bool' | 'bytes' | 'other';

const texts = (...names: string[]): Record<string, FieldType> =>
  Object.fromEntries(names.map((name) => [name, 'text']));

/** Fields of the entries of each kind, by what may be set. */
const FIELDS: Readonly<Record<EntryKind, Readonly<Record<string, FieldType>>>> = {
  clusters: {
    ...texts('server', 'tls-server-name', 'certificate-authority', 'proxy-url'),
    'insecure-skip-tls-verify': 'bool',
    'disable-compression': 'bool',
    'certificate-authority-data': 'bytes',
    extensions: 'other',
  },
  contexts: { ...texts('cluster', 'user', 'namespace'), extensions: 'other' },
  users: {
    ...texts('client-certificate', 'client-key', 'token', 'tokenFile', 'act-as', 'act-as-uid'),
    ...texts('username', 'password'),
    'client-certificate-data': 'bytes',
    'client-key-data': 'bytes',
    'act-as-groups': 'other',
    'act-as-user-extra': 'other',
    'auth-provider': 'other',
    exec: 'other',
    extensions: 'other',
  },
};

const TYPES: Readonly<Record<EntryKind, string>> = {
  clusters: 'api.Cluster',
  contexts: 'api.Context',
  users: 'api.AuthInfo',
};

/** What an entry has even when nothing is set. */
const DEFAULTS: Readonly<Record<EntryKind, Plain>> = {
  clusters: { server: '' },
  contexts: { cluster: '', user: '' },
  users: {},
};

interface Property {
  readonly kind: EntryKind | 'current-context' | 'constant';
  /** Undefined for all entries. */
  readonly entry?: string;
  readonly field?: string;
}

/** `clusters.NAME.FIELD` in its parts; a name may have dots of its own. */
function* propertyOf(session: Session, name: string): Step<Property> {
  if (name === '') yield* fatal(session, 'you must specify a property');
  const [first = '', ...rest] = name.split('.');
  if (first === 'current-context' || first === 'kind' || first === 'apiVersion') {
    if (rest.length > 0) {
      yield* fatal(session, `unable to parse one or more field values of ${name}`);
    }
    return { kind: first === 'current-context' ? first : 'constant' };
  }
  if (!Object.hasOwn(FIELDS, first)) {
    return yield* fatal(session, `unable to parse ${name} after [] at api.Config`);
  }
  const kind = first as EntryKind;
  if (rest.length === 0) return { kind };
  const at = rest.findIndex((part, i) => i > 0 && Object.hasOwn(FIELDS[kind], part));
  if (at === -1) return { kind, entry: rest.join('.') };
  if (at < rest.length - 1) {
    yield* fatal(session, `unable to parse one or more field values of ${name}`);
  }
  return { kind, entry: rest.slice(0, at).join('.'), field: rest[at]! };
}

export function* set(session: Session): Step<number> {
  const { words } = session;
  if (words.length !== 2) yield* wrongArguments(session);
  const [name = '', text = ''] = words;
  const config = yield* starting(session);
  const { kind, entry: named, field } = yield* propertyOf(session, name);
  if (kind === 'current-context') {
    yield* change(session, (old) => ({ ...old, currentContext: text }));
  } else if (kind !== 'constant') {
    if (named === undefined || field === undefined) return yield* noMap(session, config, kind);
    const value = yield* valueOf(session, FIELDS[kind][field] ?? 'other', text, kind);
    yield* change(session, (old) => {
      const before = entry(old, kind, named)?.value ?? DEFAULTS[kind];
      return withEntry(old, kind, named, { ...before, [field]: value });
    });
  }
  yield* print(session, `Property ${goQuote(name)} set.\n`);
  return 0;
}

/** Simplified: the real one prints addresses in memory behind the names. */
function* noMap(session: Session, config: Kubeconfig, kind: EntryKind): Step<never> {
  const names = config[kind].map(({ name }) => `${name}:…`);
  return yield* fatal(session, `can't set a map to a value: map[${names.join(' ')}]`);
}

function* valueOf(session: Session, type: FieldType, text: string, kind: EntryKind): Step<unknown> {
  if (type === 'bool') {
    const value = parseBoolean(text);
    if (isRefused(value)) return yield* fatal(session, value.refused);
    return value || undefined;
  }
  if (type === 'bytes') {
    if (session.flags.has('set-raw-bytes')) return toBase64(text);
    const fault = base64Fault(text);
    const why = `error decoding input value: illegal base64 data at input byte ${fault}`;
    return fault === undefined ? text : yield* fatal(session, why);
  }
  if (type === 'other') return yield* fatal(session, `${TYPES[kind]} is not set by a word here`);
  return text;
}

export function* unset(session: Session): Step<number> {
  const { words } = session;
  if (words.length !== 1) yield* wrongArguments(session);
  const [name = ''] = words;
  const config = yield* starting(session);
  const { kind, entry: named, field } = yield* propertyOf(session, name);
  if (kind === 'current-context') {
    if (config.currentContext !== '') {
      yield* change(session, (old) => ({ ...old, currentContext: '' }));
    }
  } else if (kind !== 'constant') {
    const found = named === undefined ? undefined : entry(config, kind, named);
    if (field !== undefined && !found) {
      yield* fatal(session, `current map key \`${named}\` is invalid`);
    }
    const changes = named === undefined ? config[kind].length > 0 : found !== undefined;
    if (changes) yield* change(session, (old) => without(old, { kind, entry: named, field }));
  }
  yield* print(session, `Property ${goQuote(name)} unset.\n`);
  return 0;
}

function without(
  config: Kubeconfig,
  { kind, entry: named, field }: { kind: EntryKind; entry?: string; field?: string },
): Kubeconfig {
  if (named === undefined) return { ...config, [kind]: [] };
  if (field === undefined) return withEntry(config, kind, named, undefined);
  const { [field]: _gone, ...rest } = entry(config, kind, named)?.value ?? {};
  return withEntry(config, kind, named, { ...DEFAULTS[kind], ...rest });
}
