import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import { readDocument } from './yaml/document.ts';

/** A kubeconfig file (staging/src/k8s.io/client-go/tools/clientcmd/api/v1/types.go, v1.36). */
export type Plain = Readonly<Record<string, unknown>>;

export interface NamedEntry {
  readonly name: string;
  readonly value: Plain;
}

export interface Kubeconfig {
  readonly clusters: readonly NamedEntry[];
  readonly contexts: readonly NamedEntry[];
  readonly users: readonly NamedEntry[];
  readonly currentContext: string;
}

export type EntryKind = 'clusters' | 'contexts' | 'users';
/** What an entry's value is called in the file. */
export const VALUE_FIELD: Readonly<Record<EntryKind, string>> = {
  clusters: 'cluster',
  contexts: 'context',
  users: 'user',
};

export const EMPTY_CONFIG: Kubeconfig = {
  clusters: [],
  contexts: [],
  users: [],
  currentContext: '',
};

const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const byName = (a: NamedEntry, b: NamedEntry): number => (a.name < b.name ? -1 : 1);

/** @param path as messages name the file */
export function parseKubeconfig(text: string, path: string): Kubeconfig | Refused {
  if (text.trim() === '') return EMPTY_CONFIG;
  const value = readDocument(text);
  if (isRefused(value)) return refuse(`error loading config file "${path}": ${value.refused}`);
  const loading = (why: string): Refused => refuse(`error loading config file "${path}": ${why}`);
  if (!isPlain(value)) {
    const type = Array.isArray(value) ? 'array' : typeof value;
    const target =
      'Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    const why = `json parse error: json: cannot unmarshal ${type} into ${target}`;
    return loading(`couldn't get version/kind; ${why}`);
  }
  const { kind = 'Config', apiVersion = 'v1' } = value;
  if (kind !== 'Config' || apiVersion !== 'v1') {
    const scheme = 'k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50';
    const which = `no kind "${textOf(kind)}" is registered for version "${textOf(apiVersion)}"`;
    return loading(`${which} in scheme "${scheme}"`);
  }
  for (const [field, type] of Object.entries(LISTS)) {
    const list = value[field];
    if (list === undefined || list === null || Array.isArray(list)) continue;
    const got = typeof list === 'boolean' ? 'bool' : typeof list;
    const target = `Go struct field Config.${field} of type []v1.${type}`;
    return loading(`json: cannot unmarshal ${got} into ${target}`);
  }
  return {
    clusters: entriesOf(value, 'clusters'),
    contexts: entriesOf(value, 'contexts'),
    users: entriesOf(value, 'users'),
    currentContext: textOf(value['current-context']),
  };
}

const LISTS: Readonly<Record<EntryKind, string>> = {
  clusters: 'NamedCluster',
  contexts: 'NamedContext',
  users: 'NamedAuthInfo',
};

function entriesOf(config: Plain, kind: EntryKind): NamedEntry[] {
  const list = config[kind];
  if (!Array.isArray(list)) return [];
  const entries: NamedEntry[] = [];
  for (const item of list as unknown[]) {
    if (!isPlain(item)) continue;
    const value = item[VALUE_FIELD[kind]];
    entries.push({ name: textOf(item.name), value: isPlain(value) ? value : {} });
  }
  return entries.sort(byName);
}

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** As it is written: `null` where there is nothing. */
export function writeKubeconfig(config: Kubeconfig): Plain {
  const list = (kind: EntryKind): unknown =>
    config[kind].length === 0
      ? null
      : config[kind].map(({ name, value }) => ({ [VALUE_FIELD[kind]]: value, name }));
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: list('clusters'),
    users: list('users'),
    contexts: list('contexts'),
    'current-context': config.currentContext,
  };
}

/** What several files say together: the first that has something wins. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const merge = (kind: EntryKind): NamedEntry[] => {
    const found = new Map<string, NamedEntry>();
    for (const config of configs) {
      for (const entry of config[kind]) if (!found.has(entry.name)) found.set(entry.name, entry);
    }
    return [...found.values()].sort(byName);
  };
  return {
    clusters: merge('clusters'),
    contexts: merge('contexts'),
    users: merge('users'),
    currentContext: configs.find((one) => one.currentContext !== '')?.currentContext ?? '',
  };
}

export const entry = (config: Kubeconfig, kind: EntryKind, name: string): NamedEntry | undefined =>
  config[kind].find((one) => one.name === name);

/** With an entry set, or taken away. */
export function withEntry(
  config: Kubeconfig,
  kind: EntryKind,
  name: string,
  value: Plain | undefined,
): Kubeconfig {
  const others = config[kind].filter((one) => one.name !== name);
  const list = value === undefined ? others : [...others, { name, value }].sort(byName);
  return { ...config, [kind]: list };
}
