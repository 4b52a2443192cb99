/** Which names code speaks of that are not its own: parameters and locals hide what is called alike. */
import { parseSync } from 'vite';

/** A node of the syntax tree. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** The nodes right below one. */
export function below(node: Node): Node[] {
  const all: Node[] = [];
  for (const key in node) {
    const value = node[key];
    if (Array.isArray(value)) all.push(...value.filter(isNode));
    else if (isNode(value)) all.push(value);
  }
  return all;
}

const FUNCTIONS = ['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'];
export const isFunction = ({ type }: Node): boolean => FUNCTIONS.includes(type);

/** The statements of a module. */
export function statementsOf(code: string): readonly Node[] {
  const { program, errors } = parseSync('chunk.js', code, { sourceType: 'module' });
  if (errors.length > 0) throw new Error(errors[0]!.message);
  return program.body as unknown as readonly Node[];
}

/** Names bound or assigned by a pattern. */
function targets(node: Node, into: Set<string>): void {
  if (node.type === 'Identifier') into.add(String(node.name));
  else if (node.type === 'MemberExpression') return;
  else if (node.type === 'Property') targets(node.value as Node, into);
  else if (node.type === 'AssignmentPattern') targets(node.left as Node, into);
  else for (const one of below(node)) targets(one, into);
}

/** Names that a statement declares where it stands. */
export function declared(node: Node, into: Set<string>): void {
  if (node.type === 'VariableDeclaration') {
    for (const { id } of node.declarations as readonly Node[]) targets(id as Node, into);
  } else if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') {
    targets(node.id as Node, into);
  }
}

/** What `var` declares in a function, however deep. */
function hoisted(node: Node, into: Set<string>): void {
  if (node.type === 'VariableDeclaration' && node.kind === 'var') declared(node, into);
  for (const one of below(node)) if (!isFunction(one)) hoisted(one, into);
}

/** Names that are bound within a node, and nowhere outside of it. */
function boundIn(node: Node): Set<string> {
  const names = new Set<string>();
  if (isFunction(node)) {
    if (node.type === 'FunctionExpression' && isNode(node.id)) targets(node.id, names);
    for (const one of node.params as readonly Node[]) targets(one, names);
    hoisted(node.body as Node, names);
  } else if (node.type === 'ClassExpression' && isNode(node.id)) targets(node.id, names);
  else if (node.type === 'CatchClause' && isNode(node.param)) targets(node.param, names);
  else if (node.type === 'SwitchStatement') {
    for (const one of (node.cases as readonly Node[]).flatMap(below)) declared(one, names);
  } else if (/^(BlockStatement|StaticBlock|For(In|Of)?Statement)$/.test(node.type)) {
    for (const one of below(node)) declared(one, names);
  }
  return names;
}

interface Spoken {
  readonly speaks: Set<string>;
  /** Names that are given a value. */
  readonly assigns: Set<string>;
  readonly privates: Set<string>;
  super: boolean;
  this: boolean;
}

const nothing = (): Spoken => ({
  ...{ speaks: new Set(), assigns: new Set(), privates: new Set(), super: false, this: false },
});

/** What a node gives a value. */
function assigned(node: Node): Node | undefined {
  if (node.type === 'AssignmentExpression') return node.left as Node;
  if (node.type === 'UpdateExpression') return node.argument as Node;
  const isLoop = node.type === 'ForOfStatement' || node.type === 'ForInStatement';
  const left = node.left as Node;
  return isLoop && left.type !== 'VariableDeclaration' ? left : undefined;
}

/**
 * What code speaks of.
 * @param passed nodes that are left out
 */
export function spokenIn(node: Node, passed: ReadonlySet<Node> = new Set()): Spoken {
  const heard = nothing();
  const listen = (node: Node, outer: ReadonlySet<string>): void => {
    if (passed.has(node)) return;
    if (node.type === 'Identifier') {
      if (!outer.has(String(node.name))) heard.speaks.add(String(node.name));
      return;
    }
    if (node.type === 'PrivateIdentifier') heard.privates.add(String(node.name));
    else if (node.type === 'ThisExpression') heard.this = true;
    else if (node.type === 'Super') heard.super = true;
    const bound = boundIn(node);
    const inner = bound.size === 0 ? outer : new Set([...outer, ...bound]);
    const target = assigned(node);
    if (target) {
      const names = new Set<string>();
      targets(target, names);
      for (const name of names) if (!inner.has(name)) heard.assigns.add(name);
    }
    const isNamed = node.type === 'MemberExpression' ? 'property' : 'key';
    for (const one of below(node)) {
      const isName = one === node[isNamed] && node.computed !== true;
      if (!isName || one.type !== 'Identifier') listen(one, inner);
    }
  };
  listen(node, new Set());
  return heard;
}
