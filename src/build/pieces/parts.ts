/**
 * Parts the chunks of the engine by what is trodden (`trodden.ts`). What a platform's worlds seldom use goes to
 * files beside the chunk, which are fetched like pieces.
 */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { minifySync, type Plugin, type Rolldown } from 'vite';
import { cutChunk } from './cut-chunk.ts';
import { PARTS, PIECES_HOME, treadingOf, Trodden } from './trodden.ts';

/** Pieces that are parted, with what they share; others are small, and asked for by few. */
const PARTED = ['kubernetes', 'kubectl', 'compose', 'swarm', 'swarm/cli'];
/** Less code than this is not parted. */
const SMALL = 20_000;

type Chunk = Rolldown.RenderedChunk;
type Chunks = Readonly<Record<string, Chunk>>;

const sum = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

/** The chunks that are parted, by their files. */
function partedOf(chunks: Chunks, piece: string): ReadonlySet<string> {
  const isRoot = ({ isEntry, moduleIds }: Chunk): boolean =>
    isEntry || moduleIds.some((id) => PARTED.includes(id.replace(piece, '')));
  const roots = Object.values(chunks).filter(isRoot);
  const found = new Set(roots.map(({ fileName }) => fileName));
  for (const file of found) for (const more of chunks[file]?.imports ?? []) found.add(more);
  return found;
}

/** Names of a chunk's parts, and of their files. */
class Names {
  readonly #chunk: Chunk;
  readonly #folder: string;
  readonly #label: string;

  constructor(root: string, chunk: Chunk) {
    const modules = chunk.moduleIds.map((id) => posix.relative(root, id));
    this.#chunk = chunk;
    this.#folder = posix.dirname(chunk.fileName);
    this.#label = `${chunk.name}-${sum(modules.join()).slice(0, 4)}`;
  }

  /** Under which name a part is fetched. */
  key = (part: string): string => `${part}:${this.#label}`;

  /** Its file, called after the chunk, which is not known by its own name yet. */
  file(part: string, hash = ''): string {
    const { fileName } = this.#chunk;
    const extension = posix.extname(fileName);
    const stem = fileName.slice(0, -extension.length);
    return part === PARTS[0] ? fileName : `${stem}.${part.replace('/', '-')}${hash}${extension}`;
  }

  /** A file as its neighbours call it. */
  here = (file: string): string => `./${posix.relative(this.#folder, file)}`;
}

/**
 * Hooks of a bundler.
 * @param piece what begins the id of a module that is a piece
 */
export function partsOfChunks(
  root: string,
  piece: string,
): Pick<Plugin, 'renderChunk' | 'generateBundle'> {
  let trodden: Trodden | undefined;
  /** Parts of all chunks, by their files. */
  const done = new Map<string, string>();
  const cut = (code: string, chunk: Chunk, home: Chunk): string => {
    const own = (trodden ??= new Trodden(treadingOf(root)));
    const names = new Names(root, chunk);
    const files = PARTS.map((part) => names.here(names.file(part)));
    const texts = cutChunk(code, {
      wish: (module, name) => {
        const part = own.partOf(module, name);
        return part === undefined ? undefined : PARTS.indexOf(part);
      },
      ...{ files, keys: PARTS.map(names.key), late: names.here(home.fileName) },
    });
    // A chunk names its parts with their hash, so that it is called anew when they change.
    const hash = `-${sum(texts.join('\0'))}`;
    const hashed = PARTS.map((part) => names.here(names.file(part, hash)));
    const [first = '', ...others] = texts.map((text) =>
      files.reduce((all, file, i) => all.replaceAll(file, hashed[i]!), text),
    );
    for (const [i, text] of others.entries()) {
      if (text !== '') done.set(names.file(PARTS[i + 1]!, hash), text);
    }
    return first;
  };
  return {
    renderChunk(code, chunk, _, { chunks }) {
      const home = Object.values(chunks).find(({ moduleIds }) =>
        moduleIds.includes(posix.join(root, PIECES_HOME)),
      );
      if (!home) throw new Error(`no chunk has ${PIECES_HOME}`);
      const isSmall = code.length < SMALL || !partedOf(chunks, piece).has(chunk.fileName);
      // What fetches parts is exported by its home.
      if (isSmall && home.fileName !== chunk.fileName) return null;
      return { code: cut(code, chunk, home), map: null };
    },
    generateBundle(_, bundle) {
      const stem = (file: string): string => posix.basename(file, posix.extname(file));
      const names = Object.values(bundle).flatMap((one) =>
        one.type === 'chunk' ? [[stem(one.preliminaryFileName), stem(one.fileName)] as const] : [],
      );
      const settle = (text: string): string =>
        names.reduce((all, [from, to]) => all.replaceAll(from, to), text);
      for (const [file, text] of done) {
        const { code, errors } = minifySync(file, settle(text), { module: true });
        if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
        this.emitFile({ type: 'asset', fileName: settle(file), source: code });
      }
      done.clear();
    },
  };
}
