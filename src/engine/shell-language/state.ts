import type { CommandTable } from '../machine/command.ts';
import { write, type Call, type Resumption, type Self, type Signal } from '../sim/process.ts';
import { firstAliases, NO_ALIASES, type Aliases } from './aliases.ts';
import type { CommandNode, Script } from './syntax.ts';

/**
 * What a running shell knows. It lives within the shell's own durable process, so it may change in
 * place; a subshell is given a copy as plain data.
 */
export type Step<T> = Generator<Call, T, Resumption>;

/** Whose words errors are in: GNU bash 5.2, busybox ash 1.37, dash 0.5.12. */
export type Flavour = 'bash' | 'ash' | 'dash';

/** Elements of an array by their keys; those of an indexed one sorted by number. */
export type Items = readonly (readonly [key: string, value: string])[];

export interface Variable {
  readonly value: string | undefined;
  readonly exported: boolean;
  readonly readonly: boolean;
  /** Of an array, whose value is its element 0. */
  readonly items?: Items;
  /** An associative array. */
  readonly keyed?: boolean | undefined;
}

export interface Job {
  readonly id: number;
  readonly pid: number;
  readonly text: string;
  readonly share: number;
  status: number | undefined;
  /** Its end was told. */
  told: boolean;
}

/** The streams behind the file descriptors. */
export type Streams = Readonly<Record<number, number>>;

export interface Options {
  errexit: boolean;
  nounset: boolean;
  xtrace: boolean;
  pipefail: boolean;
  noglob: boolean;
}

/** Plain data from which a subshell begins. */
export interface Copy {
  readonly variables: readonly (readonly [string, Variable])[];
  readonly functions: readonly (readonly [string, CommandNode])[];
  readonly positional: readonly string[];
  readonly options: Options;
  readonly status: number;
  readonly shellPid: number;
  readonly backgroundPid: number;
  readonly ignored: readonly string[];
  readonly nesting: number;
  readonly callers: readonly string[];
  readonly secondsFromMs: number | undefined;
  readonly fds: Streams;
  readonly aliases?: readonly (readonly [string, string])[];
}

export interface ShellArgs {
  /** The place whose files and commands it sees: a machine or a container on it. */
  readonly machine: string;
  /** What it runs: a text, or a part of its parent's script. */
  readonly script?: string;
  readonly body?: Script;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly commands: CommandTable;
  readonly flavour?: Flavour;
  /** `$0`, and what its messages begin with. */
  readonly name?: string;
  /** A script tells the line in its messages, a prompt does not. */
  readonly source?: 'prompt' | 'argument' | 'file';
  readonly positional?: readonly string[];
  /** Letters as of `set`: `eu`. */
  readonly options?: string;
  readonly copy?: Copy;
  /** It is the first process of a container: signals without a trap do nothing. */
  readonly init?: boolean;
  /** How many processes it and all below it may start side by side. */
  readonly budget?: number;
}

/** How parts of the interpreter run one another. */
export interface Runner {
  readonly script: (shell: Shell, body: Script, io: Streams) => Step<void>;
  readonly command: (shell: Shell, node: CommandNode, io: Streams) => Step<void>;
  /** Parses and runs a text in this shell: `eval`, `.`, a trap. */
  readonly text: (shell: Shell, text: string, io: Streams) => Step<void>;
}

const PROCESS_BUDGET = 20_000;
const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

export class Shell {
  readonly args: ShellArgs;
  readonly self: Self;
  readonly place: string;
  readonly flavour: Flavour;
  readonly variables = new Map<string, Variable>();
  readonly functions = new Map<string, CommandNode>();
  aliases: Map<string, string>;
  /** They are not as at first. */
  hasOwnAliases = false;
  readonly options: Options;
  readonly traps = new Map<string, string>();
  readonly ignored = new Set<string>();
  name: string;
  source: 'prompt' | 'argument' | 'file';
  positional: readonly string[];
  cwd: string;
  status: number;
  line = 1;
  shellPid: number;
  backgroundPid = 0;
  jobs: Job[] = [];
  /** What `local` hides, of the function that runs. */
  locals = new Map<string, Variable | undefined>();
  /** Streams that `exec` opened, and descriptors above 2. */
  fds: Streams;
  /** Signals whose trap is still to run. */
  pending: Signal[] = [];
  /** Above 0 where a failure is asked for: within `if`, `&&`, `!`. */
  asked = 0;
  nesting: number;
  calls = 0;
  loops = 0;
  sourced = 0;
  budget: number;
  /** The last command of `-c`, which takes the shell's place. */
  tail: CommandNode | undefined;
  /** What was run so far, by which time passes. */
  steps = 0;
  random: number;
  /** Statuses of the parts of the last pipeline. */
  pipeStatus: readonly number[] = [0];
  /** The functions that run, the innermost first. */
  callers: readonly string[] = [];
  /** Virtual time when it was last looked at, of which `SECONDS` tells. */
  nowMs = 0;
  /** Undefined until the shell begins. */
  secondsFromMs: number | undefined;
  /** `getopts`: how far it is within a word of options. */
  optionOffset = 0;
  optionWord = 0;
  /** Files of `<( )` that are still open. */
  processFiles: readonly string[] = [];
  /** Status of the last command substitution, for an assignment alone. */
  substituted: number | undefined;
  /** The processes that are waited for. */
  foreground: readonly number[] = [];
  interrupts = 0;
  /** Within `wait`, which a signal with a trap ends. */
  waitsForJobs = false;
  /** What an interrupt from the keyboard does to the shell itself. */
  onInterrupt: 'die' | 'drop' | 'next' = 'die';
  readonly runner: Runner;

