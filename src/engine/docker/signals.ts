import { readSignal, signalNumber } from '../machine/signals.ts';
import type { Signal } from '../sim/process.ts';

/** Signals as the daemon reads them (moby/sys v0.7 `signal/signal.go`, `ParseSignal`). */
export type ReadSignal =
  /** A number that no signal has is read all the same: then there is no `signal`. */
  | { readonly ok: true; readonly signal: Signal | undefined; readonly number: number }
  | { readonly ok: false; readonly message: string };

/** `KILL`, `SIGKILL`, `sigkill`, `9`. */
export function parseSignal(text: string): ReadSignal {
  const isNumber = /^[-+]?\d{1,15}$/.test(text);
  const number = isNumber ? Number(text) : signalNumber(readSignal(text) ?? 'SIG');
  if (number === 0) return { ok: false, message: `invalid signal: ${text}` };
  return { ok: true, signal: readSignal(String(number)), number };
}

const STOP_SIGNAL = 'SIGTERM';

/** What `docker stop` sends: the container's own, or SIGTERM (`container.go`, `StopSignal`). */
export function stopSignalOf(configured: string | undefined): Signal {
  if (configured === undefined || configured === '') return STOP_SIGNAL;
  const read = parseSignal(configured);
  return (read.ok && read.signal) || STOP_SIGNAL;
}
