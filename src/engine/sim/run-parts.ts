/**
 * Which parts of the engine the runs of scenarios use, by scenario. Where the engine is whole nobody needs to
 * know; a build of pages writes this module anew (`src/build/pieces`).
 */
export const RUN_PARTS: Readonly<Record<string, readonly string[]>> = {};
