import { parseDockerfile } from '../../../engine/build/dockerfile/parse.ts';
import type { LineRange } from '../../../engine/build/dockerfile/ast.ts';
import { Linter } from '../../../engine/build/lint/linter.ts';
import type { EditorFault } from '../fault.ts';

/** What the build's own parser refuses of a Dockerfile, and what `docker build --check` warns of. */
export function checkDockerfile(text: string): EditorFault[] {
  const lines = text.split('\n');
  const at = ({ start, end }: LineRange) => ({
    line: Math.min(start, lines.length),
    column: 1,
    endLine: Math.min(end, lines.length),
    endColumn: (lines[Math.min(end, lines.length) - 1] ?? '').length + 1,
  });
  const linter = new Linter();
  const parsed = parseDockerfile(text, linter);
  const warnings = linter.warnings.map(({ rule, message, lines: range }): EditorFault => ({
    ...at(range),
    severity: 'warning',
    message: `${rule.name}: ${message}`,
  }));
  if (parsed.ok) return warnings;
  const { message, lines: range = { start: 1, end: 1 } } = parsed.error;
  return [{ ...at(range), severity: 'error', message }, ...warnings];
}
