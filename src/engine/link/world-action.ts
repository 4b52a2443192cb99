import type { Action } from '../sim/kernel.ts';

/**
 * What people do to a world, as a link or a file holds it. Whoever makes worlds takes these actions
 * (world.ts); a new one is a new version of the link.
 */
export type WorldAction =
  | { readonly type: 'shell'; readonly machine: string; readonly line: string }
  | { readonly type: 'interrupt'; readonly machine: string }
  | {
      readonly type: 'save';
      readonly machine: string;
      /** Absolute. */
      readonly path: string;
      readonly content: string;
    };

/** The texts of each kind of action behind its machine, in the order in which a link has them. */
const TEXTS = {
  shell: ['line'],
  interrupt: [],
  save: ['path', 'content'],
} as const satisfies Record<WorldAction['type'], readonly string[]>;

/** Their places are numbers in links that are out: only ever add at the end. */
const KINDS: readonly WorldAction['type'][] = ['shell', 'interrupt', 'save'];

const MACHINE_NAME = /^[a-z0-9-]{1,63}$/;

/** The action that data from outside is, made anew with its own fields only; else undefined. */
export function readAction(data: unknown): WorldAction | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const own = (key: string): unknown =>
    Object.hasOwn(data, key) ? (data as Record<string, unknown>)[key] : undefined;
  const kind = KINDS.find((known) => known === own('type'));
  const machine = own('machine');
  if (kind === undefined || typeof machine !== 'string' || !MACHINE_NAME.test(machine)) {
    return undefined;
  }
  const texts = TEXTS[kind].map((key) => [key, own(key)] as const);
  if (!texts.every(([, text]) => typeof text === 'string')) return undefined;
  const action = { type: kind, machine, ...Object.fromEntries(texts) } as WorldAction;
  return action.type === 'save' && !action.path.startsWith('/') ? undefined : action;
}

/** `[kind, machine, …texts]`. @throws when it is none of the actions of a world */
export function packAction(action: Action): (number | string)[] {
  const known = readAction(action);
  if (!known) throw new Error(`no link holds the action ${action.type}`);
  const fields = known as unknown as Record<string, string>;
  const texts = TEXTS[known.type].map((key) => fields[key]!);
  return [KINDS.indexOf(known.type), known.machine, ...texts];
}

/** The action behind `[kind, machine, …texts]`; undefined when it is none. */
export function unpackAction(packed: readonly unknown[]): WorldAction | undefined {
  const [number, machine, ...texts] = packed;
  const type = typeof number === 'number' ? KINDS[number] : undefined;
  if (type === undefined || texts.length !== TEXTS[type].length) return undefined;
  const named = TEXTS[type].map((key, at) => [key, texts[at]] as const);
  return readAction({ type, machine, ...Object.fromEntries(named) });
}
