/** What an awk program consists of (POSIX.1-2024 `awk`, "Grammar"). */
export class AwkFault extends Error {
  override name = 'AwkFault';
}

export type Expr =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string' | 'regex' | 'variable'; readonly text: string }
  | { readonly kind: 'field'; readonly of: Expr }
  | { readonly kind: 'element'; readonly name: string; readonly keys: readonly Expr[] }
  | {
      readonly kind: 'binary';
      readonly operator: string;
      readonly left: Expr;
      readonly right: Expr;
    }
  | { readonly kind: 'unary'; readonly operator: string; readonly of: Expr }
  | { readonly kind: 'assign'; readonly operator: string; readonly to: Expr; readonly value: Expr }
  | { readonly kind: 'step'; readonly by: 1 | -1; readonly before: boolean; readonly of: Expr }
  | { readonly kind: 'choice'; readonly test: Expr; readonly yes: Expr; readonly no: Expr }
  | { readonly kind: 'in'; readonly keys: readonly Expr[]; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expr[] };

export type Statement =
  | { readonly kind: 'expression'; readonly value: Expr }
  | { readonly kind: 'print' | 'printf'; readonly args: readonly Expr[] }
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | { readonly kind: 'if'; readonly test: Expr; readonly yes: Statement; readonly no?: Statement }
  | { readonly kind: 'while' | 'do'; readonly test: Expr; readonly body: Statement }
  | {
      readonly kind: 'for';
      readonly first?: Statement;
      readonly test?: Expr;
      readonly next?: Statement;
      readonly body: Statement;
    }
  | {
      readonly kind: 'each';
      readonly variable: string;
      readonly array: string;
      readonly body: Statement;
    }
  | { readonly kind: 'next' | 'break' | 'continue' }
  | { readonly kind: 'exit' | 'return'; readonly value?: Expr }
  | { readonly kind: 'delete'; readonly name: string; readonly keys: readonly Expr[] };

export interface Rule {
  readonly when: 'BEGIN' | 'END' | 'line';
  readonly pattern?: Expr;
  /** Of a range: `/a/,/b/`. */
  readonly until?: Expr;
  /** Undefined prints the line. */
  readonly body?: Statement;
}

export interface AwkProgram {
  readonly rules: readonly Rule[];
  readonly functions: ReadonlyMap<
    string,
    { readonly names: readonly string[]; readonly body: Statement }
  >;
}
