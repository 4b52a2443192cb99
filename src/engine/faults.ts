import type { Kernel } from './sim/kernel.ts';
import type { Table } from './sim/store.ts';

/**
 * What can be broken in a world, and mended: `drydock fault machine node-2 down`. Which words there
 * are stands here; what they do is told by the rooms (fault-effects.ts). A thing has one fault at a
 * time: the next one takes the place of the one before.
 */
interface Subject {
  /** What its names are, as the usage says. */
  readonly names: readonly string[];
  /** An action and what takes it back; `undefined` for what happens once and is over. */
  readonly actions: Readonly<Record<string, string | undefined>>;
  /** What an action is told besides, as the usage says. */
  readonly amounts?: Readonly<Record<string, string>>;
}

export const SUBJECTS: Readonly<Record<string, Subject>> = {
  machine: { names: ['NAME'], actions: { down: 'up' } },
  container: {
    names: ['NAME|POD[/CONTAINER]'],
    actions: { crash: undefined, hang: 'mend', leak: 'mend', slow: 'mend', cpu: 'mend' },
  },
  daemon: { names: ['MACHINE'], actions: { stop: 'start' } },
  kubelet: { names: ['NODE'], actions: { stop: 'start' } },
  component: { names: ['NAME'], actions: { stop: 'start' } },
  link: {
    names: ['A', 'B'],
    actions: { cut: 'mend', latency: 'mend' },
    amounts: { latency: 'TIME' },
  },
  registry: {
    names: ['HOST'],
    actions: { down: 'up', slow: 'up', 'rate-limit': 'up', unauthorized: 'up' },
  },
  disk: { names: ['MACHINE'], actions: { slow: 'mend', fill: 'free' } },
  memory: { names: ['MACHINE'], actions: { fill: 'free' } },
};

/** People say node where the engine says machine. */
const ALIASES: Readonly<Record<string, string>> = { node: 'machine' };

export interface FaultCall {
  readonly names: readonly string[];
  readonly action: string;
  /** What the action was told besides: `200ms`. */
  readonly amount?: string;
  /** The machine at which it was typed. */
  readonly machine: string;
}

/** What one kind of fault does to the rooms of a world. */
export interface Effect {
  /** Does it; gives why not, or undefined. */
  readonly apply: (call: FaultCall) => string | undefined;
  /**
   * Whether what it broke is broken still. A container that was started again has left its fault
   * behind, and what has two names may be mended by the other.
   */
  readonly holds: (call: FaultCall) => boolean;
  /** The names of each thing that is meant, where one name may stand for several. */
  readonly meant?: (names: readonly string[]) => readonly (readonly string[])[];
}

interface FaultRow {
  readonly since: number;
  readonly call: FaultCall;
}

const wordsOf = ({ actions, amounts = {} }: Subject): string[] => {
  const mends = new Set(Object.values(actions).filter((action) => action !== undefined));
  const words = Object.keys(actions).map((action) =>
    amounts[action] === undefined ? action : `${action} ${amounts[action]}`,
  );
  return [...words, ...mends];
};

export function usageOfFaults(): string[] {
  return Object.entries(SUBJECTS).map(
    ([name, subject]) =>
      `drydock fault ${name} ${subject.names.join(' ')} ${wordsOf(subject).join('|')}`,
  );
}

/** Names, action and amount of what was typed; undefined when it is no sentence. */
function parse(
  { names, actions, amounts = {} }: Subject,
  words: readonly string[],
): Omit<FaultCall, 'machine'> | undefined {
  const action = words[names.length] ?? '';
  const amount = words[names.length + 1];
  const isAction = Object.hasOwn(actions, action) || Object.values(actions).includes(action);
  const length = names.length + (amounts[action] === undefined ? 1 : 2);
  if (!isAction || words.length !== length) return undefined;
  return {
    names: words.slice(0, names.length),
    action,
    ...(amount !== undefined && { amount }),
  };
}

export class Faults {
  readonly #kernel: Kernel;
  /** Faults that were brought about: `machine node-2 down`. */
  readonly #rows: Table<string, FaultRow>;
  readonly #effects: Readonly<Record<string, Effect>>;

  constructor(kernel: Kernel, effects: Readonly<Record<string, Effect>>) {
    this.#kernel = kernel;
    this.#effects = effects;
    this.#rows = kernel.store.table<FaultRow>('faults');
  }

  /** @param words `machine node-2 down`, in words. @returns why not, or undefined */
  apply(words: readonly string[], machine: string): string | undefined {
    const [first = '', ...rest] = words;
    if (first === '') return `say what is to break:\n${usageOfFaults().join('\n')}`;
    const name = ALIASES[first] ?? first;
    const subject = Object.hasOwn(SUBJECTS, name) ? SUBJECTS[name] : undefined;
    if (!subject) {
      return `a fault is of ${Object.keys(SUBJECTS).join(', ')}, not of "${first}"`;
    }
    const parsed = parse(subject, rest);
    if (!parsed) {
      return `say: ${usageOfFaults().find((line) => line.startsWith(`drydock fault ${name} `))}`;
    }
    const effect = this.#effects[name];
    if (!effect) return `a ${name} cannot be broken in this world`;
    const call: FaultCall = { ...parsed, machine };
    const meant = effect.meant?.(call.names) ?? [call.names];
    const held = meant.flatMap((names) => [
      ...this.#rows.withPrefix(`${[name, ...names].join(' ')} `),
    ]);
    const begins = Object.hasOwn(subject.actions, call.action);
    const problem = effect.apply(call);
    // What has gone in the meantime, a container, has taken its fault with it.
    if (problem !== undefined && (begins || held.length === 0)) return problem;
    for (const [row] of held) this.#rows.delete(row);
    this.#forget();
    if (begins && subject.actions[call.action] !== undefined) {
      for (const names of meant) this.#note(name, { ...call, names });
    }
    return undefined;
  }

  /** The faults that hold now, with the time since when. */
  list(): { readonly fault: string; readonly sinceMs: number }[] {
    return [...this.#rows.withPrefix('')]
      .filter(([key, { call }]) => this.#holds(key, call))
      .map(([fault, { since }]) => ({ fault, sinceMs: since }));
  }

  #note(name: string, call: FaultCall): void {
    const { names, action, amount } = call;
    const words = [name, ...names, action, ...(amount === undefined ? [] : [amount])];
    this.#rows.set(words.join(' '), { since: this.#kernel.now, call });
  }

  #holds(key: string, call: FaultCall): boolean {
    const [name = ''] = key.split(' ', 1);
    return this.#effects[name]?.holds(call) ?? false;
  }

  /** Drops what was mended by another way. */
  #forget(): void {
    for (const [key, { call }] of [...this.#rows.withPrefix('')]) {
      if (!this.#holds(key, call)) this.#rows.delete(key);
    }
  }
}
