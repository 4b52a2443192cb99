import { Interrupt, read, unread, write } from '../sim/process.ts';
import { isIncomplete } from './parser.ts';
import { runLine } from './run.ts';
import { Interrupted, type Shell, type Step } from './state.ts';

/**
 * A shell that reads commands from its standard input: line by line, each as soon as it is
 * complete, so that what a command reads itself is left for it. On a terminal it prompts.
 */
const LINES_LOOKED_AT = 64;

export function* readAndRun(shell: Shell, isTerminal: boolean): Step<void> {
  if (isTerminal) shell.onInterrupt = 'drop';
  let text = '';
  let lines = 0;
  for (;;) {
    try {
      if (isTerminal) yield* write(shell.self.stderr, text === '' ? prompt(shell) : '> ');
      const line = yield* readLine(shell.self.stdin);
      if (line === undefined && text === '') return;
      text += line ?? '';
      lines += 1;
      // Every line of a long command would be parsed as often as there are lines.
      const looks = lines < LINES_LOOKED_AT || lines % LINES_LOOKED_AT === 0;
      if (line !== undefined && (!looks || isIncomplete(text))) continue;
      const whole = text;
      [text, lines] = ['', 0];
      yield* runLine(shell, whole);
      if (line === undefined) return;
    } catch (fault) {
      const isInterrupt = fault instanceof Interrupt && fault.signal === 'SIGINT';
      if (!isTerminal || !(isInterrupt || fault instanceof Interrupted)) throw fault;
      [text, lines] = ['', 0];
      shell.status = 130;
      yield* write(shell.self.stderr, '\n');
    }
  }
}

/** The next line with its end; what came behind it is given back. */
function* readLine(stream: number): Step<string | undefined> {
  let text = '';
  for (;;) {
    const chunks = yield* read<string>(stream);
    if (!chunks) return text === '' ? undefined : text;
    text += chunks.join('');
    const end = text.indexOf('\n');
    if (end === -1) continue;
    if (end < text.length - 1) yield* unread(stream, text.slice(end + 1));
    return text.slice(0, end + 1);
  }
}

/** Alpine's `/ # `, Debian's `root@3f2a8c1d9e0b:/# `, dash's `# `. */
function prompt(shell: Shell): string {
  const home = shell.get('HOME');
  const { cwd, flavour } = shell;
  const isRoot = (shell.get('USER') ?? 'root') === 'root' && home === '/root';
  const sign = isRoot ? '#' : '$';
  if (flavour === 'dash') return `${sign} `;
  const shown = home !== undefined && home !== '/' && `${cwd}/`.startsWith(`${home}/`);
  const where = shown ? `~${cwd.slice(home.length)}` : cwd;
  if (flavour === 'ash') return `${where} ${sign} `;
  const user = isRoot ? 'root' : (shell.get('USER') ?? 'I have no name!');
  return `${user}@${shell.get('HOSTNAME') ?? ''}:${where}${sign} `;
}
