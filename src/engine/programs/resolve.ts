import { ask, sleep } from '../sim/process.ts';
import type { CommandLine } from '../machine/command.ts';
import type { Step } from './tools/console.ts';

/**
 * Asks for a name as the C library of an image does: a server that does not answer is given five
 * seconds (musl 1.2 `src/network/res_msend.c`; resolv.conf(5), `timeout`).
 */
export const RESOLVE_MS = 5000;

/**
 * @param limitMs how long the caller waits at most
 * @returns the address, absent when there is none; `late` when the caller's limit came first
 */
export function* resolveName(
  { machine }: CommandLine,
  name: string,
  limitMs = RESOLVE_MS,
): Step<{ readonly ip?: string; readonly late?: number }> {
  const ip = yield* ask<string | undefined>('net/resolve', { name, place: machine });
  if (ip !== undefined) return { ip };
  if (!(yield* isSilent(machine))) return {};
  yield* sleep(Math.min(limitMs, RESOLVE_MS));
  return limitMs < RESOLVE_MS ? { late: limitMs } : {};
}

/** Whether the server that is asked for names in a place does not answer. */
export function* isSilent(place: string): Step<boolean> {
  return yield* ask<boolean>('net/silent', { place });
}
