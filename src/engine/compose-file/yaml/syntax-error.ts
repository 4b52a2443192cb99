import type { LineCounter, YAMLError } from 'yaml';
import { ComposeError } from '../failure.ts';

/**
 * A syntax error as go-yaml words it (v4.0.0-rc.6 `internal/libyaml/{scanner,parser,errors}.go`):
 * stage, place, problem.
 * Simplified: our reader tells fewer kinds of fault apart, so a rare one is worded as the commonest
 * of its group, and the place is where our reader stumbled.
 */
export class YamlSyntaxError extends ComposeError {
  readonly line: number;
  readonly problem: string;

  constructor(fault: Fault, line: number, column: number) {
    const where = fault.context === undefined ? '' : ` (${fault.context})`;
    const stage = `go-yaml load error in ${fault.stage}${where}`;
    super(`${stage} at L${line}.C${column}: ${fault.problem}`);
    this.line = line;
    this.problem = fault.problem;
  }

  static of(error: YAMLError, text: string, lines: LineCounter): YamlSyntaxError {
    const { line, col } = lines.linePos(error.pos[0]);
    return new YamlSyntaxError(faultOf(error, text), line, col);
  }
}

interface Fault {
  readonly stage: 'scanner' | 'parser';
  readonly problem: string;
  readonly context?: string;
}

const KEY: Fault = {
  stage: 'scanner',
  context: 'while scanning a simple key',
  problem: "could not find expected ':'",
};

const TOKEN: Fault = {
  stage: 'scanner',
  context: 'while scanning for the next token',
  problem: 'found character that cannot start any token',
};

const TAB_IN_TEXT: Fault = {
  stage: 'scanner',
  context: 'while scanning a plain scalar',
  problem: 'found a tab character that violates indentation',
};

/** Whether the line before the tab ends in a word, which the line with the tab could go on. */
const continuesText = (before: string): boolean => /[^\s:]\s*\n\s*$/.test(before);

const FAULTS: Readonly<Record<string, Fault>> = {
  BLOCK_AS_IMPLICIT_KEY: {
    stage: 'scanner',
    problem: 'mapping values are not allowed in this context',
  },
  MULTILINE_IMPLICIT_KEY: KEY,
  KEY_OVER_1024_CHARS: KEY,
  TAB_AS_INDENT: TOKEN,
  BAD_SCALAR_START: TOKEN,
  UNEXPECTED_TOKEN: { stage: 'parser', problem: "did not find expected '-' indicator" },
  BAD_INDENT: {
    stage: 'parser',
    context: 'while parsing a block mapping',
    problem: 'did not find expected key',
  },
};

const OTHER: Fault = { stage: 'parser', problem: 'did not find expected node content' };

function faultOf({ code, message, pos }: YAMLError, text: string): Fault {
  if (code === 'MISSING_CHAR') return missing(message, text[pos[0]]);
  if (code === 'TAB_AS_INDENT' && continuesText(text.slice(0, pos[0]))) return TAB_IN_TEXT;
  return FAULTS[code] ?? OTHER;
}

/** A bracket, a quote or a colon that never came. */
function missing(message: string, char: string | undefined): Fault {
  if (/quote/.test(message)) {
    const problem = 'found unexpected end of stream';
    return { stage: 'scanner', context: 'while scanning a quoted scalar', problem };
  }
  if (/key/i.test(message)) return KEY;
  const isList = char === ']' || /flow seq|flow-seq/i.test(message);
  const [what, end] = isList ? ['sequence', ']'] : ['mapping', '}'];
  const problem = `did not find expected ',' or '${end}'`;
  return { stage: 'parser', context: `while parsing a flow ${what}`, problem };
}
