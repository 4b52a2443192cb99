/**
 * What a chunk of bundled code is made of, for whoever parts it: its statements, the functions in them
 * that stand alone, and which names of the chunk each of them speaks of.
 */
import { below, declared, isFunction, spokenIn, statementsOf, type Node } from './chunk-scopes.ts';

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

/** A method of a class, or a function in a table (`field`). */
export interface Inner {
  readonly name: string;
  readonly owner: string;
  /** All of it, with its name. */
  readonly node: Node;
  readonly value: Node;
  readonly how: 'method' | 'getter' | 'field';
  readonly speaks: ReadonlySet<string>;
  readonly assigns: ReadonlySet<string>;
  /** Private names that it uses, its own among them. */
  readonly privates: ReadonlySet<string>;
}

/** The class that a statement declares. */
function classOf(node: Node): Node | undefined {
  const [own] = (node.declarations as readonly Node[] | undefined) ?? [];
  const value = own ? (own.init as Node | null) : node;
  return value?.type.startsWith('Class') === true ? value : undefined;
}

/** A function of a class or of a table, when it can be moved. */
function innerFrom(node: Node, owner: string): Inner | undefined {
  const [key, value, kind] = [node.key as Node, node.value as Node, String(node.kind)];
  const isMethod = node.type === 'MethodDefinition';
  if (node.computed === true || value.async === true) return undefined;
  if (isMethod ? !/^(get|method)$/.test(kind) || key.type === 'Literal' : kind !== 'init') {
    return undefined;
  }
  const heard = spokenIn(value);
  if (heard.super || (value.type === 'ArrowFunctionExpression' && heard.this)) return undefined;
  const hash = key.type === 'PrivateIdentifier' ? '#' : '';
  if (hash) heard.privates.add(String(key.name));
  const name = `${kind === 'get' ? 'get ' : ''}${hash}${String(key.name ?? key.value)}`;
  const how = isMethod ? (kind === 'get' ? 'getter' : 'method') : 'field';
  return { name, owner, node, value, how, ...heard };
}

/** Functions in a table at the top of a chunk, or in a class there, which no other function encloses. */
function* innerOf(node: Node, owner: string, body: Node | undefined): Generator<Inner> {
  if (isFunction(node) || node.type === 'StaticBlock') return;
  for (const one of below(node)) {
    const value = one.value as Node | undefined;
    const isOwn = one.type === 'Property' || (one.type === 'MethodDefinition' && node === body);
    if (isOwn && value && isFunction(value)) {
      const inner = innerFrom(one, owner);
      if (inner) yield inner;
    } else yield* innerOf(one, owner, body);
  }
}

const exported = (node: Node): Set<string> =>
  new Set((node.specifiers as readonly Node[]).map(({ local }) => String((local as Node).name)));

function itemOf(node: Node, module: string): Item {
  const isExport = node.type.startsWith('Export');
  const names = new Set<string>();
  let kind: Item['kind'] = 'fixed';
  declared(node, names);
  if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') {
    kind = node.type === 'FunctionDeclaration' && node.async !== true ? 'late' : 'free';
  } else if (node.type === 'VariableDeclaration') {
    const all = node.declarations as readonly Node[];
    const [one] = all;
    const value = one?.init as Node | null | undefined;
    const isLate = all.length === 1 && value && isFunction(value) && value.async !== true;
    kind = isLate ? 'late' : 'free';
  }
  const body = classOf(node)?.body as Node | undefined;
  const inner = kind === 'free' ? [...innerOf(node, [...names][0] ?? '', body)] : [];
  // What is exported is spoken of by its own name only.
  const heard = isExport
    ? { speaks: exported(node), assigns: new Set<string>() }
    : spokenIn(node, new Set(inner.map(({ value }) => value)));
  return { node, module, names: [...names], kind, inner, ...heard };
}

/** Lines that say which module follows. */
const MODULE = /^\/\/ (\S.*)$/gm;

/** @returns the statements of a chunk in their order */
export function itemsOf(code: string): Item[] {
  const marks = [...code.matchAll(MODULE)].map((match) => [match.index, match[1]!] as const);
  let at = 0;
  return statementsOf(code).map((node) => {
    while (at < marks.length && marks[at]![0] < node.start) at += 1;
    return itemOf(node, marks[at - 1]?.[1] ?? '');
  });
}
