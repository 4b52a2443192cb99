/**
 * Of which exercise a downloaded world is: one word more in its file (engine/link/world-file), which
 * whoever reads worlds passes over.
 */

/** @param text of a world's file */
export function withChallenge(text: string, challenge: string): string {
  const data = JSON.parse(text) as Readonly<Record<string, unknown>>;
  return `${JSON.stringify({ ...data, challenge }, null, 2)}\n`;
}

/** The id of the exercise, whose existence nobody vouches for. Never throws. */
export function challengeIn(text: string): string | undefined {
  if (!text.includes('"challenge"')) return undefined;
  try {
    const data: unknown = JSON.parse(text);
    const { challenge } = (data ?? {}) as { challenge?: unknown };
    return typeof challenge === 'string' && /^[a-z0-9-]{1,80}$/.test(challenge)
      ? challenge
      : undefined;
  } catch {
    return undefined;
  }
}
