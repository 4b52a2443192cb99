import type { Kernel } from '../sim/kernel.ts';
import { ask, type Call, type Resumption } from '../sim/process.ts';
import type { Processes } from '../sim/processes.ts';

/** What a machine's source of randomness (`/dev/urandom`) gives a process. */
const SERVICE = 'machine/random';
const HEX = '0123456789abcdef';

export function addRandom(kernel: Kernel, processes: Processes): void {
  processes.service<{ machine: string; pid: number; bytes: number }>(
    SERVICE,
    ({ machine, pid, bytes }) => kernel.random(SERVICE, machine, pid).text(bytes * 2, HEX),
  );
}

/** So many bytes, as hexadecimal digits; a process that asks again gets the same. */
export function* randomHex(
  machine: string,
  pid: number,
  bytes: number,
): Generator<Call, string, Resumption> {
  return yield* ask<string>(SERVICE, { machine, pid, bytes });
}
