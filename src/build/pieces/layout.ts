/** How the bundler is to lay out what it makes of a worker with the engine in it. */
import { PIECE } from './plugin.ts';

/** What the bundler knows of a module. */
interface Known {
  readonly isEntry: boolean;
  readonly importers: readonly string[];
}

interface Graph {
  getModuleInfo(id: string): Known | null;
}

/** Whether the worker itself imports a module, directly or not, and not only by `import()`. */
function isFirst(id: string, graph: Graph): boolean {
  const seen = new Set([id]);
  for (const one of seen) {
    const info = graph.getModuleInfo(one);
    if (info?.isEntry) return true;
    for (const importer of info?.importers ?? []) seen.add(importer);
  }
  return false;
}

/**
 * In one chunk what the worker imports statically, whoever else shares parts of it, and pieces under
 * their names.
 */
export function piecesOutput() {
  const known = new Map<string, boolean>();
  const name = (id: string, graph: Graph): string | null => {
    if (!known.has(id)) known.set(id, isFirst(id, graph));
    return known.get(id) ? 'engine' : null;
  };
  return {
    chunkFileNames: ({ facadeModuleId }: { readonly facadeModuleId?: string | null }): string => {
      const piece = facadeModuleId?.startsWith(PIECE) && facadeModuleId.slice(PIECE.length);
      return `_astro/${piece ? `engine-${piece.replace('/', '-')}` : '[name]'}.[hash].js`;
    },
    entryFileNames: '_astro/[name].[hash].js',
    codeSplitting: { groups: [{ debugName: 'engine', name }] },
  };
}
