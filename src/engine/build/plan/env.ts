import { formatPlatform, type Platform } from '../../oci/platform.ts';
import type { InstructionOf } from '../dockerfile/ast.ts';
import { expand, type Lookup } from '../dockerfile/expand.ts';
import { Fault } from './fault.ts';
import { readEnv } from './image.ts';
import type { PlanOptions } from './options.ts';

/** Variables of a stage, in the order they were first set. */
export class Env {
  readonly #values: Map<string, string>;

  constructor(values: ReadonlyMap<string, string> = new Map()) {
    this.#values = new Map(values);
  }

  set(key: string, value: string): void {
    this.#values.set(key, value);
  }

  copy(): Env {
    return new Env(this.#values);
  }

  readonly get: Lookup = (name) => this.#values.get(name);

  get keys(): string[] {
    return [...this.#values.keys()];
  }

  /** `NAME=value` each. */
  list(): string[] {
    return [...this.#values].map(([key, value]) => `${key}=${value}`);
  }
}

/** ARGs that every Dockerfile has: `dockerfile2llb/platform.go`, `defaultArgs`. */
export function defaultArgs(options: PlanOptions, target: string): Env {
  const build = options.buildPlatform;
  const own = options.platform ?? build;
  const parts = (prefix: string, platform: Platform): [string, string][] => [
    [`${prefix}PLATFORM`, formatPlatform(platform)],
    [`${prefix}OS`, platform.os],
    [`${prefix}OSVERSION`, ''],
    [`${prefix}ARCH`, platform.architecture],
    [`${prefix}VARIANT`, platform.variant ?? ''],
  ];
  const all: [string, string][] = [
    ...parts('BUILD', build),
    ...parts('TARGET', own),
    ['TARGETSTAGE', target === '' ? 'default' : target],
  ];
  const env = new Env();
  for (const [key, value] of all) env.set(key, given(options.buildArgs, key) ?? value);
  return env;
}

export const given = (args: Readonly<Record<string, string>>, key: string): string | undefined =>
  Object.hasOwn(args, key) ? args[key] : undefined;

/** ARGs above the first FROM, upon those that every Dockerfile has. */
export function globalArgs(
  start: Env,
  metaArgs: readonly InstructionOf<'ARG'>[],
  buildArgs: Readonly<Record<string, string>>,
  escape: string,
): { env: Env; declared: ReadonlySet<string> } {
  const env = start.copy();
  const declared = new Set<string>();
  for (const { args, lines } of metaArgs) {
    for (const { key, value } of args) {
      declared.add(key);
      let set = given(buildArgs, key);
      if (set === undefined && value !== undefined) {
        const expanded = expand(value, env.get, { escape });
        if (!expanded.ok) throw new Fault(expanded.message, [lines]);
        set = expanded.value;
      }
      if (set !== undefined) env.set(key, set);
    }
  }
  return { env, declared };
}

/**
 * Names and values that a step may use: variables, and arguments that none of them hides; of
 * arguments with one name the first (`convert_test.go`, `toEnvMap`).
 */
export function knownVariables(
  args: readonly { readonly key: string; readonly value?: string | undefined }[],
  env: readonly string[],
): Record<string, string> {
  const known = readEnv(env);
  for (const { key, value } of args) {
    if (value !== undefined && !Object.hasOwn(known, key)) known[key] = value;
  }
  return known;
}

const PROXIES = ['http_proxy', 'https_proxy', 'ftp_proxy', 'no_proxy', 'all_proxy'];

/** Proxies among the build's arguments: every RUN has them, no cache key does. */
export function proxyOf(buildArgs: Readonly<Record<string, string>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const key of Object.keys(buildArgs).sort()) {
    const lower = key.toLowerCase();
    if (PROXIES.includes(lower)) found[lower] = buildArgs[key]!;
  }
  return found;
}
