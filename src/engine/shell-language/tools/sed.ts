import type { Command } from '../../machine/command.ts';
import { FAULT_TEXT, writeFile } from '../../machine/files.ts';
import { RegexFault } from '../regex/regex.ts';
import { write } from '../../sim/process.ts';
import type { Step } from '../state.ts';
import { readSed, SedFault, type Address, type SedCommand } from './sed-script.ts';
import { substitute } from './sed-substitute.ts';
import { eachLines, readOptions, splitLines, Tool } from './tool.ts';

/**
 * `sed` (GNU sed 4.9): addresses, `s y d p q = a i c n N D P g G h H x b t {}`.
 *
 * Simplified: `r`, `w`, `l`, `e` and their like are not there.
 */
interface Course {
  readonly commands: readonly SedCommand[];
  readonly quiet: boolean;
  hold: string;
  number: number;
  readonly ranges: Map<SedCommand, boolean>;
  /** The last line of a range that counts lines. */
  readonly ends: Map<SedCommand, number>;
  quit: number | undefined;
}

/** Jumps of one cycle, at most. */
const STEP_LIMIT = 100_000;

interface Source {
  lines: string[];
  at: number;
  /** Whether more may come behind these lines. */
  readonly more: boolean;
}

function selects(course: Course, command: SedCommand, text: string, isLast: boolean): boolean {
  const one = (address: Address): boolean => {
    if (address.kind === 'line') return course.number === address.line;
    if (address.kind === 'last') return isLast;
    if (address.kind === 'step') {
      return address.step === 0
        ? course.number === address.first
        : course.number >= address.first && (course.number - address.first) % address.step === 0;
    }
    return address.kind === 'regex' ? address.regex.test(text) : false;
  };
  const { from, to } = command;
  let hit: boolean;
  if (!from) hit = true;
  else if (!to) hit = one(from);
  else if (course.ranges.get(command) === true) {
    hit = true;
    const ends =
      to.kind === 'line'
        ? course.number >= to.line
        : to.kind === 'plus'
          ? course.number >= (course.ends.get(command) ?? 0)
          : one(to);
    if (ends) course.ranges.set(command, false);
    if (to.kind === 'line' && course.number > to.line) hit = false;
  } else {
    hit = one(from) || (from.kind === 'line' && from.line === 0 && course.number === 1);
    if (hit) {
      if (to.kind === 'plus') course.ends.set(command, course.number + to.count);
      const open =
        to.kind === 'line' ? to.line > course.number : to.kind === 'plus' ? to.count > 0 : true;
      course.ranges.set(command, open && !isLast);
    }
  }
  return hit !== command.negated;
}

/** Runs the script on the lines there are; gives what it prints. */
function cycle(course: Course, source: Source): string {
  let out = '';
  const take = (): string => {
    course.number += 1;
    return source.lines[source.at++]!;
  };
  while (source.at < source.lines.length && course.quit === undefined) {
    if (source.more && source.at + 1 >= source.lines.length) break;
    let text = take();
    let restart = true;
    while (restart) {
      restart = false;
      let pattern = text;
      let appended = '';
      let deleted = false;
      let replaced = false;
      const isLast = () => !source.more && source.at >= source.lines.length;
      let steps = 0;
      for (let at = 0; at < course.commands.length; at++) {
        if (++steps > STEP_LIMIT) throw new SedFault('the script does not end');
        const command = course.commands[at]!;
        if (!selects(course, command, pattern, isLast())) {
          if (command.name === '{') at = command.jump ?? at;
          continue;
        }
        const { name, argument = '' } = command;
        if (name === 'd') {
          deleted = true;
          break;
        } else if (name === 'D') {
          const end = pattern.indexOf('\n');
          deleted = true;
          if (end >= 0) {
            text = pattern.slice(end + 1);
            restart = true;
          }
          break;
        } else if (name === 'p') out += `${pattern}\n`;
        else if (name === 'P') out += `${pattern.split('\n')[0]!}\n`;
        else if (name === '=') out += `${course.number}\n`;
        else if (name === 's') {
          const done = substitute(pattern, command.substitution!);
          if (done) {
            pattern = done.text;
            replaced = true;
            if (command.substitution!.print) out += `${pattern}\n`;
          }
        } else if (name === 'y') {
          pattern = [...pattern].map((char) => command.map?.get(char) ?? char).join('');
        } else if (name === 'a') appended += `${argument}\n`;
        else if (name === 'i') out += `${argument}\n`;
        else if (name === 'c') {
          const inRange = command.to !== undefined && course.ranges.get(command) === true;
          if (!inRange || command.negated) out += `${argument}\n`;
          deleted = true;
          break;
        } else if (name === 'q' || name === 'Q') {
          course.quit = Number(argument || 0);
          deleted = name === 'Q';
          break;
        } else if (name === 'n') {
          if (isLast()) {
            if (course.quiet) deleted = true;
            break;
          }
          if (source.at >= source.lines.length) break;
          if (!course.quiet) out += `${pattern}\n`;
          pattern = take();
        } else if (name === 'N') {
          if (source.at >= source.lines.length) break;
          pattern += `\n${take()}`;
        } else if (name === 'g') pattern = course.hold;
        else if (name === 'G') pattern += `\n${course.hold}`;
        else if (name === 'h') course.hold = pattern;
        else if (name === 'H') course.hold += `\n${pattern}`;
        else if (name === 'x') [pattern, course.hold] = [course.hold, pattern];
        else if (name === 'b' || (name === 't' && replaced)) {
          if (name === 't') replaced = false;
          at = command.jump ?? course.commands.length;
        }
      }
      if (!deleted && !course.quiet) out += `${pattern}\n`;
      out += appended;
    }
  }
  return out;
}

