import type { LineCounter, YAMLError } from 'yaml';

/**
 * A syntax error as go-yaml v4.0.0-rc.6 words it (`internal/libyaml/{scanner,parser,errors}.go`):
 * stage, place, message.
 * Simplified: our reader tells fewer kinds of fault apart, so a rare one is worded as the commonest
 * of its group, and the place is where our reader stumbled.
 */
const SCANNER: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  MULTILINE_IMPLICIT_KEY: "could not find expected ':'",
  KEY_OVER_1024_CHARS: "could not find expected ':'",
  TAB_AS_INDENT: 'found character that cannot start any token',
  BAD_SCALAR_START: 'found character that cannot start any token',
  UNEXPECTED_TOKEN: "did not find expected '-' indicator",
};

export function syntaxMessage(error: YAMLError, text: string, lines: LineCounter): string {
  const { line, col } = lines.linePos(error.pos[0]);
  const place = `L${line}.C${col}`;
  const { code, message } = error;
  if (code === 'MISSING_CHAR') {
    if (/Implicit keys? need|Missing : /i.test(message) || /key/.test(message)) {
      return context(
        'scanner',
        'while scanning a simple key',
        place,
        "could not find expected ':'",
      );
    }
    if (/quote/.test(message)) {
      const problem = 'found unexpected end of stream';
      return context('scanner', 'while scanning a quoted scalar', place, problem);
    }
    const isList = text[error.pos[0]] === ']' || /flow-?seq|flow sequence/.test(message);
    const what = isList ? "',' or ']'" : "',' or '}'";
    const where = isList ? 'while parsing a flow sequence' : 'while parsing a flow mapping';
    return context('parser', where, place, `did not find expected ${what}`);
  }
  if (code === 'BAD_INDENT') {
    const where = 'while parsing a block mapping';
    return context('parser', where, place, 'did not find expected key');
  }
  if (code === 'TAB_AS_INDENT' || code === 'BAD_SCALAR_START') {
    const where = 'while scanning for the next token';
    return context('scanner', where, place, SCANNER[code] ?? message);
  }
  const known = SCANNER[code];
  return known === undefined
    ? `go-yaml load error in parser at ${place}: did not find expected node content`
    : `go-yaml load error in scanner at ${place}: ${known}`;
}

const context = (stage: string, where: string, place: string, problem: string): string =>
  `go-yaml load error in ${stage} (${where}) at ${place}: ${problem}`;
