import { sameValue } from './canonical-json.ts';

/**
 * JSON patches (RFC 6902), with the words of the library that the server uses for what does not fit
 * (gopkg.in/evanphx/json-patch.v4 `patch.go`).
 */
export type JsonPatched =
  | { readonly value: unknown }
  | {
      readonly error: string;
      /** It is no patch at all, rather than one that does not fit. */
      readonly malformed: boolean;
    };

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: unknown;
}

/** The server's bound on the operations of one patch. */
const OPERATIONS_LIMIT = 10_000;

class Misfit extends Error {}
const misfit = (why: string): never => {
  throw new Misfit(why);
};

/** The document with the operations done in order, or nothing done and the reason. */
export function applyJsonPatch(document: unknown, patch: unknown): JsonPatched {
  const operations = operationsOf(patch);
  if (typeof operations === 'string') return { error: operations, malformed: true };
  try {
    const value = operations.reduce((now, operation) => perform(now, operation), document);
    return { value };
  } catch (error) {
    if (error instanceof Misfit) return { error: error.message, malformed: false };
    throw error;
  }
}

function operationsOf(patch: unknown): Operation[] | string {
  if (!Array.isArray(patch)) {
    return 'json: cannot unmarshal object into Go value of type jsonpatch.Patch';
  }
  if (patch.length > OPERATIONS_LIMIT) {
    return `The allowed maximum operations in a JSON patch is ${OPERATIONS_LIMIT}, got ${patch.length}`;
  }
  const isBroken = patch.some((one: unknown) => typeof one !== 'object' || one === null);
  if (isBroken) return 'json: cannot unmarshal into Go value of type jsonpatch.Operation';
  return patch as Operation[];
}

function perform(document: unknown, operation: Operation): unknown {
  const { op, path, from = '', value } = operation;
  if (typeof path !== 'string') return misfit('operation missing path field');
  switch (op) {
    case 'add':
      return put(document, tokensOf(path), value, 'add', path);
    case 'replace':
      read(document, tokensOf(path), 'replace', path);
      return put(document, tokensOf(path), value, 'replace', path);
    case 'remove':
      return takeOut(document, tokensOf(path), path);
    case 'move': {
      const moved = read(document, tokensOf(from), 'move', from);
      return put(takeOut(document, tokensOf(from), from), tokensOf(path), moved, 'move', path);
    }
    case 'copy':
      return put(
        document,
        tokensOf(path),
        read(document, tokensOf(from), 'copy', from),
        'copy',
        path,
      );
    case 'test':
      return test(document, path, value);
    default:
      return misfit(`Unexpected kind: ${op}`);
  }
}

/** The parts of a pointer: `/spec/a~1b` is `spec`, `a/b`. */
function tokensOf(pointer: string): string[] {
  if (pointer === '') return [];
  if (!pointer.startsWith('/')) misfit(`missing value: ${pointer}`);
  return pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const missing = (op: string, path: string): never =>
  misfit(`${op} operation does not apply: doc is missing path: ${path}: missing value`);

function read(document: unknown, tokens: readonly string[], op: string, path: string): unknown {
  let value = document;
  for (const [i, token] of tokens.entries()) {
    const last = i === tokens.length - 1;
    if (Array.isArray(value)) value = value[indexOf(token, value.length, false, op)] as unknown;
    else if (isFields(value) && Object.hasOwn(value, token)) value = value[token];
    else if (last) {
      const why = `${op} operation does not apply: doc is missing key: ${path}: missing value`;
      misfit(why);
    } else missing(op, path);
  }
  return value;
}

/** The document with a value at a place; a list makes room for it unless it is replaced. */
function put(
  document: unknown,
  tokens: readonly string[],
  value: unknown,
  op: string,
  path: string,
): unknown {
  const [token, ...rest] = tokens;
  if (token === undefined) return value;
  if (Array.isArray(document)) {
    const list = [...(document as unknown[])];
    const adds = rest.length === 0 && op !== 'replace';
    const index = token === '-' && adds ? list.length : indexOf(token, list.length, adds, op);
    if (rest.length > 0) list[index] = put(list[index], rest, value, op, path);
    else if (adds) list.splice(index, 0, value);
    else list[index] = value;
    return list;
  }
  if (!isFields(document)) return missing(op, path);
  if (rest.length === 0) return { ...document, [token]: value };
  if (!Object.hasOwn(document, token)) return missing(op, path);
  return { ...document, [token]: put(document[token], rest, value, op, path) };
}

function takeOut(document: unknown, tokens: readonly string[], path: string): unknown {
  const [token, ...rest] = tokens;
  if (token === undefined) return misfit('remove operation does not apply: unable to remove root');
  if (Array.isArray(document)) {
    const list = [...(document as unknown[])];
    const index = indexOf(token, list.length, false, 'remove');
    if (rest.length === 0) list.splice(index, 1);
    else list[index] = takeOut(list[index], rest, path);
    return list;
  }
  if (!isFields(document) || !Object.hasOwn(document, token)) {
    return rest.length > 0
      ? missing('remove', path)
      : misfit(`remove operation does not apply: doc is missing key: ${path}: missing value`);
  }
  const { [token]: inner, ...others } = document;
  return rest.length === 0 ? others : { ...document, [token]: takeOut(inner, rest, path) };
}

/** The place that a token means in a list; negative ones count from the end. */
function indexOf(token: string, length: number, adds: boolean, op: string): number {
  if (!/^-?\d+$/.test(token)) return misfit(`strconv.Atoi: parsing "${token}": invalid syntax`);
  const given = Number(token);
  const index = given < 0 ? given + length : given;
  const last = adds ? length : length - 1;
  if (index >= 0 && index <= last) return index;
  return misfit(
    `${op} operation does not apply: doc is missing path: Unable to access invalid index: ` +
      `${token}: invalid index referenced`,
  );
}

function test(document: unknown, path: string, value: unknown): unknown {
  let found: unknown = null;
  try {
    found = read(document, tokensOf(path), 'test', path);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
  }
  if (sameValue(found, value ?? null)) return document;
  return misfit(`testing value ${path} failed: test failed`);
}
