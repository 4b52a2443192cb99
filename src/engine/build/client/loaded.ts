import type { ContextFile } from '../api.ts';

/** What a client has found to send, or why there is nothing. */
export interface LoadedContext {
  /** Undefined: there is no such file, which the builder finds out. */
  readonly dockerfile: string | undefined;
  readonly dockerfileName: string;
  readonly ignore: readonly string[];
  readonly ignoreBytes: number;
  readonly context: readonly ContextFile[];
}

export type Loaded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly message: string };

export const refuse = (message: string): { ok: false; message: string } => ({ ok: false, message });
