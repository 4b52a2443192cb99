import { PIECE_LOADERS } from './piece-loaders.ts';

/**
 * The engine in pieces. In Node all of it is there. A browser's worker fetches it piece by piece, cut
 * by the bundler where `src/engine/pieces.ts` says. The engine is synchronous and cannot wait: who needs
 * a piece that is not there throws. Whoever lives a world then takes it back to where it was, fetches
 * the piece and lives on; the engine being exact, nobody can tell.
 */
export class PieceMissing extends Error {
  override name = 'PieceMissing';
  readonly piece: string;

  constructor(piece: string) {
    super(`the piece ${piece} of the engine is not there yet`);
    this.piece = piece;
  }
}

type Doors = Readonly<Record<string, object>>;

const here = new Map<string, Doors>();
const coming = new Map<string, Promise<void>>();
const missed = new Set<string>();
const used = new Set<string>();
let misses = 0;

/** What stands behind a door of a piece: for the bundler's stand-ins. @throws PieceMissing */
export function behindDoor(piece: string, door: string): object {
  const doors = here.get(piece);
  if (doors) return doors[door]!;
  misses += 1;
  missed.add(piece);
  throw new PieceMissing(piece);
}

/**
 * Carries out a stretch of work that can be taken back.
 * @throws PieceMissing when a piece was missed, also when somebody within took the fault for his own
 */
export function whole<T>(work: () => T): T {
  const before = misses;
  const result = work();
  const last = [...missed].at(-1);
  if (misses !== before && last !== undefined) throw new PieceMissing(last);
  return result;
}

/** Fetches what was missed so far. */
export async function fetchMissing(): Promise<void> {
  const names = [...missed];
  missed.clear();
  await fetchPieces(names);
}

/**
 * Fetches pieces that are going to be needed. Names that nobody knows are passed over: a piece that
 * is not named, or is called otherwise by now, is fetched when it is missed.
 * @throws (rejects) when one cannot be had
 */
export async function fetchPieces(names: readonly string[]): Promise<void> {
  const known = names.filter((name) => Object.hasOwn(PIECE_LOADERS, name));
  await Promise.all(known.map(fetchPiece));
}

function fetchPiece(name: string): Promise<void> | undefined {
  if (here.has(name)) return undefined;
  const already = coming.get(name);
  if (already) return already;
  const load = PIECE_LOADERS[name]!;
  const loading = load().then(
    (doors) => {
      here.set(name, doors as Doors);
      coming.delete(name);
    },
    (fault: unknown) => {
      // The next one who asks tries again.
      coming.delete(name);
      throw fault;
    },
  );
  coming.set(name, loading);
  return loading;
}

/** Notes that a piece is used, where all are there: for the bundler's stand-ins in a build of pages. */
export function notePiece(piece: string): void {
  used.add(piece);
}

/** Which pieces were used since the last {@link forgetUsed}: what a page may fetch beforehand. */
export const piecesUsed = (): readonly string[] => [...used].sort();

export function forgetUsed(): void {
  used.clear();
}
