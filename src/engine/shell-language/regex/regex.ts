import {
  RegexFault,
  RegexReader,
  type Assertion,
  type CharTest,
  type RegexNode,
  type RegexOptions,
} from './syntax.ts';

export { RegexFault } from './syntax.ts';

/**
 * Matches regular expressions in time that grows with text and expression, whatever they are: every
 * pair of place in the program and place in the text is looked at once (as RE2's BitState does).
 * POSIX kinds give the longest of the leftmost matches.
 */
export interface Match {
  readonly index: number;
  readonly end: number;
  /** The whole match, then the groups; undefined for one that took no part. */
  readonly groups: readonly [string, ...(string | undefined)[]];
  /** Where each group begins. */
  readonly starts: readonly (number | undefined)[];
}

type Instruction =
  | { readonly do: 'char'; readonly char: string }
  | { readonly do: 'test'; readonly test: CharTest }
  | { readonly do: 'assert'; readonly what: Assertion }
  | { readonly do: 'back'; readonly group: number }
  | { readonly do: 'save'; readonly slot: number }
  | { readonly do: 'split'; first: number; second: number }
  | { readonly do: 'jump'; to: number }
  | { readonly do: 'match' };

const PROGRAM_LIMIT = 20_000;
const STATE_LIMIT = 50_000_000;
/** Steps of one search with back references, which no table can shorten. */
const STEP_LIMIT = 2_000_000;

class Compiler {
  readonly program: Instruction[] = [];

  add(instruction: Instruction): number {
    if (this.program.length >= PROGRAM_LIMIT) throw new RegexFault('Regular expression too big');
    return this.program.push(instruction) - 1;
  }

  node(node: RegexNode): void {
    switch (node.kind) {
      case 'empty':
        return;
      case 'char':
        this.add({ do: 'char', char: node.char });
        return;
      case 'test':
        this.add({ do: 'test', test: node.test });
        return;
      case 'assert':
        this.add({ do: 'assert', what: node.what });
        return;
      case 'back':
        this.add({ do: 'back', group: node.group });
        return;
      case 'sequence':
        for (const item of node.items) this.node(item);
        return;
      case 'group':
        this.add({ do: 'save', slot: node.number * 2 });
        this.node(node.item);
        this.add({ do: 'save', slot: node.number * 2 + 1 });
        return;
      case 'either':
        this.#either(node.items);
        return;
      case 'repeat':
        this.#repeat(node);
    }
  }

  #either(items: readonly RegexNode[]): void {
    const jumps: { to: number }[] = [];
    for (const [i, item] of items.entries()) {
      if (i === items.length - 1) {
        this.node(item);
        break;
      }
      const split = { do: 'split' as const, first: this.program.length + 1, second: 0 };
      this.add(split);
      this.node(item);
      const jump = { do: 'jump' as const, to: 0 };
      this.add(jump);
      jumps.push(jump);
      split.second = this.program.length;
    }
    for (const jump of jumps) jump.to = this.program.length;
  }

  #repeat({ item, min, max, lazy }: Extract<RegexNode, { kind: 'repeat' }>): void {
    for (let i = 0; i < min; i++) this.node(item);
    const split = () => {
      const instruction = { do: 'split' as const, first: 0, second: 0 };
      this.add(instruction);
      return instruction;
    };
    const aim = (one: { first: number; second: number }, into: number, past: number) => {
      one.first = lazy ? past : into;
      one.second = lazy ? into : past;
    };
    if (max === Infinity) {
      const start = this.program.length;
      const loop = split();
      this.node(item);
      this.add({ do: 'jump', to: start });
      aim(loop, start + 1, this.program.length);
      return;
    }
    const open: { split: { first: number; second: number }; into: number }[] = [];
    for (let i = min; i < max; i++) {
      open.push({ split: split(), into: this.program.length });
      this.node(item);
    }
    for (const one of open) aim(one.split, one.into, this.program.length);
  }
}

const isWordAt = (text: string, at: number): boolean => /\w/.test(text[at] ?? '');

function holds(what: Assertion, text: string, at: number): boolean {
  const before = at > 0 && isWordAt(text, at - 1);
  const after = isWordAt(text, at);
  switch (what) {
    case 'start':
      return at === 0;
    case 'end':
      return at === text.length;
    case 'boundary':
      return before !== after;
    case 'inner':
      return before === after;
    case 'word-start':
      return !before && after;
    case 'word-end':
      return before && !after;
  }
}

interface Job {
  readonly pc: number;
  readonly at: number;
  /** Puts a slot back to what it was, instead. */
  readonly slot?: number;
}

