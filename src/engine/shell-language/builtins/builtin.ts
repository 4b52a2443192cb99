import { write } from '../../sim/process.ts';
import type { Shell, Step, Streams } from '../state.ts';

/** What a built-in command is given; its result is the exit status. */
export interface Call {
  readonly shell: Shell;
  readonly name: string;
  readonly args: readonly string[];
  readonly io: Streams;
}

export type Builtin = (call: Call) => Step<number>;

export const print = ({ io }: Call, text: string): Step<boolean> => write(io[1] ?? 0, text);

/** `bash: cd: …`; a helpful way to end: `return yield* refuse(call, '…')`. */
export function* refuse(call: Call, message: string, status = 1): Step<number> {
  yield* call.shell.complain(call.io, `${call.name}: ${message}`);
  return status;
}

export const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
