/**
 * Our own mistakes stop at once, in production too: a world that broke a promise must not go on.
 * Failures that belong to the modelled product are data, never exceptions.
 */
export class BrokenInvariant extends Error {
  override name = 'BrokenInvariant';
}

/** Throws {@link BrokenInvariant} with `message` unless `condition` holds. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new BrokenInvariant(message);
}

/** As a failed {@link assert}, where the message would be made in vain a million times a second. */
export function broken(message: string): never {
  throw new BrokenInvariant(message);
}

/** For the end of an exhaustive `switch`: does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new BrokenInvariant(`unexpected value ${JSON.stringify(value)}`);
}
