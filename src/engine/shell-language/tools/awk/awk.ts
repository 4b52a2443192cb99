import type { Command } from '../../../machine/command.ts';
import { FAULT_TEXT } from '../../../machine/files.ts';
import { write } from '../../../sim/process.ts';
import { unescape } from '../../formats.ts';
import { RegexFault } from '../../regex/regex.ts';
import type { Step } from '../../state.ts';
import { eachLines, readOptions, Tool } from '../tool.ts';
import { AwkFault } from './program.ts';
import { AwkRun } from './run.ts';
import { readAwk } from './syntax.ts';

/** Begins, works through the records of the files, ends; the exit code. */
function* runOver(tool: Tool, run: AwkRun, names: readonly string[]): Step<number> {
  run.begin();
  yield* tool.out(run.out);
  run.out = '';
  let status = 0;
  if (!run.ended && run.readsInput) {
    for (const name of names.length === 0 ? ['-'] : names) {
      const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(name);
      if (assignment) {
        run.set(assignment[1]!, assignment[2]!);
        continue;
      }
      run.nextFile(name === '-' ? '' : name);
      const paragraph: string[] = [];
      const byParagraph = run.recordSeparator === '';
      const failed = yield* eachLines(tool, [name], function* ({ lines, last }) {
        for (const text of lines) {
          if (run.ended) break;
          if (!byParagraph) run.line(text);
          else if (text !== '') paragraph.push(text);
          else if (paragraph.length > 0) run.line(paragraph.splice(0).join('\n'));
        }
        if (byParagraph && last && paragraph.length > 0) run.line(paragraph.splice(0).join('\n'));
        const { out } = run;
        run.out = '';
        yield* tool.out(out);
        return !run.ended;
      });
      if (failed !== 0) status = 2;
      if (run.ended) break;
    }
  }
  const exited = run.ended && run.status !== 0;
  if (!exited) run.end();
  yield* tool.out(run.out);
  return run.status || status;
}

/** `awk`: reads its program, then line by line what comes. */
export const awk: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const options = readOptions(tool.args, 'F:v:f:', { inOrder: true });
  if (options.problem !== undefined) return yield* tool.fail(options.problem, 2);
  let [...names] = options.operands;
  const sources: string[] = [];
  for (const name of options.all('f')) {
    const found = yield* tool.text(name);
    if ('fault' in found)
      return yield* tool.fail(`cannot open ${name} (${FAULT_TEXT[found.fault]})`, 2);
    sources.push(found.text);
  }
  if (sources.length === 0) {
    const [source, ...rest] = names;
    if (source === undefined) {
      yield* write(self.stderr, 'Usage: awk [options] program [file ...]\n');
      return 2;
    }
    sources.push(source);
    names = rest;
  }
  const variables: Record<string, string> = {};
  const separator = options.value('F');
  if (separator !== undefined)
    variables.FS = separator === 't' ? '\t' : unescape(separator, 'format').text;
  for (const pair of options.all('v')) {
    const [name = '', ...value] = pair.split('=');
    variables[name] = unescape(value.join('='), 'format').text;
  }
  try {
    const run = new AwkRun(readAwk(sources.join('\n')), variables, line.env);
    return yield* runOver(tool, run, names);
  } catch (fault) {
    if (!(fault instanceof AwkFault || fault instanceof RegexFault)) throw fault;
    return yield* tool.fail(fault.message, 2);
  }
};
