import { write } from '../sim/process.ts';
import type { Shell, Step, Streams } from './state.ts';
import type { SyntaxFault } from './syntax.ts';

/** What each shell says about a text that is no script. */
export function* complainAboutSyntax(
  shell: Shell,
  io: Streams,
  fault: SyntaxFault,
  text: string,
): Step<void> {
  const { name, flavour } = shell;
  const source = shell.isInteractive || shell.source !== 'prompt' ? shell.source : 'file';
  let said: string;
  if (flavour === 'bash') {
    const at = { prompt: '', argument: `-c: line ${fault.line}: `, file: `line ${fault.line}: ` }[
      source
    ];
    said = `${name}: ${at}${fault.message}\n`;
    if (fault.token !== undefined && source !== 'prompt') {
      const line = text.split('\n')[fault.line - 1] ?? '';
      said += `${name}: ${at}\`${line}'\n`;
    }
  } else {
    const token = fault.token === 'newline' ? 'newline' : fault.token;
    const at =
      flavour === 'dash' ? `${fault.line}: ` : source === 'file' ? `line ${fault.line}: ` : '';
    const mark = token === 'newline' ? token : `"${token ?? ''}"`;
    if (flavour === 'dash') {
      const what = token === undefined ? dashEnd(fault) : `${mark} unexpected`;
      said = `${name}: ${at}Syntax error: ${what}\n`;
    } else {
      const what = token === undefined ? ashEnd(fault) : `unexpected ${mark}`;
      said = `${name}: ${at}syntax error: ${what}\n`;
    }
  }
  yield* write(io[2] ?? 0, said);
}

const dashEnd = ({ message }: SyntaxFault): string =>
  message.includes('matching') ? 'Unterminated quoted string' : 'end of file unexpected';

const ashEnd = ({ message }: SyntaxFault): string =>
  message.includes('matching')
    ? 'unterminated quoted string'
    : 'unexpected end of file (expecting ")")';
