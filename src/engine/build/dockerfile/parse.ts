import type { InstructionOf, ParsedDockerfile, Stage } from './ast.ts';
import { readInstruction } from './instruction.ts';
import { splitLines } from './lines.ts';

const SIZE_LIMIT = 1_000_000;

/** Reads a whole Dockerfile; the first fault ends it, with its line and BuildKit's words. */
export function parseDockerfile(text: string): ParsedDockerfile {
  if (text.length > SIZE_LIMIT) {
    return { ok: false, error: { message: 'Dockerfile is larger than 1000000 bytes' } };
  }
  const split = splitLines(text);
  if (!split.ok) return split;
  const { directives, escape, lines } = split;
  if (lines.length === 0) return { ok: false, error: { message: 'file with no instructions' } };
  const metaArgs: InstructionOf<'ARG'>[] = [];
  const stages: { from: InstructionOf<'FROM'>; instructions: Stage['instructions'] }[] = [];
  for (const line of lines) {
    const read = readInstruction(line, escape);
    if (!read.ok) {
      // The first pass over the file gives its words alone; the second names the line.
      const at = read.early ? '' : `dockerfile parse error on line ${line.lines.start}: `;
      return { ok: false, error: { message: at + read.message, lines: line.lines } };
    }
    const { instruction } = read;
    const stage = stages.at(-1);
    if (instruction.kind === 'FROM') stages.push({ from: instruction, instructions: [] });
    else if (stage) stage.instructions = [...stage.instructions, instruction];
    else if (instruction.kind === 'ARG') metaArgs.push(instruction);
    else {
      const message = 'no build stage in current context';
      return { ok: false, error: { message, lines: line.lines } };
    }
  }
  if (stages.length === 0) {
    return { ok: false, error: { message: 'no build stage in current context' } };
  }
  return { ok: true, dockerfile: { directives, escape, metaArgs, stages } };
}
