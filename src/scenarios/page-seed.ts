/**
 * The seed of every world that a page shows: of its transcripts, of what proves its comparisons, and
 * of both again where the reader runs them. Who types the same sees the same.
 */
export const PAGE_SEED = 1;
