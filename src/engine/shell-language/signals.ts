import { readSignal, statusOfSignal } from '../machine/signals.ts';
import type { Ending, Signal } from '../sim/process.ts';

/** What a process does by default about these: nothing. */
const HARMLESS = new Set(['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH']);

export const isHarmless = (signal: string): boolean => HARMLESS.has(signal);

/** `TERM`, `SIGTERM`, `15`; 0 asks only whether the process runs; undefined for none. */
export const parseSignal = (text: string): Signal | undefined =>
  text === '0' ? 'SIG0' : readSignal(text);

/** The exit status a shell sees. */
export function statusOf(ending: Ending): number {
  if (ending.signal !== undefined) return statusOfSignal(ending.signal);
  return typeof ending.result === 'number' ? ending.result & 255 : 0;
}
