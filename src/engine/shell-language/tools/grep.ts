import type { Command } from '../../machine/command.ts';
import { FAULT_TEXT, listFiles, stat } from '../../machine/files.ts';
import { write } from '../../sim/process.ts';
import { compile, matchAll, RegexFault, type Regex } from '../regex/regex.ts';
import type { Step } from '../state.ts';
import { eachLines, readOptions, Tool, type Lines, type Options } from './tool.ts';

/** `grep`, with basic and extended expressions (GNU grep 3.11). */
const LONG = {
  'ignore-case': 'i',
  'invert-match': 'v',
  'line-number': 'n',
  count: 'c',
  quiet: 'q',
  silent: 'q',
  'extended-regexp': 'E',
  'fixed-strings': 'F',
  'only-matching': 'o',
  recursive: 'r',
  'word-regexp': 'w',
  'line-regexp': 'x',
  'files-with-matches': 'l',
  'files-without-match': 'L',
  'no-messages': 's',
  'no-filename': 'h',
  'with-filename': 'H',
  regexp: 'e',
  file: 'f',
  'max-count': 'm',
  'after-context': 'A',
  'before-context': 'B',
  context: 'C',
};

type Matcher = (text: string) => { from: number; to: number }[];

function matcherOf(patterns: readonly string[], options: Options, name: string): Matcher {
  const fixed = options.has('F') || name === 'fgrep';
  const extended = options.has('E') || name === 'egrep';
  const perl = options.has('P');
  const regexes: Regex[] = patterns.map((pattern) => {
    const source = fixed ? pattern.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&') : pattern;
    return compile(source, { extended: extended || fixed, perl, ignoreCase: options.has('i') });
  });
  const isWord = (char: string | undefined) => char !== undefined && /\w/.test(char);
  const sound = (text: string, from: number, to: number): boolean => {
    if (options.has('x')) return from === 0 && to === text.length;
    return !options.has('w') || (!isWord(text[from - 1]) && !isWord(text[to]));
  };
  return (text) => {
    const found = regexes.flatMap((regex) => matchAll(regex, text, 10_000));
    return found
      .map(({ index, end }) => ({ from: index, to: end }))
      .filter(({ from, to }) => sound(text, from, to))
      .sort((a, b) => a.from - b.from || b.to - a.to);
  };
}

class Grep {
  readonly #tool: Tool;
  readonly #options: Options;
  readonly #find: Matcher;
  readonly #titled: boolean;
  selected = 0;

  constructor(tool: Tool, options: Options, find: Matcher, titled: boolean) {
    this.#tool = tool;
    this.#options = options;
    this.#find = find;
    this.#titled = titled;
  }

  #shown(name: string, number: number, mark: string, text: string): string {
    const title = this.#titled ? `${name}${mark}` : '';
    return `${title}${this.#options.has('n') ? `${number}${mark}` : ''}${text}\n`;
  }

  /** One file; its lines may come in parts. */
  *file(name: string): Step<number> {
    const options = this.#options;
    const shownName = name === '-' ? '(standard input)' : name;
    const context = options.value('C');
    const after = Number(options.value('A') ?? context ?? 0);
    const before = Number(options.value('B') ?? context ?? 0);
    const limit = Number(options.value('m') ?? Infinity);
    const silent = ['q', 'c', 'l', 'L'].some((letter) => options.has(letter));
    let count = 0;
    let number = 0;
    let trailing = 0;
    let lastShown = 0;
    let waiting: { number: number; text: string }[] = [];
    const handle = ({ lines }: Lines): string => {
      let out = '';
      for (const text of lines) {
        number += 1;
        const found = this.#find(text);
        const isSelected = found.length > 0 !== options.has('v') && count < limit;
        if (!isSelected) {
          if (trailing > 0 && !silent) {
            out += this.#shown(shownName, number, '-', text);
            lastShown = number;
            trailing -= 1;
          } else if (before > 0) waiting = [...waiting, { number, text }].slice(-before);
          continue;
        }
        count += 1;
        if (silent) continue;
        if (options.has('o')) {
          const parts = options.has('v') ? [] : withoutOverlap(found);
          for (const { from, to } of parts)
            out += this.#shown(shownName, number, ':', text.slice(from, to));
          continue;
        }
        const first = waiting[0]?.number ?? number;
        if ((after > 0 || before > 0) && lastShown > 0 && first > lastShown + 1) out += '--\n';
        for (const one of waiting) out += this.#shown(shownName, one.number, '-', one.text);
        waiting = [];
        out += this.#shown(shownName, number, ':', text);
        lastShown = number;
        trailing = after;
      }
      return out;
    };
    const tool = this.#tool;
    const failed = yield* eachLines(tool, [name], function* (lines) {
      const text = handle(lines);
      if (text !== '') yield* tool.out(text);
      return !(options.has('q') && count > 0) && !(count >= limit && trailing === 0);
    });
    this.selected += count;
    if (failed !== 0) return 2;
    if (options.has('c')) yield* tool.out(`${this.#titled ? `${shownName}:` : ''}${count}\n`);
    if (options.has('l') && count > 0) yield* tool.out(`${shownName}\n`);
    if (options.has('L') && count === 0) yield* tool.out(`${shownName}\n`);
    return 0;
  }
}

