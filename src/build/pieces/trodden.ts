/**
 * What of the engine is trodden: which functions every world of a platform uses, which some figures use,
 * and which nobody was seen to use. It is found by living: all scenarios with figures, and usual commands, are
 * lived in a process of its own that counts calls (`scripts/tread.ts`). The answer is kept in node_modules/.cache,
 * under a hash of the sources.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Which runs used a function, by module and name. Whoever was loaded, but not used, has no runs. */
export interface Treading {
  /** Names of the runs; the first is the loading of the engine. */
  readonly runs: readonly string[];
  readonly modules: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

/** What a treading depends on; of pages, their figures. */
const SOURCES = ['src/**/*.{ts,yaml}', 'scripts/tread.ts', 'package-lock.json'];
/** What nobody lives by. */
const ASIDE = /\.test\.ts$|^src\/build\//;
const PAGES = 'content/docs/en/**/*.mdx';
const FIGURE = /```mermaid figure=\S+ run=[\s\S]*?```/g;

function hashOfSources(root: string): string {
  const hash = createHash('sha256').update(process.version);
  const read = (file: string): string => readFileSync(join(root, file), 'utf8');
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: root }));
  for (const file of files.filter((one) => !ASIDE.test(one)).sort()) {
    hash.update(`\0${file}\0`).update(read(file));
  }
  for (const file of globSync(PAGES, { cwd: root }).sort()) {
    hash.update(`\0${file}\0`).update((read(file).match(FIGURE) ?? []).join());
  }
  return hash.digest('hex').slice(0, 16);
}

const known = new Map<string, Treading>();

