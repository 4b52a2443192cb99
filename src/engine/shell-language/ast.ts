/**
 * A shell script as a tree, with the line each command begins on. Models the part of POSIX.1-2024
 * XCU chapter 2 that the site's shells speak: simple commands, assignments, redirections, pipes,
 * `&&`, `||`, `;`, newlines, comments. Compound commands will be further kinds of `Command`.
 */
export interface Script {
  readonly lists: readonly AndOrList[];
}

/** Pipelines joined by `&&` and `||`. */
export interface AndOrList {
  readonly line: number;
  readonly parts: readonly AndOrPart[];
}

export interface AndOrPart {
  /** What the part before must have come to; `always` for the first. */
  readonly when: 'always' | 'success' | 'failure';
  readonly pipeline: Pipeline;
}

export interface Pipeline {
  /** `!` in front. */
  readonly negated: boolean;
  readonly commands: readonly SimpleCommand[];
}

export interface SimpleCommand {
  readonly kind: 'simple';
  readonly line: number;
  readonly assignments: readonly { readonly name: string; readonly value: Word }[];
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
}

export interface Redirection {
  /** 0, 1 or 2; `&` for both outputs. */
  readonly from: 0 | 1 | 2 | '&';
  readonly kind: 'read' | 'write' | 'append' | 'duplicate';
  readonly target: Word;
}

/** A word is the parts that were written side by side: `a"$b"c`. */
export type Word = readonly WordPart[];

export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly quoted: boolean;
      /** Of `${name:-word}` and its kin. */
      readonly operator?: ':-' | '-' | ':+' | '+';
      readonly operand?: string;
    };

export type ParseResult =
  | { readonly ok: true; readonly script: Script }
  /** `syntax error near unexpected token …`, to be put behind the shell's own name. */
  | { readonly ok: false; readonly line: number; readonly message: string };