export const sed: Command = function* (line, self) {
  const tool = new Tool(line, self);
  // GNU's -i takes its suffix only when attached.
  let inPlace: string | undefined;
  const args: string[] = [];
  for (const arg of tool.args) {
    const match = /^-([nErsuz]*)i(.*)$/.exec(arg);
    if (match && !arg.startsWith('--')) {
      inPlace = match[2]!;
      if (match[1] !== '') args.push(`-${match[1]!}`);
    } else if (arg.startsWith('--in-place')) inPlace = arg.slice('--in-place='.length);
    else args.push(arg);
  }
  const options = readOptions(args, 'nErsuze:f:', {
    long: { quiet: 'n', silent: 'n', 'regexp-extended': 'E', expression: 'e', file: 'f' },
  });
  let files = [...options.operands];
  const scripts = [...options.all('e')];
  if (
    options.problem !== undefined ||
    (scripts.length === 0 && !options.has('f') && files.length === 0)
  ) {
    if (options.problem !== undefined) yield* tool.fail(options.problem);
    yield* write(
      self.stderr,
      'Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n',
    );
    return 1;
  }
  for (const name of options.all('f')) {
    const found = yield* tool.text(name);
    if ('fault' in found)
      return yield* tool.fail(`couldn't open file ${name}: ${FAULT_TEXT[found.fault]}`);
    scripts.push(found.text);
  }
  if (scripts.length === 0) {
    scripts.push(files[0]!);
    files = files.slice(1);
  }
  try {
    const commands = readSed(scripts.join('\n'), options.has('E') || options.has('r'));
    return yield* run(tool, { commands, quiet: options.has('n'), files, inPlace });
  } catch (fault) {
    if (fault instanceof SedFault)
      return yield* tool.fail(`-e expression #1, char ${fault.at}: ${fault.message}`);
    if (fault instanceof RegexFault)
      return yield* tool.fail(`-e expression #1, char ${scripts[0]!.length}: ${fault.message}`);
    throw fault;
  }
};

function* run(
  tool: Tool,
  how: {
    commands: readonly SedCommand[];
    quiet: boolean;
    files: readonly string[];
    inPlace: string | undefined;
  },
): Step<number> {
  const { commands, quiet, files, inPlace } = how;
  const fresh = (): Course => ({
    commands,
    quiet,
    hold: '',
    number: 0,
    ranges: new Map(),
    ends: new Map(),
    quit: undefined,
  });
  let status = 0;
  if (inPlace !== undefined) {
    if (files.length === 0) return yield* tool.fail('no input files');
    for (const name of files) {
      const found = yield* tool.text(name);
      if ('fault' in found) {
        const words =
          found.fault === 'EISDIR'
            ? `couldn't edit ${name}: not a regular file`
            : `can't read ${name}: ${FAULT_TEXT[found.fault]}`;
        status = yield* tool.fail(words, found.fault === 'EISDIR' ? 4 : 2);
        continue;
      }
      const { lines, open } = splitLines(found.text);
      const text = cycle(fresh(), { lines, at: 0, more: false });
      if (inPlace !== '') yield* writeFile(tool.place, tool.path(name + inPlace), found.text);
      const fault = yield* writeFile(
        tool.place,
        tool.path(name),
        open ? text.replace(/\n$/, '') : text,
      );
      if (fault)
        status = yield* tool.fail(`couldn't open temporary file ${name}: ${FAULT_TEXT[fault]}`, 4);
    }
    return status;
  }
  const course = fresh();
  const readable: string[] = [];
  for (const name of files) {
    const found = name === '-' ? undefined : yield* tool.text(name);
    if (found && 'fault' in found) {
      const words = found.fault === 'EISDIR' ? `couldn't read ${name}` : `can't read ${name}`;
      status = yield* tool.fail(`${words}: ${FAULT_TEXT[found.fault]}`, 2);
    } else readable.push(name);
  }
  if (files.length > 0 && readable.length === 0) return status;
  let pending: string[] = [];
  let wasOpen = false;
  const lastName = readable.at(-1) ?? '-';
  yield* eachLines(tool, readable, function* ({ lines, name, open, last }) {
    const isEnd = last && name === lastName;
    const source: Source = { lines: [...pending, ...lines], at: 0, more: !isEnd };
    wasOpen = open && isEnd;
    let text = cycle(course, source);
    pending = source.lines.slice(source.at);
    if (wasOpen) text = text.replace(/\n$/, '');
    yield* tool.out(text);
    return course.quit === undefined;
  });
  return course.quit ?? status;
}
