import { write } from '../sim/process.ts';
import type { Shell, Step, Streams } from './state.ts';

/** A word as it could be typed again. */
export function quoteWord(word: string): string {
  if (word !== '' && /^[A-Za-z0-9_./:=@%+,-]+$/.test(word)) return word;
  return `'${word.replace(/'/g, `'\\''`)}'`;
}

/** `set -x`: what is run, after expansion. */
export function* trace(
  shell: Shell,
  io: Streams,
  own: readonly (readonly [string, string])[],
  argv: readonly string[],
): Step<void> {
  const assigned = own.map(([name, value]) => `${name}=${value === '' ? '' : quoteWord(value)}`);
  const prompt = shell.get('PS4') ?? '+ ';
  // In a subshell bash repeats the first letter.
  const prefix =
    shell.flavour === 'bash' ? prompt.slice(0, 1).repeat(shell.nesting) + prompt : prompt;
  for (const line of argv.length === 0
    ? assigned
    : [...assigned.slice(0, assigned.length), argv.map(quoteWord).join(' ')]) {
    yield* write(io[2] ?? 0, `${prefix}${line}\n`);
  }
}
