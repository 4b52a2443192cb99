import type { Variables } from './rows.ts';

/** The variables of a process: one by its name, or all in one object, which costs more. */
export interface VariablesOf {
  one(name: string): string | undefined;
  all(): Variables;
}

/**
 * Variables with a note of which were looked at while something was found out from them. Whoever
 * has the same in those finds out the same, whatever else differs.
 */
export class NotedVariables {
  readonly #env: Variables;
  readonly #looked = new Set<string>();
  #all = false;
  /** The same variables, for who looks at them. */
  readonly env: Variables;

  constructor(env: Variables) {
    this.#env = env;
    const note = (name: string | symbol): void => {
      if (typeof name === 'string') this.#looked.add(name);
    };
    this.env = new Proxy(env, {
      get(target, name) {
        note(name);
        return Reflect.get(target, name) as unknown;
      },
      has(target, name) {
        note(name);
        return Reflect.has(target, name);
      },
      ownKeys: (target) => {
        this.#all = true;
        return Reflect.ownKeys(target);
      },
      getOwnPropertyDescriptor(target, name) {
        note(name);
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    });
  }

  /** Whether others are the same where it counts. @param unseen a name that was kept from them */
  agreesWith(others: VariablesOf, unseen: string): boolean {
    const env = this.#env;
    if (this.#all) {
      const all = others.all();
      const names = Object.keys(all).filter((name) => name !== unseen);
      const isSame = (name: string): boolean => env[name] === all[name];
      return names.length === Object.keys(env).length && names.every(isSame);
    }
    for (const name of this.#looked) {
      if (name !== unseen && env[name] !== others.one(name)) return false;
    }
    return true;
  }
}
