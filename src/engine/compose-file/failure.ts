/**
 * An error in a Compose file, in the words of the tool. It is thrown inside the loader and caught
 * at its doors, which give it as data.
 */
export class ComposeError extends Error {}

export function fail(message: string): never {
  throw new ComposeError(message);
}

/** The message of a failure of the file; any other error is a fault of ours and goes on. */
export function messageOf(error: unknown): string {
  if (error instanceof ComposeError) return error.message;
  throw error;
}

/** What is read, or another value when the file does not allow it. */
export function attemptOr<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ComposeError) return otherwise;
    throw error;
  }
}
