import type { Kernel } from './sim/kernel.ts';
import type { Table } from './sim/store.ts';

/**
 * What can be broken in a world, and mended: `drydock fault machine node-2 down`. Which words there
 * are stands here; what they do is told by the rooms (world.ts).
 */
interface Subject {
  /** What its names are, as the usage says. */
  readonly names: readonly string[];
  /** An action and what takes it back; `undefined` for what happens once and is over. */
  readonly actions: Readonly<Record<string, string | undefined>>;
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
  link: { names: ['A', 'B'], actions: { cut: 'mend' } },
  registry: {
    names: ['HOST'],
    actions: { down: 'up', slow: 'up', 'rate-limit': 'up', unauthorized: 'up' },
  },
  disk: { names: ['MACHINE'], actions: { slow: 'mend' } },
  memory: { names: ['MACHINE'], actions: { fill: 'free' } },
};

/** People say node where the engine says machine. */
const ALIASES: Readonly<Record<string, string>> = { node: 'machine' };

export interface FaultCall {
  readonly names: readonly string[];
  readonly action: string;
  /** The machine at which it was typed. */
  readonly machine: string;
}

/** Does it; gives why not, or undefined. */
export type Effect = (call: FaultCall) => string | undefined;

interface FaultRow {
  readonly since: number;
}

export function usageOfFaults(): string[] {
  return Object.entries(SUBJECTS).map(([subject, { names, actions }]) => {
    const mends = new Set(Object.values(actions).filter((action) => action !== undefined));
    const words = [...Object.keys(actions), ...mends];
    return `drydock fault ${subject} ${names.join(' ')} ${words.join('|')}`;
  });
}

export class Faults {
  readonly #kernel: Kernel;
  /** Faults that hold: `machine node-2 down`. */
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
    const name = ALIASES[first] ?? first;
    const subject = Object.hasOwn(SUBJECTS, name) ? SUBJECTS[name] : undefined;
    if (!subject) {
      return `a fault is of ${Object.keys(SUBJECTS).join(', ')}, not of "${first}"`;
    }
    const action = rest.at(-1) ?? '';
    const names = rest.slice(0, -1);
    const begins = Object.hasOwn(subject.actions, action);
    const ends = Object.values(subject.actions).includes(action);
    if (names.length !== subject.names.length || (!begins && !ends)) {
      return `say: ${usageOfFaults().find((line) => line.startsWith(`drydock fault ${name} `))}`;
    }
    const effect = this.#effects[name];
    if (!effect) return `a ${name} cannot be broken in this world`;
    const problem = effect({ names, action, machine });
    const what = [name, ...names].join(' ');
    const held = [...this.#rows.withPrefix(`${what} `)];
    // What has gone in the meantime, a container, has taken its fault with it.
    if (problem !== undefined && (begins || held.length === 0)) return problem;
    for (const [row] of held) this.#rows.delete(row);
    if (begins && subject.actions[action] !== undefined) {
      this.#rows.set(`${what} ${action}`, { since: this.#kernel.now });
    }
    return undefined;
  }

  /** The faults that hold now, with the time since when. */
  list(): { readonly fault: string; readonly sinceMs: number }[] {
    return [...this.#rows.withPrefix('')].map(([fault, { since }]) => ({ fault, sinceMs: since }));
  }
}
