/**
 * How pieces of the engine are fetched, by name. Where the engine is whole there are none; the bundler
 * of the worker writes this module anew (`src/build/pieces`).
 */
export const PIECE_LOADERS: Readonly<Record<string, () => Promise<object>>> = {};
