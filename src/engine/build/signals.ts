/** Signals by name, with or without `SIG` (moby/sys signal v0.7, `signal_linux.go`). */
const NAMES = (
  'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT ' +
  'STOP SYS TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'
).split(' ');
const LAST = 64;

/** What STOPSIGNAL takes: a number but 0, or a name. */
export function isSignal(text: string): boolean {
  if (/^[+-]?\d+$/.test(text)) return Number(text) >= 1 && Number(text) <= LAST;
  const name = text.toUpperCase().replace(/^SIG/, '');
  const realTime = /^RT(?:MIN\+([0-9]+)|MAX-([0-9]+))$/.exec(name);
  if (realTime) return Number(realTime[1] ?? realTime[2]) <= 15;
  return NAMES.includes(name);
}
