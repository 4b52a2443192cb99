import { writeRows, type Headings } from '../formatter/write.ts';
import type { Invocation, Step } from '../invocation.ts';
import { isRefused } from '../../../go/refused.ts';
import type { Subject } from '../../../go/template/value.ts';

/** Prints rows in a format, or why the format is none. */
export function* printRows(
  call: Invocation,
  format: string,
  rows: readonly Subject[],
  headings: Headings,
): Step<number> {
  const text = writeRows(format, rows, headings);
  if (isRefused(text)) return yield* call.fail(text.refused);
  yield* call.out(text);
  return 0;
}

/** Asks on stdout and reads stdin: yes is `y` or `Y`. */
export function* confirmed(call: Invocation, question: string): Step<boolean> {
  yield* call.out(`${question} [y/N] `);
  const line = yield* call.readLine();
  return line.trim().toLowerCase() === 'y';
}
