import type { EngineResponse } from './api.ts';

/** What a handler says at once; see {@link fail} for refusals. */
export const answer = <T>(status: number, body: T): EngineResponse<T> => ({ status, body });

/** The empty answer to what was done: 204. */
export const done = (): EngineResponse => answer(204, {});

/** A refusal in the daemon's words. */
export const fail = (status: number, message: string): EngineResponse =>
  answer(status, { message });

/** moby `daemon/server/httputils/form.go`, `BoolValue`. */
export const isTrue = (value: string | undefined): boolean =>
  !['', '0', 'no', 'false', 'none'].includes((value ?? '').trim().toLowerCase());

/** A count in a query as Go's `strconv.Atoi` reads it; the refusal's words, or the number. */
export function integer(text: string): { readonly value: number } | { readonly message: string } {
  if (!/^[-+]?\d+$/.test(text)) {
    return { message: `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax` };
  }
  const value = Number(text);
  return Number.isSafeInteger(value)
    ? { value }
    : { message: `strconv.Atoi: parsing ${JSON.stringify(text)}: value out of range` };
}