function withoutOverlap(found: readonly { from: number; to: number }[]) {
  let end = 0;
  return found.filter(({ from, to }) => {
    if (from < end || to === from) return false;
    end = to;
    return true;
  });
}

function* namesOf(tool: Tool, options: Options, names: readonly string[]): Step<string[]> {
  if (!options.has('r') && !options.has('R')) return names.length === 0 ? ['-'] : [...names];
  const all: string[] = [];
  for (const name of names.length === 0 ? ['.'] : names) {
    const path = tool.path(name);
    if ((yield* stat(tool.place, path))?.type !== 'dir') {
      all.push(name);
      continue;
    }
    const prefix = path === '/' ? 1 : path.length + 1;
    for (const file of yield* listFiles(tool.place, path)) {
      const below = file.path.slice(prefix);
      all.push(names.length === 0 ? below : `${name.replace(/\/$/, '')}/${below}`);
    }
  }
  return all;
}

export const grep: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const args = tool.args.flatMap((arg) =>
    /^-\d+$/.test(arg) ? ['-C', arg.slice(1)] : /^--colou?r/.test(arg) ? [] : [arg],
  );
  const options = readOptions(args, 'ivncqEFGPorRwxlLshHae:f:m:A:B:C:', { long: LONG });
  const usage = `Usage: ${tool.name} [OPTION]... PATTERNS [FILE]...\nTry '${tool.name} --help' for more information.\n`;
  if (options.problem !== undefined) {
    yield* tool.fail(`${options.problem}\n${usage.trimEnd()}`);
    return 2;
  }
  let names = [...options.operands];
  let sources = [...options.all('e')];
  for (const file of options.all('f')) {
    const found = yield* tool.text(file);
    if ('fault' in found) return yield* tool.fail(`${file}: ${FAULT_TEXT[found.fault]}`, 2);
    sources.push(...found.text.replace(/\n$/, '').split('\n'));
  }
  if (sources.length === 0) {
    const [pattern, ...rest] = names;
    if (pattern === undefined) {
      yield* write(self.stderr, usage);
      return 2;
    }
    sources = [pattern];
    names = rest;
  }
  let find: Matcher;
  try {
    find = matcherOf(
      sources.flatMap((source) => source.split('\n')),
      options,
      tool.name,
    );
  } catch (fault) {
    if (!(fault instanceof RegexFault)) throw fault;
    return yield* tool.fail(fault.message, 2);
  }
  const files = yield* namesOf(tool, options, names);
  const many = files.length > 1 || options.has('r') || options.has('R');
  const search = new Grep(tool, options, find, (many && !options.has('h')) || options.has('H'));
  let status = 0;
  for (const name of files) {
    const path = tool.path(name);
    if (name !== '-' && (yield* stat(tool.place, path))?.type === 'dir') {
      yield* tool.fail(`${name}: Is a directory`);
      status = 2;
      continue;
    }
    status = Math.max(status, yield* search.file(name));
    if (options.has('q') && search.selected > 0) return 0;
  }
  if (status !== 0) return status;
  return search.selected > 0 ? 0 : 1;
};
