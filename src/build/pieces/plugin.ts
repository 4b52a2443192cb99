/**
 * Cuts the engine into the pieces of `src/engine/pieces.ts`. Who imports a door of a piece from outside
 * gets stand-ins instead, and the piece becomes a chunk that is fetched by `import()`. In a build of
 * pages everything stays in one, and the stand-ins note what was used.
 */
import { existsSync, globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'vite';
import { DESCRIPTIONS, FOUNDATIONS, PIECES } from '../../engine/pieces.ts';
import { partsOfChunks } from './parts.ts';
import { LATE, LATE_NAMES, standIns } from './stand-ins.ts';
import { treadingOf, Trodden } from './trodden.ts';
import { thinTexts, type ThinTexts } from './thin-texts.ts';

export interface PiecesOptions {
  /** The project's folder. */
  readonly root: string;
  /** `cut` for a worker; `note` where all is there, and it is to be known what is used. */
  readonly how: 'cut' | 'note';
}

const SOURCES = 'src';
const SIM = `${SOURCES}/engine/sim`;
/** Begins the id of a module that is a piece. */
export const PIECE = '\0drydock-piece:';
const STAND_INS = '\0drydock-door:';
const LATE_MODULE = '\0drydock-late';

/** Which piece a module is a door of. */
export function doorsOf(root: string): ReadonlyMap<string, string> {
  const doors = new Map<string, string>();
  for (const [piece, paths] of Object.entries(PIECES)) {
    for (const path of paths) {
      const file = join(root, SOURCES, path);
      if (!existsSync(file)) throw new Error(`${piece}: there is no ${SOURCES}/${path}`);
      const other = doors.get(file);
      if (other !== undefined) throw new Error(`${path} is a door of ${other} and of ${piece}`);
      doors.set(file, piece);
    }
  }
  return doors;
}

type Exports = Readonly<Record<string, unknown>>;

const exportsOf = async (file: string): Promise<Exports> =>
  (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Exports;

async function descriptionsIn(root: string): Promise<ThinTexts> {
  const files = globSync([...DESCRIPTIONS], { cwd: join(root, SOURCES) }).sort();
  const modules = new Map<string, Exports>();
  for (const file of files) {
    const path = join(root, SOURCES, file);
    modules.set(path, await exportsOf(path));
  }
  return thinTexts(modules);
}

/** What pieces and stand-ins are made of, as sources of modules. */
class Cutter {
  readonly doors: ReadonlyMap<string, string>;
  readonly #how: PiecesOptions['how'];
  readonly #pieces: string;
  readonly #keys = new Map<string, Promise<readonly (readonly [file: string, name: string])[]>>();

  constructor({ root, how }: PiecesOptions) {
    this.doors = doorsOf(root);
    this.#how = how;
    this.#pieces = JSON.stringify(join(root, SIM, 'pieces.ts'));
  }

  /** What the doors of a piece export, as [file, name]: its place is its key. */
  #keysOf(piece: string): Promise<readonly (readonly [file: string, name: string])[]> {
    const known = this.#keys.get(piece);
    if (known) return known;
    const own = [...this.doors].filter(([, of]) => of === piece).map(([file]) => file);
    const keys = Promise.all(own.map(exportsOf)).then((all) =>
      all.flatMap((exports, i) => Object.keys(exports).map((name) => [own[i]!, name] as const)),
    );
    this.#keys.set(piece, keys);
    return keys;
  }

  /** A piece: what its doors export, by their keys. */
  async piece(name: string): Promise<string> {
    const keys = await this.#keysOf(name);
    const files = [...new Set(keys.map(([file]) => file))];
    const imports = files.map((file, i) => `import * as door${i} from ${JSON.stringify(file)};`);
    const all = keys.map(([file, own]) => `door${files.indexOf(file)}.${own}`);
    return `${imports.join('\n')}\nexport const all = [${all.join(', ')}];\n`;
  }

  async door(file: string): Promise<string> {
    const piece = this.doors.get(file)!;
    const name = JSON.stringify(piece);
    const exports = await exportsOf(file);
    const late = `import { ${LATE_NAMES} } from ${JSON.stringify(LATE_MODULE)};`;
    if (this.#how === 'cut') {
      const keys = await this.#keysOf(piece);
      const keyOf = (own: string) => keys.findIndex(([door, one]) => door === file && one === own);
      const own = standIns(exports, (one) => `behindDoor(${name}, ${keyOf(one)})`);
      return `import { behindDoor } from ${this.#pieces};\n${late}\n${own}`;
    }
    const real = `import * as real from ${JSON.stringify(file)};`;
    const own = standIns(exports, (one) => `(notePiece(${name}), real.${one})`);
    return `import { notePiece } from ${this.#pieces};\n${late}\n${real}\n${own}`;
  }

  loaders(): string {
    const rows = Object.keys(PIECES).map((name) => {
      const text = JSON.stringify(name);
      return `${text}: () => import(${JSON.stringify(`${PIECE}${name}`)})`;
    });
    return `export const PIECE_LOADERS = { ${rows.join(', ')} };\n`;
  }
}

/** What `engine/sim/run-parts.ts` becomes where pages are made. */
function runParts(root: string): string {
  const treading = treadingOf(root);
  const trodden = new Trodden(treading);
  const rows = treading.runs.map((run) => [run, trodden.partsOf(run)]);
  return `export const RUN_PARTS = ${JSON.stringify(Object.fromEntries(rows))};\n`;
}

export function pieces(options: PiecesOptions): Plugin {
  const { root, how } = options;
  const cutter = new Cutter(options);
  const { doors } = cutter;
  let descriptions: Promise<ThinTexts> | undefined;
  return {
    name: 'drydock:pieces',
    enforce: 'pre',
    ...(how === 'cut' ? partsOfChunks(root, PIECE) : {}),
    async resolveId(source, importer, asked) {
      if (source.startsWith(PIECE) || source === LATE_MODULE) return source;
      if (!importer || !/\.ts$|^\//.test(source)) return null;
      // A door is entered by itself, by its own piece, and by what stands in for it.
      const isOwn = importer.startsWith(PIECE) || importer.startsWith(STAND_INS);
      const by = isOwn ? undefined : importer;
      const found = await this.resolve(source, by, { ...asked, skipSelf: true });
      if (!found) return null;
      const to = doors.get(found.id);
      const from = doors.get(importer);
      const isInside = from !== undefined && (from === to || FOUNDATIONS.includes(to ?? ''));
      return to === undefined || isOwn || isInside ? found : `${STAND_INS}${found.id}`;
    },
    async load(id) {
      if (id === LATE_MODULE) return LATE;
      if (id.startsWith(PIECE)) return cutter.piece(id.slice(PIECE.length));
      if (id.startsWith(STAND_INS)) return cutter.door(id.slice(STAND_INS.length));
      if (how === 'note') {
        return id === join(root, SIM, 'run-parts.ts') ? runParts(root) : null;
      }
      if (id === join(root, SIM, 'piece-loaders.ts')) return cutter.loaders();
      if (id === join(root, SIM, 'pieces.ts')) {
        // Parts of chunks look for what is in there by name.
        return { code: await readFile(id, 'utf8'), moduleSideEffects: 'no-treeshake' };
      }
      descriptions ??= descriptionsIn(root);
      const { modules, texts } = await descriptions;
      return id === join(root, SIM, 'whole-text.ts') ? texts : (modules.get(id) ?? null);
    },
  };
}
