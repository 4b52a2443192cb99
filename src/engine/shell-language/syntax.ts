/**
 * A shell script as a tree of plain data, with the line each command begins on. Models POSIX.1-2024
 * XCU chapter 2 and the parts of GNU bash 5.2 that scripts lean on: `[[ ]]`, `(( ))`, `{a,b}`,
 * `${x/a/b}`, `<<<`, arrays, `<( )`.
 *
 * Simplified: no `>( )`, no `select`, no `coproc`.
 */
export interface Script {
  readonly lists: readonly AndOrList[];
}

/** Pipelines joined by `&&` and `||`. */
export interface AndOrList {
  readonly line: number;
  readonly parts: readonly AndOrPart[];
  /** Ended by `&`. */
  readonly background: boolean;
  /** As it was written, for `jobs`. */
  readonly text: string;
}

export interface AndOrPart {
  /** What the part before must have come to; `always` for the first. */
  readonly when: 'always' | 'success' | 'failure';
  readonly pipeline: Pipeline;
}

export interface Pipeline {
  /** `!` in front. */
  readonly negated: boolean;
  /** `time` in front. */
  readonly timed: boolean;
  readonly commands: readonly CommandNode[];
}

export type CommandNode =
  | SimpleNode
  | FunctionNode
  | (CompoundNode & { readonly line: number; readonly redirections: readonly Redirection[] });

export interface SimpleNode {
  readonly kind: 'simple';
  readonly line: number;
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  /** Arrays behind `declare`, `local` and the like: `local -a x=(1 2)`. */
  readonly declared?: readonly Assignment[];
  readonly redirections: readonly Redirection[];
}

export interface Assignment {
  readonly name: string;
  /** `x[2]=y` */
  readonly index?: Word;
  readonly value: Word;
  /** `x=(1 2)`, instead of the value. */
  readonly elements?: readonly ArrayElement[];
  /** `x+=y` */
  readonly append: boolean;
}

export interface ArrayElement {
  readonly index?: Word;
  readonly value: Word;
}

export interface FunctionNode {
  readonly kind: 'function';
  readonly line: number;
  readonly name: string;
  readonly body: CommandNode;
}

export type CompoundNode =
  | { readonly kind: 'group' | 'subshell'; readonly body: Script }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly test: Script; readonly body: Script }[];
      readonly otherwise?: Script;
    }
  | {
      readonly kind: 'while';
      readonly until: boolean;
      readonly test: Script;
      readonly body: Script;
    }
  | {
      readonly kind: 'for';
      readonly name: string;
      /** Undefined for `for x; do`: the positional parameters. */
      readonly words?: readonly Word[];
      readonly body: Script;
    }
  | {
      readonly kind: 'count';
      readonly first: Word;
      readonly test: Word;
      readonly next: Word;
      readonly body: Script;
    }
  | {
      readonly kind: 'case';
      readonly subject: Word;
      readonly branches: readonly {
        readonly patterns: readonly Word[];
        readonly body: Script;
        /** `;;` ends, `;&` goes on with the next body, `;;&` with the next patterns. */
        readonly end: ';;' | ';&' | ';;&';
      }[];
    }
  | { readonly kind: 'arithmetic'; readonly expression: Word }
  | { readonly kind: 'conditional'; readonly words: readonly ConditionWord[] };

/** A word within `[[ ]]`, or one of its operators. */
export type ConditionWord = { readonly operator: string } | { readonly word: Word };

export interface Redirection {
  readonly fd: number;
  /** `both` is `&>`; `duplicate` is `>&` and `<&`; `here` is `<<` and `<<<`. */
  readonly kind:
    'read' | 'write' | 'append' | 'readwrite' | 'duplicate' | 'both' | 'bothAppend' | 'here';
  readonly target: Word;
}

/** A word is the parts that were written side by side: `a"$b"c`. */
export type Word = readonly WordPart[];

export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'command'; readonly body: Script; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: Word; readonly quoted: boolean }
  /** `<( )`: the name of a file with what the commands print. */
  | { readonly kind: 'process'; readonly body: Script; readonly quoted: false }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      /** `${name[index]}`; `@` and `*` are all elements. */
      readonly index?: '@' | '*' | Word;
      readonly quoted: boolean;
      readonly action?: ParameterAction;
    };

/** What `${name…}` does with the value. */
export type ParameterAction =
  | { readonly do: 'length' | 'indirect' | 'keys' }
  | {
      readonly do: 'default' | 'assign' | 'demand' | 'replace-set';
      /** With a colon an empty value counts as unset. */
      readonly colon: boolean;
      readonly word: Word;
    }
  | {
      readonly do: 'trim';
      readonly end: 'start' | 'end';
      readonly longest: boolean;
      readonly pattern: Word;
    }
  | {
      readonly do: 'substitute';
      readonly where: 'first' | 'all' | 'start' | 'end';
      readonly pattern: Word;
      readonly replacement: Word;
    }
  | { readonly do: 'slice'; readonly offset: Word; readonly length?: Word }
  | { readonly do: 'upper' | 'lower'; readonly all: boolean }
  | { readonly do: 'bad'; readonly text: string };

/** Why a text is no script. */
export class SyntaxFault extends Error {
  override name = 'SyntaxFault';
  readonly line: number;
  /** The token that was not expected; undefined where something never ended. */
  readonly token: string | undefined;
  /** More text could still make it a script. */
  readonly incomplete: boolean;

  constructor(line: number, message: string, token?: string, incomplete = false) {
    super(message);
    this.line = line;
    this.token = token;
    this.incomplete = incomplete;
  }
}