  constructor(args: ShellArgs, self: Self, runner: Runner) {
    this.runner = runner;
    const { copy } = args;
    this.args = args;
    this.self = self;
    this.place = args.machine;
    this.flavour = args.flavour ?? 'bash';
    this.name = args.name ?? 'bash';
    this.source = args.source ?? 'prompt';
    this.cwd = args.cwd;
    this.positional = copy?.positional ?? args.positional ?? [];
    this.status = copy?.status ?? 0;
    this.shellPid = copy?.shellPid ?? self.pid;
    this.nesting = copy?.nesting ?? 0;
    this.budget = args.budget ?? PROCESS_BUDGET;
    this.random = self.pid;
    this.fds = copy?.fds ?? { 0: self.stdin, 1: self.stdout, 2: self.stderr };
    const letters = args.options ?? '';
    this.options = copy
      ? { ...copy.options }
      : {
          errexit: letters.includes('e'),
          nounset: letters.includes('u'),
          xtrace: letters.includes('x'),
          pipefail: false,
          noglob: letters.includes('f'),
        };
    this.aliases = firstAliases(args);
    if (copy) {
      if (copy.aliases) this.takeAliases(copy.aliases);
      for (const [name, variable] of copy.variables) this.variables.set(name, variable);
      for (const [name, body] of copy.functions) this.functions.set(name, body);
      for (const name of copy.ignored) this.traps.set(name, '');
      this.backgroundPid = copy.backgroundPid;
      this.callers = copy.callers;
      this.secondsFromMs = copy.secondsFromMs;
    } else {
      for (const [name, value] of Object.entries(args.env)) {
        this.variables.set(name, { value, exported: true, readonly: false });
      }
      this.assign('PWD', this.cwd, true);
    }
  }

  /** What a subshell begins with. */
  copy(fds: Streams): Copy {
    return {
      variables: [...this.variables],
      functions: [...this.functions],
      positional: this.positional,
      options: { ...this.options },
      status: this.status,
      shellPid: this.shellPid,
      backgroundPid: this.backgroundPid,
      ignored: [...this.traps].filter(([, action]) => action === '').map(([name]) => name),
      nesting: this.nesting + 1,
      callers: this.callers,
      secondsFromMs: this.secondsFromMs,
      fds,
      ...(this.hasOwnAliases && { aliases: [...this.aliases] }),
    };
  }

  /** A value of undefined takes it away. */
  setAlias(name: string, value: string | undefined): void {
    this.hasOwnAliases = true;
    if (value === undefined) this.aliases.delete(name);
    else this.aliases.set(name, value);
  }

  takeAliases(aliases: Iterable<readonly [string, string]>): void {
    this.aliases = new Map(aliases);
    this.hasOwnAliases = true;
  }

  /**
   * What stands for the words of a text that is read: bash looks at a prompt only.
   *
   * Simplified: `shopt -s expand_aliases` is accepted and changes nothing.
   */
  get aliasesInUse(): Aliases {
    return this.flavour !== 'bash' || this.source === 'prompt' ? this.aliases : NO_ALIASES;
  }

  /** A person types: what goes wrong ends the line, not the shell. */
  get isInteractive(): boolean {
    return this.source === 'prompt' && this.onInterrupt === 'drop';
  }

  get isContainer(): boolean {
    return this.place.includes('/');
  }

  get path(): readonly string[] {
    return (this.get('PATH') ?? DEFAULT_PATH).split(':');
  }

