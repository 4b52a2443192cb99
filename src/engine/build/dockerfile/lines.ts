import type { DockerfileError, LogicalLine } from './ast.ts';

/**
 * Text to logical lines: parser directives at the top, comments, continuations by the escape
 * character (moby/buildkit v0.32 `frontend/dockerfile/parser/parser.go`, `directives.go`).
 */
export interface Lines {
  readonly directives: Readonly<Record<string, string>>;
  readonly escape: string;
  readonly lines: readonly LogicalLine[];
}

export type SplitLines =
  ({ readonly ok: true } & Lines) | { readonly ok: false; readonly error: DockerfileError };

const DIRECTIVE = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$/;
const KNOWN = ['syntax', 'escape', 'check'];
/** Go's `bufio.MaxScanTokenSize` less one, the line's end included. */
const LINE_LIMIT = 65_535;

const refused = (message: string, line: number): SplitLines => ({
  ok: false,
  error: { message, lines: { start: line, end: line } },
});

/** The directives at the top; or the fault of one, and the line it stands on. */
function readDirectives(
  rows: readonly string[],
): { directives: Record<string, string> } | { message: string; line: number } {
  const directives: Record<string, string> = {};
  for (const [at, row] of rows.entries()) {
    const match = DIRECTIVE.exec(row.trimStart());
    const name = match?.[1]?.toLowerCase() ?? '';
    // The first line that is no directive ends them.
    if (!match || !KNOWN.includes(name)) break;
    const value = match[2] ?? '';
    if (name in directives) {
      return { message: `only one ${name} parser directive can be used`, line: at + 1 };
    }
    if (name === 'escape' && value !== '\\' && value !== '`') {
      return { message: `invalid escape token '${value}' does not match \` or \\`, line: at + 1 };
    }
    directives[name] = value;
  }
  return { directives };
}

export function splitLines(text: string): SplitLines {
  const rows = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const encoder = new TextEncoder();
  const long = rows.findIndex(
    (row) => row.length * 3 > LINE_LIMIT && encoder.encode(row).length > LINE_LIMIT,
  );
  if (long !== -1) {
    return refused(`dockerfile line greater than max allowed size of ${LINE_LIMIT}`, long + 1);
  }
  const read = readDirectives(rows);
  if ('message' in read) return refused(read.message, read.line);
  const { directives } = read;
  const escape = directives.escape ?? '\\';
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
  return { ok: true, directives, escape, lines };
}

/** The line without the escape at its end; undefined when it does not go on. */
function continuation(row: string, escape: string): string | undefined {
  const trimmed = row.replace(/[ \t]+$/, '');
  // An escape before it takes it literally.
  if (!trimmed.endsWith(escape) || trimmed.at(-2) === escape) return undefined;
  return trimmed.slice(0, -1);
}
