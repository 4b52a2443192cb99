/**
 * Cuts the engine into the pieces of `src/engine/pieces.ts`. Who imports a door of a piece from outside
 * gets stand-ins instead, and the piece becomes a chunk that is fetched by `import()`. In a build of
 * pages everything stays in one, and the stand-ins note what was used.
 */
import { globSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';
import { PIECES } from '../../engine/pieces.ts';
import { IS_OF, standIns } from './stand-ins.ts';

export interface PiecesOptions {
  /** The project's folder. */
  readonly root: string;
  /** `cut` for a worker; `note` where all is there, and it is to be known what is used. */
  readonly how: 'cut' | 'note';
}

const ENGINE = 'src/engine';
const LOADERS = `${ENGINE}/sim/piece-loaders.ts`;
const PIECE = '\0drydock-piece:';
const STAND_INS = '\0drydock-door:';

/** Which piece a module is a door of. */
export function doorsOf(root: string): ReadonlyMap<string, string> {
  const doors = new Map<string, string>();
  for (const [piece, paths] of Object.entries(PIECES)) {
    for (const path of paths) {
      const found = globSync(path, { cwd: join(root, ENGINE) })
        .filter(isSource)
        .sort();
      if (found.length === 0) throw new Error(`${piece}: there is no ${ENGINE}/${path}`);
      for (const file of found) {
        const other = doors.get(join(root, ENGINE, file));
        if (other !== undefined) throw new Error(`${file} is a door of ${other} and of ${piece}`);
        doors.set(join(root, ENGINE, file), piece);
      }
    }
  }
  return doors;
}

const isSource = (file: string): boolean => !file.endsWith('.test.ts');

export function pieces({ root, how }: PiecesOptions): Plugin {
  const doors = doorsOf(root);
  const sim = JSON.stringify(join(root, ENGINE, 'sim/pieces.ts'));
  const keyOf = (file: string): string => relative(join(root, ENGINE), file);

  /** A piece: its doors, by their paths. */
  function piece(name: string): string {
    const own = [...doors].filter(([, of]) => of === name).map(([file]) => file);
    const imports = own.map((file, i) => `import * as door${i} from ${JSON.stringify(file)};`);
    const exports = own.map((file, i) => `door${i} as ${JSON.stringify(keyOf(file))}`);
    return `${imports.join('\n')}\nexport { ${exports.join(', ')} };\n`;
  }

  async function door(file: string): Promise<string> {
    const of = JSON.stringify(doors.get(file));
    const key = JSON.stringify(keyOf(file));
    const exports = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as object;
    const own = standIns(exports as Readonly<Record<string, unknown>>);
    if (how === 'cut') {
      const behind = `const behind = () => behindDoor(${of}, ${key});`;
      return `import { behindDoor } from ${sim};\n${IS_OF}\n${behind}\n${own}`;
    }
    const behind = `const behind = () => (notePiece(${of}), real);`;
    const real = `import * as real from ${JSON.stringify(file)};`;
    return `import { notePiece } from ${sim};\n${real}\n${IS_OF}\n${behind}\n${own}`;
  }

  return {
    name: 'drydock:pieces',
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (source.startsWith(PIECE)) return source;
      if (!importer || !/\.ts$|^\//.test(source)) return null;
      // A door is entered by itself, by its own piece, and by what stands in for it.
      const isOwn = importer.startsWith(PIECE) || importer.startsWith(STAND_INS);
      const found = await this.resolve(source, isOwn ? undefined : importer, {
        ...options,
        skipSelf: true,
      });
      if (!found) return null;
      const of = doors.get(found.id);
      const isInside = of !== undefined && doors.get(importer) === of;
      return of === undefined || isOwn || isInside ? found : `${STAND_INS}${found.id}`;
    },
    async load(id) {
      if (id.startsWith(PIECE)) return piece(id.slice(PIECE.length));
      if (id.startsWith(STAND_INS)) return door(id.slice(STAND_INS.length));
      if (how === 'note' || id !== join(root, LOADERS)) return null;
      const rows = Object.keys(PIECES).map((name) => {
        const text = JSON.stringify(name);
        return `${text}: () => import(${JSON.stringify(`${PIECE}${name}`)})`;
      });
      return `export const PIECE_LOADERS = { ${rows.join(', ')} };\n`;
    },
  };
}

/** Asks the bundler what it knows of a module. */
interface Graph {
  getModuleInfo(
    id: string,
  ): { readonly isEntry: boolean; readonly importers: readonly string[] } | null;
}

/**
 * How the bundler is to lay out what it makes of a worker: in one chunk what the worker imports
 * statically, whoever else shares parts of it, and pieces under their names.
 */
export function piecesOutput() {
  const known = new Map<string, boolean>();
  const isBase = (id: string, graph: Graph): boolean => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const seen = new Set([id]);
    let found = false;
    for (const one of seen) {
      const info = graph.getModuleInfo(one);
      found ||= known.get(one) ?? info?.isEntry ?? false;
      if (found) break;
      for (const importer of info?.importers ?? []) seen.add(importer);
    }
    known.set(id, found);
    return found;
  };
  return {
    chunkFileNames: ({ facadeModuleId }: { readonly facadeModuleId?: string | null }): string => {
      const piece = facadeModuleId?.startsWith(PIECE) && facadeModuleId.slice(PIECE.length);
      return `_astro/${piece ? `engine-${piece.replace('/', '-')}` : '[name]'}.[hash].js`;
    },
    entryFileNames: '_astro/[name].[hash].js',
    codeSplitting: {
      groups: [
        {
          debugName: 'engine',
          name: (id: string, graph: Graph) => (isBase(id, graph) ? 'engine' : null),
        },
      ],
    },
  };
}
