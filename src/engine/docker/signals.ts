import type { Signal } from '../containerd/api.ts';

/**
 * Signals by name or number: `KILL`, `SIGKILL`, `9` (moby/sys signal `signal.go`, `ParseSignal`).
 *
 * Simplified: only those that a model process can meet.
 */
const NUMBERS: Readonly<Record<string, Signal>> = {
  '1': 'SIGHUP',
  '2': 'SIGINT',
  '3': 'SIGQUIT',
  '9': 'SIGKILL',
  '10': 'SIGUSR1',
  '15': 'SIGTERM',
};

/** Undefined when there is no such signal. */
export function parseSignal(text: string): Signal | undefined {
  if (/^\d+$/.test(text)) return NUMBERS[String(Number(text))];
  const upper = text.toUpperCase();
  const name = upper.startsWith('SIG') ? upper : `SIG${upper}`;
  return Object.values(NUMBERS).find((signal) => signal === name);
}
