/**
 * What a chunk of bundled code is made of, for whoever parts it: its statements, the functions in them
 * that stand alone, and which names of the chunk each of them speaks of. Names are taken as seen: a
 * local that is called like something of the chunk counts as that, which costs bytes and breaks nothing.
 */
import { parseSync } from 'vite';

/** A node of the syntax tree. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export interface Item {
  readonly node: Node;
  /** The module it comes from, as the bundler wrote it. */
  readonly module: string;
  /** What it declares at the top of the chunk. */
  readonly names: readonly string[];
  /** `late`: a function, which can be stood for. `free`: goes where it is needed. `fixed`: stays. */
  readonly kind: 'late' | 'free' | 'fixed';
  /** Functions within that can be moved out, and stood for. */
  readonly inner: readonly Inner[];
  /** Names of the chunk that it speaks of, without what `inner` speaks of. */
  readonly speaks: ReadonlySet<string>;
  /** Names that it gives a value. */
  readonly assigns: ReadonlySet<string>;
}

/** A method of a class, or a function in a table. */
export interface Inner {
  readonly name: string;
  readonly owner: string;
  /** All of it, with its name. */
  readonly node: Node;
  readonly value: Node;
  readonly how: 'method' | 'getter' | 'field';
  readonly speaks: ReadonlySet<string>;
  readonly assigns: ReadonlySet<string>;
  /** Private names that it uses. */
  readonly privates: ReadonlySet<string>;
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

interface Spoken {
  readonly speaks: Set<string>;
  readonly assigns: Set<string>;
  readonly privates: Set<string>;
  super: boolean;
  this: boolean;
}

const nothing = (): Spoken => ({
  ...{ speaks: new Set(), assigns: new Set(), privates: new Set(), super: false, this: false },
});

/** Names bound or assigned by a pattern. */
function targets(node: Node, into: Set<string>): void {
  if (node.type === 'Identifier') into.add(String(node.name));
  else if (node.type === 'MemberExpression') return;
  else if (node.type === 'Property') targets(node.value as Node, into);
  else if (node.type === 'AssignmentPattern') targets(node.left as Node, into);
  else for (const one of below(node)) targets(one, into);
}

/** What code speaks of; `passed` is left out. */
function listen(node: Node, to: Spoken, passed: ReadonlySet<Node>): void {
  if (passed.has(node)) return;
  switch (node.type) {
    case 'Identifier':
      to.speaks.add(String(node.name));
      return;
    case 'PrivateIdentifier':
      to.privates.add(String(node.name));
      return;
    case 'ThisExpression':
      to.this = true;
      return;
    case 'Super':
      to.super = true;
      return;
    case 'AssignmentExpression':
      targets(node.left as Node, to.assigns);
      break;
    case 'UpdateExpression':
      targets(node.argument as Node, to.assigns);
      break;
    case 'ForOfStatement':
    case 'ForInStatement':
      if ((node.left as Node).type !== 'VariableDeclaration')
        targets(node.left as Node, to.assigns);
      break;
  }
  const isNamed = node.type === 'MemberExpression' ? 'property' : 'key';
  for (const one of below(node)) {
    const isName = one === node[isNamed] && node.computed !== true;
    if (isName && one.type === 'Identifier') continue;
    listen(one, to, passed);
  }
}

/** Functions in a class or in a table at the top of a chunk, which no other function encloses. */
function innerOf(node: Node, owner: string, into: Inner[]): void {
  if (isFunction(node) || node.type === 'StaticBlock') return;
  for (const one of below(node)) {
    const value = one.value as Node | undefined;
    const isMember = one.type === 'MethodDefinition' || one.type === 'Property';
    if (!isMember || !value || !isFunction(value)) {
      innerOf(one, owner, into);
      continue;
    }
    const key = one.key as Node;
    const kind = String(one.kind);
    if (one.computed === true || kind === 'constructor' || kind === 'set') continue;
    const heard = nothing();
    listen(value, heard, new Set());
    const isBound = value.type === 'ArrowFunctionExpression' && heard.this;
    if (heard.super || isBound || value.async === true) continue;
    const hash = key.type === 'PrivateIdentifier' ? '#' : '';
    const name = `${kind === 'get' ? 'get ' : ''}${hash}${String(key.name ?? key.value)}`;
    const isField = one.type === 'Property' && one.method !== true && kind === 'init';
    const how = kind === 'get' ? 'getter' : isField ? 'field' : 'method';
    into.push({ name, owner, node: one, value, how, ...heard });
  }
}

function itemOf(node: Node, module: string): Item {
  const isExport = node.type.startsWith('Export');
  const names = new Set<string>();
  let kind: Item['kind'] = 'fixed';
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') {
    targets(node.id as Node, names);
    kind = node.type === 'FunctionDeclaration' && node.async !== true ? 'late' : 'free';
  } else if (node.type === 'VariableDeclaration') {
    const all = node.declarations as readonly Node[];
    for (const one of all) targets(one.id as Node, names);
    const [one] = all;
    const value = one?.init as Node | null | undefined;
    const isLate = all.length === 1 && value && isFunction(value) && value.async !== true;
    kind = isLate ? 'late' : 'free';
  }
  const inner: Inner[] = [];
  if (kind === 'free') innerOf(node, [...names][0] ?? '', inner);
  const heard = nothing();
  if (isExport) {
    for (const { local } of node.specifiers as readonly Node[]) {
      heard.speaks.add(String((local as Node).name));
    }
  } else listen(node, heard, new Set(inner.map(({ value }) => value)));
  return { node, module, names: [...names], kind, inner, ...heard };
}

/** Lines that say which module follows. */
const MODULE = /^\/\/ (\S.*)$/gm;

/** @returns the statements of a chunk in their order */
export function itemsOf(code: string): Item[] {
  const { program, errors } = parseSync('chunk.js', code, { sourceType: 'module' });
  if (errors.length > 0) throw new Error(errors[0]!.message);
  const marks = [...code.matchAll(MODULE)].map((match) => [match.index, match[1]!] as const);
  let at = 0;
  return (program.body as unknown as readonly Node[]).map((node) => {
    while (at < marks.length && marks[at]![0] < node.start) at += 1;
    return itemOf(node, marks[at - 1]?.[1] ?? '');
  });
}
