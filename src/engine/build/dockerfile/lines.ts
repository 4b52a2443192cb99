import type { LogicalLine } from './ast.ts';

/**
 * Text to logical lines: parser directives at the top, comments, continuations by the escape
 * character (`parser.go`, `Parse`; `directives.go`).
 */
export interface Lines {
  readonly directives: Readonly<Record<string, string>>;
  readonly lines: readonly LogicalLine[];
}

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;
const KNOWN = ['syntax', 'escape', 'check'];

function readDirectives(rows: readonly string[]): Record<string, string> {
  const directives: Record<string, string> = {};
  for (const row of rows) {
    const match = DIRECTIVE.exec(row);
    const name = match?.[1]?.toLowerCase() ?? '';
    // The first line that is no directive ends them; so does one that comes twice.
    if (!match || !KNOWN.includes(name) || name in directives) break;
    directives[name] = match[2]!;
  }
  return directives;
}

export function splitLines(text: string): Lines {
  const rows = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const directives = readDirectives(rows);
  const escape = directives.escape === '`' ? '`' : '\\';
  const lines: LogicalLine[] = [];
  for (let at = 0; at < rows.length; at++) {
    const first = rows[at]!;
    if (first.trim() === '' || first.trimStart().startsWith('#')) continue;
    const start = at + 1;
    let joined = '';
    let end = start;
    for (; at < rows.length; at++) {
      const row = rows[at]!;
      // Comments and blank lines inside a continuation vanish.
      if (at + 1 > start && (row.trim() === '' || row.trimStart().startsWith('#'))) continue;
      end = at + 1;
      const continued = continuation(row, escape);
      joined += continued ?? row;
      if (continued === undefined) break;
    }
    lines.push({ lines: { start, end }, text: joined.trim() });
  }
  return { directives, lines };
}

/** The line without the escape at its end; undefined when it does not go on. */
function continuation(row: string, escape: string): string | undefined {
  const trimmed = row.replace(/[ \t]+$/, '');
  if (!trimmed.endsWith(escape)) return undefined;
  return trimmed.slice(0, -1);
}
