import type { YAMLError } from 'yaml';

/**
 * What our reader's errors are to go-yaml's scanner and parser (v4.0.0-rc.6
 * `internal/libyaml/{scanner,parser}.go`), which stumble over the same texts a little later.
 * Simplified: our reader tells fewer kinds of fault apart, so a rare one is worded as the commonest
 * of its group.
 */
export interface Fault {
  readonly stage: 'scanner' | 'parser';
  readonly problem: string;
  /** What was being read. */
  readonly context?: string;
  /** Where that begins, an offset; the place of the problem when left out. */
  readonly start?: number;
  readonly at: number;
}

export function faultOf({ code, message, pos: [at] }: YAMLError, text: string): Fault {
  if (/^Flow (sequence|map)/.test(message)) return openFlow(at, text);
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
    case 'UNEXPECTED_TOKEN':
      return message.includes('sequence') || /^\s*- /.test(text.slice(at))
        ? wrongIndent(at, text)
        : valueInKey(at, text);
    case 'BAD_INDENT':
      return wrongIndent(at, text);
    case 'TAB_AS_INDENT':
      return tab(at, text);
    case 'BAD_SCALAR_START':
      return badStart(at);
    case 'MISSING_CHAR':
      return missing(message, at, text);
    default:
      return { stage: 'parser', problem: 'did not find expected node content', at };
  }
}

/** A colon where a value goes on: at the next colon. */
function valueInKey(from: number, text: string): Fault {
  const colon = /:(?=\s|$)/.exec(text.slice(from));
  const at = from + (colon?.index ?? 0);
  return { stage: 'scanner', problem: 'mapping values are not allowed in this context', at };
}

const badStart = (at: number): Fault => ({
  stage: 'scanner',
  context: 'while scanning for the next token',
  problem: 'found character that cannot start any token',
  at,
});

/** A tab goes on with the text of the line before, or starts nothing. */
function tab(at: number, text: string): Fault {
  const before = /[^\s:]\s*\n\s*$/.exec(text.slice(0, at));
  if (!before) return badStart(at);
  const line = text.slice(0, before.index + 1);
  const start = Math.max(line.lastIndexOf(' '), line.lastIndexOf('\n')) + 1;
  const problem = 'found a tab character that violates indentation';
  return { stage: 'scanner', context: 'while scanning a plain scalar', problem, start, at };
}

/** A line that stands between the columns of the mappings around it. */
function wrongIndent(offset: number, text: string): Fault {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const indent = indentOf(text.slice(lineStart));
  const at = lineStart + indent;
  const start = enclosing(text.slice(0, lineStart), indent);
  const isList = text.startsWith('- ', start) && !text.startsWith('- ', at);
  return isList
    ? {
        stage: 'parser',
        context: 'while parsing a block collection',
        problem: "did not find expected '-' indicator",
        start,
        at,
      }
    : {
        stage: 'parser',
        context: 'while parsing a block mapping',
        problem: 'did not find expected key',
        start,
        at,
      };
}

const indentOf = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;

/** Where the innermost collection begins whose column is not beyond the indent. */
function enclosing(before: string, indent: number): number {
  const lines = before.split('\n').slice(0, -1);
  const isMember = (line: string): boolean => line.trim() !== '' && !line.trim().startsWith('#');
  let column: number | undefined;
  let start = 0;
  let offset = before.length;
  for (const line of lines.reverse()) {
    offset -= line.length + 1;
    if (!isMember(line)) continue;
    const own = indentOf(line);
    column ??= own <= indent ? own : undefined;
    if (column === undefined || own > column) continue;
    if (own < column) break;
    start = offset + own;
  }
  return start;
}

function openFlow(at: number, text: string): Fault {
  const start = lastOpen(text.slice(0, at));
  const [what, end] = text[start] === '[' ? ['sequence', ']'] : ['mapping', '}'];
  const problem = `did not find expected ',' or '${end}'`;
  return { stage: 'parser', context: `while parsing a flow ${what}`, problem, start, at };
}

/** The last bracket that was not closed. */
function lastOpen(text: string): number {
  let closed = 0;
  for (let at = text.length - 1; at >= 0; at--) {
    const char = text[at] ?? '';
    if (char === ']' || char === '}') closed += 1;
    if (char !== '[' && char !== '{') continue;
    if (closed === 0) return at;
    closed -= 1;
  }
  return 0;
}

/** A quote or a colon that never came. */
function missing(message: string, at: number, text: string): Fault {
  if (message.includes('quote')) {
    const problem = 'found unexpected end of stream';
    const start = Math.max(text.lastIndexOf('"', at - 1), text.lastIndexOf("'", at - 1));
    return { stage: 'scanner', context: 'while scanning a quoted scalar', problem, start, at };
  }
  if (!/key/i.test(message)) return openFlow(at, text);
  const end = text.indexOf('\n', at);
  const problem = "could not find expected ':'";
  const next = end === -1 ? text.length : end + 1;
  return { stage: 'scanner', context: 'while scanning a simple key', problem, start: at, at: next };
}
