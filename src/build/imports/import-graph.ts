/**
 * The import graph of the whole project: TypeScript as dependency-cruiser reads it (type-only
 * imports included), `.astro` and `.mdx` as our own extraction reads them.
 */
import { cruise } from 'dependency-cruiser';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { globPatterns, importsOfAstro, importsOfMdx, urlReferences } from './extract-imports.ts';

/** One import. Paths are from the project's root, with `/`. */
export interface Edge {
  from: string;
  /** As it is written. */
  specifier: string;
  /** A file of the project, a package's name, or a module that comes with Node. */
  to: { kind: 'file' | 'package' | 'node' | 'missing'; name: string };
  /** How it was written: a statement, or a reference by URL or pattern. */
  by: 'import' | 'reference';
}

export interface ImportGraph {
  /** Every source file on disk, in order. */
  files: readonly string[];
  /** The files among them that were read; all of them, or the reading failed. */
  read: ReadonlySet<string>;
  edges: readonly Edge[];
}

const PLACES = ['src', 'scripts', 'tests', 'content'];
const SOURCE = /\.(ts|tsx|mts|astro|mdx)$/;
const SCRIPT = /\.(ts|tsx|mts)$/;

function listFiles(root: string): string[] {
  const options = { cwd: root, exclude: (name: string) => name === 'node_modules' };
  return PLACES.flatMap((place) => globSync(`${place}/**/*`, options))
    .map((file) => file.split(sep).join('/'))
    .filter((file) => SOURCE.test(file) && !file.includes('/fixtures/'))
    .sort((a, b) => (a < b ? -1 : 1));
}

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}

function edge(root: string, from: string, specifier: string, by: Edge['by']): Edge {
  if (!specifier.startsWith('.') && !specifier.startsWith('/')) {
    if (isBuiltin(specifier)) return { from, specifier, by, to: { kind: 'node', name: specifier } };
    return { from, specifier, by, to: { kind: 'package', name: packageName(specifier) } };
  }
  const path = join(root, dirname(from), specifier.replace(/[?#].*$/, ''));
  const name = relative(root, path).split(sep).join('/');
  const exists = existsSync(path) && statSync(path).isFile();
  return { from, specifier, by, to: { kind: exists ? 'file' : 'missing', name } };
}

function edgesOfPage(root: string, from: string): Edge[] {
  const text = readFileSync(join(root, from), 'utf8');
  const found = from.endsWith('.mdx') ? importsOfMdx(text) : importsOfAstro(text);
  return found.map((specifier) => edge(root, from, specifier, 'import'));
}

/** References of a module to others by URL or by pattern. */
function referencesOf(root: string, from: string): Edge[] {
  const text = readFileSync(join(root, from), 'utf8');
  const named = urlReferences(text)
    .map((specifier) => edge(root, from, specifier, 'reference'))
    // A URL may name a folder, or a file that is yet to be made: only files are modules.
    .filter((found) => found.to.kind === 'file');
  const matched = globPatterns(text).flatMap((pattern) => {
    const cwd = pattern.startsWith('/') ? root : join(root, dirname(from));
    const plain = pattern.replace(/^\//, '');
    return globSync(plain, { cwd }).map((file) => {
      const name = relative(root, join(cwd, file)).split(sep).join('/');
      return { from, specifier: pattern, by: 'reference', to: { kind: 'file', name } } as const;
    });
  });
  return [...named, ...matched];
}

/** What dependency-cruiser tells of one import, as far as it is needed here. */
interface CruisedDependency {
  module: string;
  coreModule: boolean;
}

async function cruiseScripts(root: string, files: readonly string[]): Promise<Map<string, Edge[]>> {
  const places = PLACES.filter((place) => files.some((file) => file.startsWith(`${place}/`)));
  const result = await cruise(places, {
    baseDir: root,
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)fixtures/' },
  });
  const modules = typeof result.output === 'string' ? [] : result.output.modules;
  const wanted = new Set(files);
  const edges = new Map<string, Edge[]>();
  for (const module of modules) {
    if (!wanted.has(module.source)) continue;
    const found = module.dependencies.map(({ module: name, coreModule }: CruisedDependency) => {
      const specifier = coreModule && !name.startsWith('node:') ? `node:${name}` : name;
      return edge(root, module.source, specifier, 'import');
    });
    edges.set(module.source, found);
  }
  return edges;
}

/** Reads the graph of the project in `root`. */
export async function readImportGraph(root: string): Promise<ImportGraph> {
  const files = listFiles(root);
  const scripts = files.filter((file) => SCRIPT.test(file));
  const cruised = await cruiseScripts(root, scripts);
  const read = new Set(cruised.keys());
  const edges = scripts.flatMap((file) => cruised.get(file) ?? []);
  for (const file of files) {
    if (SCRIPT.test(file)) edges.push(...referencesOf(root, file));
    else {
      read.add(file);
      edges.push(...edgesOfPage(root, file), ...referencesOf(root, file));
    }
  }
  const config = 'astro.config.mjs';
  if (existsSync(join(root, config))) edges.push(...edgesOfConfig(root, config));
  return { files, read, edges };
}

function edgesOfConfig(root: string, from: string): Edge[] {
  const text = readFileSync(join(root, from), 'utf8');
  return importsOfMdx(text).map((specifier) => edge(root, from, specifier, 'import'));
}
