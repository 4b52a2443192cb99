import type { Command } from '../../machine/command.ts';
import { FAULT_TEXT, listDirectory, removeFile, stat } from '../../machine/files.ts';
import { join, now, start } from '../../sim/process.ts';
import { statusOf } from '../signals.ts';
import type { Step } from '../state.ts';
import type { ExecLine } from './starting.ts';
import { FindFault, TAKES_VALUE, valuedTest, type Found, type Test } from './find-tests.ts';
import { quoted, Tool } from './tool.ts';

/** `find` (GNU findutils 4.9): tests joined by and, or, not; -print, -delete, -exec. */
interface Limits {
  minDepth: number;
  maxDepth: number;
  prints: boolean;
  depthFirst: boolean;
  status: number;
}

const DEPTH_LIMIT = 200;
const ENTRY_LIMIT = 1_000_000;

class Expression {
  readonly #tool: Tool;
  readonly #words: readonly string[];
  readonly #nowMs: number;
  readonly limits: Limits = {
    minDepth: 0,
    maxDepth: Infinity,
    prints: false,
    depthFirst: false,
    status: 0,
  };
  readonly batches: { argv: readonly string[]; names: string[] }[] = [];
  #at = 0;
  #nesting = 0;

  constructor(tool: Tool, words: readonly string[], nowMs: number) {
    this.#tool = tool;
    this.#words = words;
    this.#nowMs = nowMs;
  }

  read(): Test {
    if (this.#words.length === 0) return this.#always;
    const test = this.#or();
    const rest = this.#words[this.#at];
    if (rest !== undefined) throw new FindFault(`paths must precede expression: \`${rest}'`);
    return test;
  }

  readonly #always: Test = function* () {
    yield* [];
    return true;
  };

