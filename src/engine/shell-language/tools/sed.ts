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

/** What one pass over the script works on. */
interface Pass {
  /** The pattern space. */
  text: string;
  out: string;
  /** What `a` wants printed behind the pattern space. */
  appended: string;
  deleted: boolean;
  /** Whether an `s` has replaced something since the last `t`. */
  replaced: boolean;
  /** What `D` left, on which the script begins again. */
  rest: string | undefined;
}

const isLast = (source: Source): boolean => !source.more && source.at >= source.lines.length;

function take(course: Course, source: Source): string {
  course.number += 1;
  return source.lines[source.at++]!;
}

/** Runs the script on the lines there are; gives what it prints. */
function cycle(course: Course, source: Source): string {
  let out = '';
  while (source.at < source.lines.length && course.quit === undefined) {
    if (source.more && source.at + 1 >= source.lines.length) break;
    let next: string | undefined = take(course, source);
    while (next !== undefined) {
      const pass: Pass = {
        text: next,
        out: '',
        appended: '',
        deleted: false,
        replaced: false,
        rest: undefined,
      };
      script(course, source, pass);
      if (!pass.deleted && !course.quiet) pass.out += `${pass.text}\n`;
      out += pass.out + pass.appended;
      next = pass.rest;
    }
  }
  return out;
}

function script(course: Course, source: Source, pass: Pass): void {
  let steps = 0;
  for (let at = 0; at < course.commands.length; at++) {
    if (++steps > STEP_LIMIT) throw new SedFault('the script does not end');
    const command = course.commands[at]!;
    if (!selects(course, command, pass.text, isLast(source))) {
      if (command.name === '{') at = command.jump ?? at;
      continue;
    }
    if (command.name === 'b' || (command.name === 't' && pass.replaced)) {
      if (command.name === 't') pass.replaced = false;
      at = command.jump ?? course.commands.length;
    } else if (!obey(course, source, pass, command)) return;
  }
}

/** Does what one command says; false ends the pass. */
function obey(course: Course, source: Source, pass: Pass, command: SedCommand): boolean {
  const { name, argument = '' } = command;
  switch (name) {
    case 'd':
      pass.deleted = true;
      return false;
    case 'D': {
      const end = pass.text.indexOf('\n');
      pass.deleted = true;
      if (end >= 0) pass.rest = pass.text.slice(end + 1);
      return false;
    }
    case 'p':
      pass.out += `${pass.text}\n`;
      return true;
    case 'P':
      pass.out += `${pass.text.split('\n')[0]!}\n`;
      return true;
    case '=':
      pass.out += `${course.number}\n`;
      return true;
    case 's': {
      const done = substitute(pass.text, command.substitution!);
      if (!done) return true;
      pass.text = done.text;
      pass.replaced = true;
      if (command.substitution!.print) pass.out += `${pass.text}\n`;
      return true;
    }
    case 'y':
      pass.text = [...pass.text].map((char) => command.map?.get(char) ?? char).join('');
      return true;
    case 'a':
      pass.appended += `${argument}\n`;
      return true;
    case 'i':
      pass.out += `${argument}\n`;
      return true;
    case 'c': {
      const inRange = command.to !== undefined && course.ranges.get(command) === true;
      if (!inRange || command.negated) pass.out += `${argument}\n`;
      pass.deleted = true;
      return false;
    }
    case 'q':
    case 'Q':
      course.quit = Number(argument || 0);
      pass.deleted = name === 'Q';
      return false;
    case 'n':
    case 'N':
      return nextLine(course, source, pass, name);
    default:
      hold(course, pass, name);
      return true;
  }
}

/** `n` prints and replaces the pattern space, `N` adds to it; false when no line is left. */
function nextLine(course: Course, source: Source, pass: Pass, name: 'n' | 'N'): boolean {
  if (source.at >= source.lines.length) {
    if (name === 'n' && isLast(source) && course.quiet) pass.deleted = true;
    return false;
  }
  if (name === 'N') pass.text += `\n${take(course, source)}`;
  else {
    if (!course.quiet) pass.out += `${pass.text}\n`;
    pass.text = take(course, source);
  }
  return true;
}

function hold(course: Course, pass: Pass, name: string): void {
  if (name === 'g') pass.text = course.hold;
  else if (name === 'G') pass.text += `\n${course.hold}`;
  else if (name === 'h') course.hold = pass.text;
  else if (name === 'H') course.hold += `\n${pass.text}`;
  else if (name === 'x') [pass.text, course.hold] = [course.hold, pass.text];
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