/** @param root the project's folder */
export function treadingOf(root: string): Treading {
  let treading = known.get(root);
  if (!treading) {
    const file = join(root, `node_modules/.cache/drydock/trodden-${hashOfSources(root)}.json`);
    if (!existsSync(file)) {
      mkdirSync(dirname(file), { recursive: true });
      const program = join(root, 'scripts/tread.ts');
      execFileSync(process.execPath, [program, file], {
        cwd: root,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
    }
    treading = JSON.parse(readFileSync(file, 'utf8')) as Treading;
    known.set(root, treading);
  }
  return treading;
}

/** The platform that a run shows. Runs of several count for none. */
const FAMILIES: readonly (readonly [name: string, runs: RegExp])[] = [
  ['docker', /^(containers|images|host)\b/],
  ['compose', /^compose\b/],
  ['swarm', /^swarm\b/],
  ['kubernetes', /^(orchestration|cluster)\b/],
  ['others', /./],
];

/** Whose world a module belongs to; where none is named it is everybody's, who begin with a host. */
const HOMES: readonly (readonly [module: RegExp, homes: readonly string[]])[] = [
  [/^src\/engine\/(kubernetes|kubectl)\//, ['kubernetes']],
  [/^src\/engine\/(swarm|raft)\//, ['swarm']],
  [/^src\/engine\/compose/, ['compose']],
  [/^node_modules\/yaml\//, ['compose', 'kubernetes']],
  [/./, ['docker']],
];

/** The run in which modules are loaded. */
const LOADING = 0;

/** What such a share of a platform's runs uses is used by all. */
const USUAL = 0.9;

/** Never trodden, by where it stands. */
const COLD: readonly (readonly [name: string, module: RegExp])[] = [
  ['docker', /^src\/engine\/(docker|build|containerd|oci)\//],
  ['shell', /^src\/engine\/(shell-language|programs|machine|completion)\//],
  ['kubectl', /^src\/engine\/kubernetes\/kubectl\//],
  ['kubernetes', /^src\/engine\/kubernetes\//],
  ['swarm', /^src\/engine\/(swarm|raft)\//],
  ['compose', /^(src\/engine\/compose|node_modules\/yaml\/)/],
  ['figures', /^src\/(islands|diagram|scenarios|i18n)\//],
  ['others', /./],
];

const SHARED = 'warm/shared';
/** Of several platforms, but of no cluster. */
const HOSTS = 'warm/hosts';
/** Of several platforms, but not of a host alone. */
const PLATFORMS = 'warm/platforms';

/**
 * What holds a world, and takes it back when something was missed: nobody would fetch what is missed there.
 */
const NEVER_AWAY = [
  /^src\/engine\/sim\//,
  /^src\/engine\/(session|terminal)\.ts$/,
  /^src\/scenarios\/play(back)?\.ts$/,
  /^src\/islands\/engine-room\/[^/]+$/,
];

/** Where pieces are missed, and fetched. */
export const PIECES_HOME = 'src/engine/sim/pieces.ts';

/** All parts, the first being what is not parted. Those of figures come before what is seldom asked for. */
export const PARTS: readonly string[] = [
  'usual',
  SHARED,
  HOSTS,
  PLATFORMS,
  ...FAMILIES.map(([name]) => `warm/${name}`),
  ...COLD.map(([name]) => `cold/${name}`),
];

const first = <T>(rows: readonly (readonly [string, T])[], is: (value: T) => boolean): string =>
  rows.find(([, value]) => is(value))![0];

/** Where functions are to be, as far as anybody knows. */
export class Trodden {
  readonly #treading: Treading;
  /** The family of each run. */
  readonly #families: readonly string[];
  readonly #sizes = new Map<string, number>();

  constructor(treading: Treading) {
    this.#treading = treading;
    this.#families = treading.runs.map((run) => first(FAMILIES, (runs) => runs.test(run)));
    for (const name of this.#families.slice(1)) {
      this.#sizes.set(name, (this.#sizes.get(name) ?? 0) + 1);
    }
  }

  /**
   * @param module path from the project's folder
   * @returns a part; undefined for what nobody knows, and for what is called while modules are loaded
   */
  partOf(module: string, name: string): string | undefined {
    if (NEVER_AWAY.some((one) => one.test(module))) return 'usual';
    const functions = this.#treading.modules[nodePath(module)];
    if (!functions) return undefined;
    const all = Object.hasOwn(functions, name) ? functions[name]! : [];
    // Whoever is called then is to be where his callers are: nobody could fetch him.
    if (all.includes(LOADING)) return undefined;
    if (all.length === 0) return `cold/${first(COLD, (at) => at.test(module))}`;
    const counts = new Map<string, number>();
    for (const run of all) {
      const family = this.#families[run]!;
      counts.set(family, (counts.get(family) ?? 0) + 1);
    }
    const [, homes] = HOMES.find(([at]) => at.test(module))!;
    const isUsual = homes.some(
      (home) => (counts.get(home) ?? 0) >= USUAL * (this.#sizes.get(home) ?? Infinity),
    );
    if (isUsual) return 'usual';
    const families = [...counts.keys()].filter((one) => one !== 'others' || counts.size === 1);
    if (families.length === 1) return `warm/${families[0]!}`;
    if (!families.includes('docker')) return PLATFORMS;
    return families.includes('kubernetes') ? SHARED : HOSTS;
  }

  /** The parts that a run used, none of which all have. */
  partsOf(run: string): readonly string[] {
    const at = this.#treading.runs.indexOf(run);
    const parts = new Set<string>();
    if (at < 1) return [];
    for (const [module, functions] of Object.entries(this.#treading.modules)) {
      for (const [name, runs] of Object.entries(functions)) {
        if (runs.includes(at)) parts.add(this.partOf(module, name) ?? 'usual');
      }
    }
    return [...parts].filter((part) => part !== 'usual').sort();
  }
}

/** Packages have other files for browsers than for Node. */
const nodePath = (module: string): string =>
  module
    .replace('/yaml/browser/', '/yaml/')
    .replace('/fflate/esm/browser.js', '/fflate/esm/index.mjs');
