import type { LineCounter, YAMLError } from 'yaml';
import { ComposeError } from '../failure.ts';
import { faultOf } from './syntax-fault.ts';

/**
 * A syntax error as go-yaml words it (v4.0.0-rc.6 `internal/libyaml/errors.go`): stage, what was
 * being read, from where to where, and the problem.
 */
export class YamlSyntaxError extends ComposeError {
  readonly line: number;
  readonly problem: string;

  private constructor(message: string, line: number, problem: string) {
    super(message);
    this.line = line;
    this.problem = problem;
  }

  static of(error: YAMLError, text: string, lines: LineCounter): YamlSyntaxError {
    const { stage, context, problem, at, start = at } = faultOf(error, text);
    const [from, to] = [lines.linePos(start), lines.linePos(at)];
    const where = context === undefined ? '' : ` (${context})`;
    const place = context === undefined ? placeText(to) : rangeText(from, to);
    const message = `go-yaml load error in ${stage}${where} at ${place}: ${problem}`;
    return new YamlSyntaxError(message, to.line, problem);
  }
}

interface Mark {
  readonly line: number;
  readonly col: number;
}

const placeText = ({ line, col }: Mark): string => `L${line}.C${col}`;

function rangeText(from: Mark, to: Mark): string {
  if (from.line !== to.line) return `${placeText(from)}-${placeText(to)}`;
  return from.col === to.col ? placeText(from) : `${placeText(from)}-C${to.col}`;
}
