import type { Signal } from '../sim/process.ts';

/**
 * The signals of Linux on x86-64 and what happens by default to a process that does not handle one
 * (signal(7)). The real-time signals 34 to 64 count from SIGRTMIN up and from SIGRTMAX down.
 */
const NAMES: readonly Signal[] = [
  ...(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGILL', 'SIGTRAP', 'SIGABRT', 'SIGBUS', 'SIGFPE'] as const),
  ...(['SIGKILL', 'SIGUSR1', 'SIGSEGV', 'SIGUSR2', 'SIGPIPE', 'SIGALRM', 'SIGTERM'] as const),
  ...(['SIGSTKFLT', 'SIGCHLD', 'SIGCONT', 'SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'] as const),
  ...(['SIGURG', 'SIGXCPU', 'SIGXFSZ', 'SIGVTALRM', 'SIGPROF', 'SIGWINCH', 'SIGIO'] as const),
  ...(['SIGPWR', 'SIGSYS'] as const),
];

const ALIASES: Readonly<Record<string, Signal>> = {
  SIGIOT: 'SIGABRT',
  SIGCLD: 'SIGCHLD',
  SIGPOLL: 'SIGIO',
};

const RTMIN = 34;
const RTMAX = 64;

export type DefaultAction = 'end' | 'ignore' | 'stop' | 'continue';

const IGNORED: readonly Signal[] = ['SIGCHLD', 'SIGURG', 'SIGWINCH'];
const STOPPING: readonly Signal[] = ['SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'];

/** The number of a signal's name; 0 when there is no such signal. */
export function signalNumber(signal: Signal): number {
  const at = NAMES.indexOf(ALIASES[signal] ?? signal);
  if (at !== -1) return at + 1;
  const real = /^SIGRT(MIN|MAX)(?:([+-])(\d{1,2}))?$/.exec(signal);
  if (!real) return 0;
  const [, from, sign, count = '0'] = real;
  if (sign !== undefined && (sign === '+') !== (from === 'MIN')) return 0;
  const number = from === 'MIN' ? RTMIN + Number(count) : RTMAX - Number(count);
  return number >= RTMIN && number <= RTMAX ? number : 0;
}

/** The name of a signal's number: 9 is SIGKILL. */
export function signalOf(number: number): Signal | undefined {
  if (number >= RTMIN && number <= RTMAX) {
    const [up, down] = [number - RTMIN, RTMAX - number];
    if (up <= 15) return up === 0 ? 'SIGRTMIN' : `SIGRTMIN+${up}`;
    return down === 0 ? 'SIGRTMAX' : `SIGRTMAX-${down}`;
  }
  return NAMES[number - 1];
}

/** A signal by name with or without `SIG`, in any case, or by number; as kill(1) reads it. */
export function readSignal(text: string): Signal | undefined {
  if (/^\d{1,3}$/.test(text)) return signalOf(Number(text));
  const upper = text.toUpperCase();
  const name: Signal = upper.startsWith('SIG') ? (upper as Signal) : `SIG${upper}`;
  const number = signalNumber(name);
  return number === 0 ? undefined : signalOf(number);
}

export function defaultAction(signal: Signal): DefaultAction {
  if (IGNORED.includes(signal)) return 'ignore';
  if (STOPPING.includes(signal)) return 'stop';
  return signal === 'SIGCONT' ? 'continue' : 'end';
}

/** The status of a process that a signal ended: 128 and its number. */
export const statusOfSignal = (signal: Signal): number => 128 + signalNumber(signal);

/** Every signal below the real-time ones, by number: `kill -l`. */
export const SIGNAL_NAMES: readonly Signal[] = NAMES;