  #or(): Test {
    let left = this.#and();
    while (['-o', '-or'].includes(this.#words[this.#at] ?? '')) {
      this.#at += 1;
      const [one, two] = [left, this.#and()];
      left = function* (found) {
        return (yield* one(found)) || (yield* two(found));
      };
    }
    return left;
  }

  #and(): Test {
    let left = this.#not();
    for (
      let word = this.#words[this.#at];
      word !== undefined && !['-o', '-or', ')'].includes(word);
      word = this.#words[this.#at]
    ) {
      if (word === '-a' || word === '-and') this.#at += 1;
      const [one, two] = [left, this.#not()];
      left = function* (found) {
        return (yield* one(found)) && (yield* two(found));
      };
    }
    return left;
  }

  #not(): Test {
    const word = this.#words[this.#at];
    if (word === '!' || word === '-not') {
      let isNegated = false;
      for (; ['!', '-not'].includes(this.#words[this.#at] ?? ''); this.#at++) {
        isNegated = !isNegated;
      }
      const test = this.#not();
      return function* (found) {
        return (yield* test(found)) !== isNegated;
      };
    }
    if (word === '(') {
      this.#at += 1;
      this.#nesting += 1;
      if (this.#nesting > DEPTH_LIMIT) throw new FindFault('expression nested too deeply.');
      const test = this.#or();
      this.#nesting -= 1;
      if (this.#words[this.#at] !== ')')
        throw new FindFault("invalid expression; expected to find a ')' but didn't see one.");
      this.#at += 1;
      return test;
    }
    return this.#primary();
  }

  #primary(): Test {
    const word = this.#words[this.#at] ?? '';
    this.#at += 1;
    if (!word.startsWith('-')) throw new FindFault(`paths must precede expression: \`${word}'`);
    if (TAKES_VALUE.includes(word)) {
      const value = this.#words[this.#at];
      if (value === undefined) throw new FindFault(`missing argument to \`${word}'`);
      this.#at += 1;
      if (word === '-maxdepth' || word === '-mindepth') return this.#depth(word, value);
      return valuedTest(this.#tool, this.#nowMs, word, value);
    }
    const tool = this.#tool;
    switch (word) {
      case '-print':
        this.limits.prints = true;
        return function* ({ name }) {
          yield* tool.out(`${name}\n`);
          return true;
        };
      case '-print0':
        this.limits.prints = true;
        return function* ({ name }) {
          yield* tool.out(`${name}\0`);
          return true;
        };
      case '-delete':
        this.limits.prints = true;
        this.limits.depthFirst = true;
        return function* ({ name, path }) {
          const fault = yield* removeFile(tool.place, path);
          if (fault) yield* tool.fail(`cannot delete ${quoted(name)}: ${FAULT_TEXT[fault]}`);
          return !fault;
        };
      case '-empty':
        return function* ({ path, entry }) {
          if (entry.type === 'file') return entry.sizeBytes === 0;
          return (
            entry.type === 'dir' && ((yield* listDirectory(tool.place, path)) ?? []).length === 0
          );
        };
      case '-exec':
        return this.#exec();
      case '-depth':
        this.limits.depthFirst = true;
        return this.#always;
      case '-true':
      case '-xdev':
        return this.#always;
      default:
        throw new FindFault(`unknown predicate \`${word}'`);
    }
  }

  #depth(word: '-maxdepth' | '-mindepth', value: string): Test {
    if (!/^\d+$/.test(value)) {
      throw new FindFault(
        `Expected a positive decimal integer argument to ${word}, but got ${quoted(value)}`,
      );
    }
    if (word === '-maxdepth') this.limits.maxDepth = Number(value);
    else this.limits.minDepth = Number(value);
    return this.#always;
  }

  #exec(): Test {
    this.limits.prints = true;
    const argv: string[] = [];
    for (;;) {
      const word = this.#words[this.#at];
      this.#at += 1;
      if (word === undefined) throw new FindFault("missing argument to `-exec'");
      if (word === ';') break;
      if (word === '+' && argv.at(-1) === '{}') {
        const batch = { argv: argv.slice(0, -1), names: [] as string[] };
        this.batches.push(batch);
        return function* ({ name }) {
          yield* [];
          batch.names.push(name);
          return true;
        };
      }
      argv.push(word);
    }
    const tool = this.#tool;
    return function* ({ name }) {
      return (
        (yield* runCommand(
          tool,
          argv.map((part) => part.split('{}').join(name)),
        )) === 0
      );
    };
  }
}

function* runCommand(tool: Tool, argv: readonly string[]): Step<number> {
  const line: ExecLine = { ...tool.line, argv, style: 'find' };
  const { stdout, stderr } = tool.self;
  return statusOf(yield* join(yield* start('shell/exec', line, { stdout, stderr })));
}

export const find: Command = function* (line, self) {
  const tool = new Tool(line, self);
  const first = tool.args.findIndex((arg) => /^[-!(]/.test(arg));
  const roots = tool.args.slice(0, first < 0 ? undefined : first);
  const expression = new Expression(tool, first < 0 ? [] : tool.args.slice(first), yield* now());
  let test: Test;
  try {
    test = expression.read();
  } catch (fault) {
    if (!(fault instanceof FindFault)) throw fault;
    return yield* tool.fail(fault.message);
  }
  const { limits } = expression;
  let status = 0;
  let count = 0;
  for (const root of roots.length === 0 ? ['.'] : roots) {
    const entry = yield* stat(tool.place, tool.path(root), false);
    if (!entry) {
      const text = (yield* tool.isBusybox()) ? root : quoted(root);
      status = yield* tool.fail(`${text}: No such file or directory`);
      continue;
    }
    // A list of what is still to be seen; a directory comes twice when its inside is first.
    const open: { found: Found; inside: boolean }[] = [
      { found: { name: root, path: tool.path(root), entry, depth: 0 }, inside: false },
    ];
    for (let next = open.pop(); next && count < ENTRY_LIMIT; next = open.pop()) {
      count += 1;
      const { found, inside } = next;
      const enters = found.entry.type === 'dir' && found.depth < limits.maxDepth && !inside;
      const isNow = !enters || !limits.depthFirst;
      if (isNow && found.depth >= limits.minDepth && found.depth <= limits.maxDepth) {
        if ((yield* test(found)) && !limits.prints) yield* tool.out(`${found.name}\n`);
      }
      if (!enters) continue;
      if (limits.depthFirst) open.push({ found, inside: true });
      const below = (yield* listDirectory(tool.place, found.path)) ?? [];
      for (const child of [...below].reverse()) {
        const name = found.name.endsWith('/')
          ? found.name + child.name
          : `${found.name}/${child.name}`;
        const path = found.path === '/' ? `/${child.name}` : `${found.path}/${child.name}`;
        open.push({ found: { name, path, entry: child, depth: found.depth + 1 }, inside: false });
      }
    }
  }
  for (const { argv, names } of expression.batches) {
    if (names.length > 0 && (yield* runCommand(tool, [...argv, ...names])) !== 0) status = 1;
  }
  return status;
};
