import type { Linter } from '../lint/linter.ts';
import { WORDS } from '../lint/rules.ts';
import type { Instruction, InstructionOf, ParsedDockerfile, Stage } from './ast.ts';
import { readInstruction } from './instruction.ts';
import { parseNodes } from './nodes.ts';

/**
 * Reads a whole Dockerfile; the first fault ends it, with its lines and BuildKit's words. Findings
 * about style go to the linter (moby/buildkit v0.32 `frontend/dockerfile/instructions/parse.go`,
 * `Parse`).
 */
export function parseDockerfile(text: string, linter?: Linter): ParsedDockerfile {
  if (text === '') return { ok: false, error: { message: 'the Dockerfile cannot be empty' } };
  const parsed = parseNodes(text);
  if (!parsed.ok) return parsed;
  const { escape, nodes, warnings } = parsed;
  for (const { line } of warnings) {
    const lines = { start: line, end: line };
    linter?.report('noEmptyContinuation', WORDS.noEmptyContinuation(), lines);
  }
  const metaArgs: InstructionOf<'ARG'>[] = [];
  const stages: { from: InstructionOf<'FROM'>; instructions: Instruction[] }[] = [];
  for (const node of nodes) {
    const read = readInstruction(node, linter);
    const { lines } = node;
    if (!read.ok) {
      const message = `dockerfile parse error on line ${lines.start}: ${read.message}`;
      return { ok: false, error: { message, lines } };
    }
    const { value } = read;
    const stage = stages.at(-1);
    if (value.kind === 'FROM') stages.push({ from: value, instructions: [] });
    else if (stage) stage.instructions.push(value);
    else if (value.kind === 'ARG') metaArgs.push(value);
    else {
      const message = 'no build stage in current context';
      return { ok: false, error: { message, lines } };
    }
  }
  if (stages.length === 0) {
    return { ok: false, error: { message: 'dockerfile contains no stages to build' } };
  }
  if (linter) {
    lintStageNames(stages, linter);
    lintCasing(stages, linter);
  }
  return { ok: true, dockerfile: { escape, metaArgs, stages, warnings } };
}

const RESERVED = ['context', 'scratch'];

function lintStageNames(stages: readonly Stage[], linter: Linter): void {
  const seen = new Set<string>();
  for (const { from } of stages) {
    const { stage, lines } = from;
    if (stage === '') continue;
    if (RESERVED.includes(stage)) {
      linter.report('reservedStageName', WORDS.reservedStageName(stage), lines);
    }
    if (seen.has(stage)) {
      linter.report('duplicateStageName', WORDS.duplicateStageName(stage), lines);
    }
    seen.add(stage);
  }
}

/** Keywords are to be written as most of them are: `RUN` or `run`. */
function lintCasing(stages: readonly Stage[], linter: Linter): void {
  const all = stages.flatMap(({ from, instructions }) => [from, ...instructions]);
  const lower = all.filter(({ name }) => name === name.toLowerCase()).length;
  const upper = all.filter(({ name }) => name === name.toUpperCase()).length;
  const toLower = lower > upper;
  for (const { name, lines } of all) {
    if (name === (toLower ? name.toLowerCase() : name.toUpperCase())) continue;
    const casing = toLower ? 'lowercase' : 'uppercase';
    const words = WORDS.consistentInstructionCasing(name, casing);
    linter.report('consistentInstructionCasing', words, lines);
  }
}