  /** A variable's or special parameter's value; undefined when it is not set. */
  get(name: string): string | undefined {
    const variable = this.variables.get(name);
    if (variable?.items) return variable.items.find(([key]) => key === '0')?.[1];
    if (variable) return variable.value;
    if (/^[1-9]\d*$/.test(name)) return this.positional[Number(name) - 1];
    switch (name) {
      case '?':
        return String(this.status);
      case '$':
        return String(this.shellPid);
      case '!':
        return this.backgroundPid === 0 ? undefined : String(this.backgroundPid);
      case '#':
        return String(this.positional.length);
      case '0':
        return this.name;
      case '-':
        return (
          (this.options.errexit ? 'e' : '') +
          (this.options.noglob ? 'f' : '') +
          (this.options.nounset ? 'u' : '') +
          (this.options.xtrace ? 'x' : '')
        );
      case '@':
      case '*':
        return this.positional.length === 0 ? undefined : this.positional.join(' ');
      case 'LINENO':
        return String(this.line);
      case 'PIPESTATUS':
      case 'FUNCNAME':
        return this.list(name)?.[0];
      case 'SECONDS':
        return String(Math.floor((this.nowMs - (this.secondsFromMs ?? 0)) / 1000));
      case 'EPOCHSECONDS':
        return String(Math.floor(this.nowMs / 1000));
      case 'BASHPID':
        return this.flavour === 'bash' ? String(this.self.pid) : undefined;
      case 'BASH_SUBSHELL':
        return this.flavour === 'bash' ? String(this.nesting) : undefined;
      case 'BASH_VERSION':
        return this.flavour === 'bash' ? '5.2.37(1)-release' : undefined;
      case 'RANDOM':
        // Simplified: a small generator of its own for each shell, so that runs are exact.
        this.random = (this.random * 1_103_515 + 12_345) % 2_147_483_648;
        return this.flavour === 'dash' ? undefined : String((this.random >> 8) & 32_767);
      case 'IFS':
        return ' \t\n';
      case 'PATH':
        return DEFAULT_PATH;
      default:
        return undefined;
    }
  }

  /** Arrays that the shell itself keeps. */
  list(name: string): readonly string[] | undefined {
    if (this.flavour !== 'bash') return undefined;
    if (name === 'PIPESTATUS') return this.pipeStatus.map(String);
    return name === 'FUNCNAME' && this.callers.length > 0 ? this.callers : undefined;
  }

  /** False, and nothing done, when it is read-only. */
  assign(name: string, value: string | undefined, exported?: boolean): boolean {
    if (name === 'SECONDS' && this.flavour === 'bash') {
      this.secondsFromMs = this.nowMs - (Number(value) || 0) * 1000;
      return true;
    }
    const before = this.variables.get(name);
    if (before?.readonly) return false;
    if (before?.items) {
      const rest = before.items.filter(([key]) => key !== '0');
      const items: Items = value === undefined ? rest : [['0', value], ...rest];
      this.variables.set(name, { ...before, items, exported: exported ?? before.exported });
      return true;
    }
    this.variables.set(name, {
      value,
      exported: exported ?? before?.exported ?? false,
      readonly: false,
    });
    return true;
  }

  /** What started programs are given. */
  environment(): Record<string, string> {
    const env: Record<string, string> = {};
    for (const [name, { value, exported }] of this.variables) {
      if (exported && value !== undefined && NAME.test(name)) env[name] = value;
    }
    return env;
  }

  /** `bash: line 3: ` */
  get prefix(): string {
    if (this.source === 'prompt') return `${this.name}: `;
    if (this.flavour === 'bash') return `${this.name}: line ${this.line}: `;
    if (this.flavour === 'dash') return `${this.name}: ${this.line}: `;
    return this.source === 'file' ? `${this.name}: line ${this.line}: ` : `${this.name}: `;
  }

  *complain(io: Streams, message: string): Step<void> {
    yield* write(io[2] ?? 0, `${this.prefix}${message}\n`);
  }
}

/** `exit`, an error that ends the shell, `set -e`. */
export class Exit extends Error {
  override name = 'Exit';
}

/** `break` and `continue` on their way to the loop. */
export class Jump extends Error {
  override name = 'Jump';
  readonly to: 'break' | 'continue';
  levels: number;

  constructor(to: 'break' | 'continue', levels: number) {
    super(to);
    this.to = to;
    this.levels = levels;
  }
}

export class Return extends Error {
  override name = 'Return';
}

/** Interrupted from the keyboard; the shell itself lives on. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

/** An expansion that cannot be done; its message is written already. */
export class ExpansionFault extends Error {
  override name = 'ExpansionFault';
  readonly fatal: boolean;

  constructor(message: string, fatal = true) {
    super(message);
    this.fatal = fatal;
  }
}
