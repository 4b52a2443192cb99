/** By what the file of a compiled program is known; see servers/compiled.ts. */
export const MARK = 'a compiled program ';

/** @param seed what a model file is made of */
export const isCompiled = (seed: string): boolean => seed.startsWith(MARK);
