/** A template read: what `text/template/parse/node.go` (Go 1.25) calls nodes. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipe: Pipe }
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' }
  | Branch;

export interface Branch {
  readonly kind: 'if' | 'with' | 'range';
  readonly pipe: Pipe;
  readonly body: readonly Node[];
  readonly otherwise: readonly Node[];
}

export interface Pipe {
  readonly kind: 'pipe';
  readonly at: number;
  readonly declares: readonly string[];
  /** `=` rather than `:=`. */
  readonly assigns: boolean;
  readonly commands: readonly (readonly Operand[])[];
}

export type Operand =
  | { readonly kind: 'dot'; readonly at: number }
  | { readonly kind: 'nil'; readonly at: number }
  | { readonly kind: 'field'; readonly at: number; readonly names: readonly string[] }
  | {
      readonly kind: 'variable';
      readonly at: number;
      readonly name: string;
      readonly names: readonly string[];
    }
  | {
      readonly kind: 'constant';
      readonly at: number;
      readonly value: string | number | boolean;
      readonly text: string;
    }
  | { readonly kind: 'function'; readonly at: number; readonly name: string }
  | {
      readonly kind: 'chain';
      readonly at: number;
      readonly of: Operand;
      readonly names: readonly string[];
    }
  | Pipe;

const members = (names: readonly string[]): string => names.map((name) => `.${name}`).join('');

/** A node as it was written, for messages. */
export function nodeText(node: Operand): string {
  switch (node.kind) {
    case 'dot':
      return '.';
    case 'nil':
      return 'nil';
    case 'field':
      return members(node.names);
    case 'variable':
      return node.name + members(node.names);
    case 'constant':
      return node.text;
    case 'function':
      return node.name;
    case 'chain':
      return `(${nodeText(node.of)})${members(node.names)}`;
    case 'pipe': {
      const declared = node.declares.join(', ');
      const sign = node.assigns ? '=' : ':=';
      return (
        (declared === '' ? '' : `${declared} ${sign} `) + node.commands.map(commandText).join(' | ')
      );
    }
  }
}

export const commandText = (command: readonly Operand[]): string =>
  command.map((one) => (one.kind === 'pipe' ? `(${nodeText(one)})` : nodeText(one))).join(' ');
