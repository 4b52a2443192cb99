import type { Failure } from './api.ts';

/** What the daemon says before the runtime is asked at all. */
export const contentWords = (message: string): Failure => ({
  ok: false,
  code: 'InvalidArgument',
  message,
  exitCode: 126,
});

export const failure = (code: Failure['code'], message: string, exitCode?: number): Failure => ({
  ok: false,
  code,
  message,
  ...(exitCode !== undefined && { exitCode }),
});
