/** How the bundler is to lay out what it makes of a worker with the engine in it. */
import { createHash } from 'node:crypto';
import { PIECE } from './plugin.ts';

/** What the bundler knows of a module. */
interface Known {
  readonly isEntry: boolean;
  readonly importers: readonly string[];
}

interface Graph {
  getModuleInfo(id: string): Known | null;
}

/**
 * Pieces that are of one platform: the first come together, whenever it is needed, and the others never come
 * without them.
 */
const PLATFORMS: readonly (readonly [name: string, first: RegExp, all: RegExp])[] = [
  ['compose', /^compose$/, /^compose(\/|$)/],
  ['swarm', /^swarm(\/cli)?$/, /^swarm(\/|$)/],
  ['cluster', /^(kubernetes|kubectl)$/, /^(kubernetes|kubectl)(\/|$)/],
];

/** Schemas of the API keep a file of their own, which is data and seldom changes. */
const DATA = '/kubernetes/api/schema/definitions.json';

const FIRST = 'engine-first';

/** Whoever imports a module for others to fetch, directly or not: the worker, pieces, what comes by `import()`. */
function rootsOf(
  id: string,
  graph: Graph,
): { readonly isFirst: boolean; readonly roots: string[] } {
  const seen = new Set([id]);
  const roots: string[] = [];
  for (const one of seen) {
    const info = graph.getModuleInfo(one);
    if (info?.isEntry) return { isFirst: true, roots: [] };
    const importers = info?.importers ?? [];
    if (importers.length === 0) roots.push(one.replace(PIECE, ''));
    for (const importer of importers) seen.add(importer);
  }
  return { isFirst: false, roots };
}

/** The chunk for a module; null where the bundler may see to it himself. */
function chunkOf(id: string, graph: Graph): string | null {
  const { isFirst, roots } = rootsOf(id, graph);
  if (isFirst) return FIRST;
  if (id.includes(DATA)) return 'definitions';
  const own = PLATFORMS.filter(([, first]) => roots.some((root) => first.test(root)));
  const others = roots.filter((root) => !own.some(([, , all]) => all.test(root))).sort();
  if (own.length === 0) return null;
  const mark = createHash('sha256').update(others.join()).digest('hex').slice(0, 4);
  return ['engine', ...own.map(([name]) => name), ...(others.length > 0 ? [mark] : [])].join('-');
}

/**
 * In one chunk what the worker imports statically, whoever else shares parts of it; in another what a
 * platform's pieces share, and pieces under their names.
 */
export function piecesOutput() {
  const known = new Map<string, string | null>();
  const name = (id: string, graph: Graph): string | null => {
    if (!known.has(id)) known.set(id, chunkOf(id, graph));
    return known.get(id)!;
  };
  const firstOnly = (id: string, graph: Graph) => (name(id, graph) === FIRST ? FIRST : null);
  return {
    chunkFileNames: ({ facadeModuleId }: { readonly facadeModuleId?: string | null }): string => {
      const piece = facadeModuleId?.startsWith(PIECE) && facadeModuleId.slice(PIECE.length);
      return `_astro/${piece ? `engine-${piece.replace('/', '-')}` : '[name]'}.[hash].js`;
    },
    entryFileNames: '_astro/[name].[hash].js',
    codeSplitting: {
      groups: [
        { debugName: 'engine', name: firstOnly, priority: 1 },
        { debugName: 'platforms', name, includeDependenciesRecursively: false },
      ],
    },
  };
}
