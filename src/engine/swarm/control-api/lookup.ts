import type { SwarmStore } from '../store.ts';
import type {
  ConfigObject,
  NodeObject,
  SecretObject,
  ServiceObject,
  TaskObject,
} from '../objects.ts';

/**
 * How people name things: by full id, by full name, by the beginning of an id (moby/moby v29.7
 * `daemon/cluster/helpers.go`).
 */
export interface NotFound {
  readonly status: 400 | 404;
  readonly message: string;
}

export const isNotFound = (value: object): value is NotFound =>
  'status' in value && !('id' in value);

function pick<T>(kind: string, text: string, named: readonly T[], begins: () => T[]): T | NotFound {
  const found = named.length > 0 ? named : begins();
  const [first] = found;
  if (first === undefined) return { status: 404, message: `${kind} ${text} not found` };
  if (found.length === 1) return first;
  const why = `${kind} ${text} is ambiguous (${found.length} matches found)`;
  return { status: 400, message: why };
}

export function findNode(store: SwarmStore, swarm: string, text: string): NodeObject | NotFound {
  const known = store.get(swarm, 'node', text);
  if (known) return known;
  const named = store.allNamed(swarm, 'node', text).filter(({ hostname }) => hostname === text);
  return pick('node', text, named, () =>
    store.list(swarm, 'node').filter(({ id }) => id.startsWith(text)),
  );
}

export function findService(
  store: SwarmStore,
  swarm: string,
  text: string,
): ServiceObject | NotFound {
  const known = store.get(swarm, 'service', text);
  if (known) return known;
  const named = store.allNamed(swarm, 'service', text).filter(({ spec }) => spec.Name === text);
  return pick('service', text, named, () =>
    store.list(swarm, 'service').filter(({ id }) => id.startsWith(text)),
  );
}

export function findTask(store: SwarmStore, swarm: string, text: string): TaskObject | NotFound {
  const known = store.get(swarm, 'task', text);
  if (known) return known;
  const all = store.list(swarm, 'task');
  return pick(
    'task',
    text,
    all.filter(({ name }) => name === text),
    () => all.filter(({ id }) => id.startsWith(text)),
  );
}

export function findFile(
  store: SwarmStore,
  swarm: string,
  kind: 'secret' | 'config',
  text: string,
): SecretObject | ConfigObject | NotFound {
  const known = store.get(swarm, kind, text);
  if (known) return known;
  const named = store.allNamed(swarm, kind, text).filter(({ spec }) => spec.Name === text);
  return pick(kind, text, named, () =>
    store.list(swarm, kind).filter(({ id }) => id.startsWith(text)),
  );
}