export class Regex {
  readonly #program: readonly Instruction[];
  readonly #slots: number;
  readonly #longest: boolean;
  readonly #hasBack: boolean;
  readonly names: readonly string[];
  readonly groups: number;

  constructor(source: string, options: RegexOptions) {
    const reader = new RegexReader(source, options);
    const compiler = new Compiler();
    compiler.node(reader.read());
    compiler.add({ do: 'match' });
    this.#program = compiler.program;
    this.#slots = (reader.groups + 1) * 2;
    this.#longest = options.perl !== true;
    this.#hasBack = compiler.program.some((one) => one.do === 'back');
    this.names = reader.names;
    this.groups = reader.groups;
  }

  test(text: string): boolean {
    return this.exec(text, 0) !== undefined;
  }

  /** The leftmost match at or after `from`. */
  exec(text: string, from: number): Match | undefined {
    const width = text.length + 1;
    if (this.#program.length * width > STATE_LIMIT) throw new RegexFault('line too long');
    const seen = this.#hasBack ? undefined : new Set<number>();
    const budget = { steps: STEP_LIMIT };
    for (let start = from; start <= text.length; start++) {
      const slots = this.#from(text, start, seen, budget);
      if (!slots) continue;
      const groups: (string | undefined)[] = [];
      const starts: (number | undefined)[] = [];
      for (let slot = 0; slot < this.#slots; slot += 2) {
        const begin = slots[slot];
        const end = slots[slot + 1];
        starts.push(begin);
        groups.push(begin === undefined || end === undefined ? undefined : text.slice(begin, end));
      }
      return { index: start, end: slots[1]!, groups: groups as [string], starts };
    }
    return undefined;
  }

  #from(
    text: string,
    start: number,
    seen: Set<number> | undefined,
    budget: { steps: number },
  ): (number | undefined)[] | undefined {
    const slots = new Array<number | undefined>(this.#slots).fill(undefined);
    const width = text.length + 1;
    const jobs: Job[] = [{ pc: 0, at: start }];
    let best: (number | undefined)[] | undefined;
    for (let job = jobs.pop(); job; job = jobs.pop()) {
      if (job.slot !== undefined) {
        slots[job.slot] = job.at < 0 ? undefined : job.at;
        continue;
      }
      let { pc, at } = job;
      for (;;) {
        if (seen) {
          const state = pc * width + at;
          if (seen.has(state)) break;
          seen.add(state);
        }
        budget.steps -= 1;
        if (!seen && budget.steps < 0) throw new RegexFault('regular expression takes too long');
        const instruction = this.#program[pc]!;
        if (instruction.do === 'match') {
          if (!best || at > best[1]!) best = [start, at, ...slots.slice(2)];
          if (!this.#longest) return best;
          break;
        }
        if (instruction.do === 'split') {
          jobs.push({ pc: instruction.second, at });
          pc = instruction.first;
        } else if (instruction.do === 'jump') {
          pc = instruction.to;
        } else if (instruction.do === 'save') {
          jobs.push({ pc: 0, at: slots[instruction.slot] ?? -1, slot: instruction.slot });
          slots[instruction.slot] = at;
          pc += 1;
        } else {
          const length = this.#step(instruction, text, at, slots);
          if (length < 0) break;
          at += length;
          pc += 1;
        }
      }
    }
    return best;
  }

  /** How many characters an instruction takes; -1 when it does not match. */
  #step(
    instruction: Extract<Instruction, { do: 'char' | 'test' | 'assert' | 'back' }>,
    text: string,
    at: number,
    slots: readonly (number | undefined)[],
  ): number {
    switch (instruction.do) {
      case 'char':
        return text[at] === instruction.char ? 1 : -1;
      case 'test': {
        const char = text[at];
        return char !== undefined && instruction.test(char) ? 1 : -1;
      }
      case 'assert':
        return holds(instruction.what, text, at) ? 0 : -1;
      case 'back': {
        const said = text.slice(
          slots[instruction.group * 2] ?? 0,
          slots[instruction.group * 2 + 1] ?? 0,
        );
        return text.startsWith(said, at) ? said.length : -1;
      }
    }
  }
}

/** Throws a {@link RegexFault} in the words of GNU regcomp. */
export const compile = (source: string, options: RegexOptions): Regex => new Regex(source, options);

/** Every match that does not overlap the one before. */
export function matchAll(regex: Regex, text: string, limit = Infinity): Match[] {
  const found: Match[] = [];
  for (let at = 0; at <= text.length && found.length < limit;) {
    const match = regex.exec(text, at);
    if (!match) break;
    found.push(match);
    at = match.end > match.index ? match.end : match.end + 1;
  }
  return found;
}
