/**
 * How deep a body from outside may be nested (`maxNestingDepth` of Go's encoding/json). Simplified:
 * a tenth of it is as deep as what reads it goes.
 */
const DEPTH_LIMIT = 1000;

/** Goes through it level by level, so that no depth is too much for it. */
export function isTooDeep(body: unknown): boolean {
  let level: readonly unknown[] = [body];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEPTH_LIMIT) return true;
    level = level.flatMap((value): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}
