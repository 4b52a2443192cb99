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
 * @returns the address; undefined when there is no such name; `timeout` when the limit came first
 */
export function* resolveName(
  { machine }: CommandLine,
  name: string,
  limitMs = RESOLVE_MS,
): Step<string | 'timeout' | undefined> {
  const ip = yield* ask<string | undefined>('net/resolve', { name, place: machine });
  if (ip !== undefined || !(yield* isSilent(machine))) return ip;
  yield* sleep(Math.min(limitMs, RESOLVE_MS));
  return limitMs < RESOLVE_MS ? 'timeout' : undefined;
}

/** Whether the server that is asked for names in a place does not answer. */
export function* isSilent(place: string): Step<boolean> {
  return yield* ask<boolean>('net/silent', { place });
}
