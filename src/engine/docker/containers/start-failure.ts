/**
 * What a start that failed counts as (moby/moby v29.7 `daemon/errors.go`, `setExitCodeFromError`).
 */
export interface StartFailure {
  /** 126 cannot be invoked, 127 not found, 128 anything else. */
  readonly exitCode: number;
  readonly status: number;
  readonly message: string;
}

const NOT_FOUND = [
  'executable file not found',
  'no such file or directory',
  'system cannot find the file specified',
  'failed to run runc create/exec call',
];

export const UNKNOWN_EXIT = 128;

export function startFailure(message: string): StartFailure {
  const lower = message.toLowerCase();
  if (lower.includes('permission denied')) return { exitCode: 126, status: 400, message };
  if (lower.includes('is a directory')) {
    return { exitCode: 126, status: 400, message: `${message}: permission denied` };
  }
  if (lower.includes('not a directory')) {
    const advice =
      'Are you trying to mount a directory onto a file (or vice-versa)? ' +
      'Check if the specified host path exists and is the expected type';
    return { exitCode: 127, status: 400, message: `${message}: ${advice}` };
  }
  if (NOT_FOUND.some((text) => lower.includes(text)))
    return { exitCode: 127, status: 400, message };
  return { exitCode: UNKNOWN_EXIT, status: 500, message };
}
