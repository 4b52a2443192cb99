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

/** As it was sent: nothing is sure of its fields. */
interface Operation {
  readonly op?: unknown;
  readonly path?: unknown;
  readonly from?: unknown;
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

const typeOf = (value: unknown): string => {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  return value === null ? 'null' : typeof value;
};

function operationsOf(patch: unknown): Operation[] | string {
  if (patch === null) return [];
  if (!Array.isArray(patch)) {
    return `json: cannot unmarshal ${typeOf(patch)} into Go value of type jsonpatch.Patch`;
  }
  if (patch.length > OPERATIONS_LIMIT) {
    return `The allowed maximum operations in a JSON patch is ${OPERATIONS_LIMIT}, got ${patch.length}`;
  }
  for (const one of patch as unknown[]) {
    if (!isFields(one) && one !== null) {
      return `json: cannot unmarshal ${typeOf(one)} into Go value of type jsonpatch.Operation`;
    }
  }
  return patch as Operation[];
}

const MISSING = 'missing value';
const INVALID_INDEX = 'invalid index referenced';

function perform(document: unknown, operation: Operation | null): unknown {
  const { op, path, from, value = null } = operation ?? {};
  switch (op) {
    case 'add':
      return change(document, pointerOf(path, 'add', MISSING), 'add', (place, key) =>
        put(place, key, value),
      );
    case 'replace':
      return replace(document, pointerOf(path, 'replace', NO_PATH), value);
    case 'remove':
      return change(document, pointerOf(path, 'remove', MISSING), 'remove', takeOut);
    case 'move': {
      const origin = pointerOf(from, 'move', NO_FROM, 'from');
      const { place, key } = find(document, origin) ?? missing('move', `from path: ${origin}`);
      const moved = within('move', key, () => get(place, key));
      const left = within('move', key, () => rewrite(document, origin, takeOut));
      const target = pointerOf(path, 'move', NO_PATH);
      if (!find(left, target)) missing('move', `destination path: ${target}`);
      return change(left, target, 'move', (at, name) => put(at, name, moved));
    }
    case 'copy': {
      const origin = pointerOf(from, 'copy', NO_FROM, 'from');
      const { place, key } = find(document, origin) ?? missing('copy', `from path: ${origin}`);
      const copied = explained(`error in copy for from: '${origin}'`, () => get(place, key));
      const target = pointerOf(path, 'copy', MISSING);
      if (!find(document, target)) missing('copy', `destination path: ${target}`);
      return explained('error while adding value during copy', () =>
        rewrite(document, target, (at, name) => put(at, name, copied)),
      );
    }
    case 'test':
      return test(document, pointerOf(path, 'test', NO_PATH), value);
    default:
      return misfit(`Unexpected kind: ${typeof op === 'string' ? op : 'unknown'}`);
  }
}

const NO_PATH = `operation missing path field: ${MISSING}`;
const NO_FROM = `operation, missing from field: ${MISSING}`;

const pointerOf = (pointer: unknown, op: string, why: string, field = 'path'): string =>
  typeof pointer === 'string'
    ? pointer
    : misfit(`${op} operation failed to decode ${field}: ${why}`);

const missing = (op: string, what: string): never =>
  misfit(`${op} operation does not apply: doc is missing ${what}: ${MISSING}`);

/** Does something; what does not fit is said behind some words. */
function explained<T>(words: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Misfit) throw new Misfit(`${words}: ${error.message}`);
    throw error;
  }
}

const within = <T>(op: string, path: string, work: () => T): T =>
  explained(`error in ${op} for path: '${path}'`, work);

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type Place = Fields | readonly unknown[];
const isPlace = (value: unknown): value is Place => typeof value === 'object' && value !== null;

/** The parts of a pointer: `/spec/a~1b` is `spec`, `a/b`; what stands before the first `/` is none. */
const tokensOf = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));

/** What holds the last part of a pointer; undefined when there is no such thing. */
function find(document: unknown, pointer: string): { place: Place; key: string } | undefined {
  const tokens = tokensOf(pointer);
  const key = tokens.pop();
  if (key === undefined) return undefined;
  let place = document;
  for (const token of tokens) {
    if (!isPlace(place)) return undefined;
    try {
      place = get(place, token);
    } catch (error) {
      if (error instanceof Misfit) return undefined;
      throw error;
    }
  }
  return isPlace(place) ? { place, key } : undefined;
}

function get(place: Place, key: string): unknown {
  if (isFields(place)) return Object.hasOwn(place, key) ? place[key] : undefined;
  return place[indexOf(key, place.length, place.length - 1)];
}

/** The document with the holder of the last part changed. */
function rewrite(
  document: unknown,
  pointer: string,
  edit: (place: Place, key: string) => Place,
): unknown {
  const step = (value: unknown, tokens: readonly string[]): unknown => {
    const [token = '', ...rest] = tokens;
    if (rest.length === 0) return edit(value as Place, token);
    if (!Array.isArray(value)) {
      const fields = value as Fields;
      return { ...fields, [token]: step(fields[token], rest) };
    }
    const list = [...(value as unknown[])];
    const index = indexOf(token, list.length, list.length - 1);
    list[index] = step(list[index], rest);
    return list;
  };
  return step(document, tokensOf(pointer));
}

function change(
  document: unknown,
  pointer: string,
  op: string,
  edit: (place: Place, key: string) => Place,
): unknown {
  if (!find(document, pointer)) missing(op, `path: "${pointer}"`);
  return within(op, pointer, () => rewrite(document, pointer, edit));
}

function replace(document: unknown, pointer: string, value: unknown): unknown {
  if (pointer === '') return value;
  const found = find(document, pointer) ?? missing('replace', `path: ${pointer}`);
  const { place, key } = found;
  try {
    get(place, key);
  } catch (error) {
    if (error instanceof Misfit) missing('replace', `key: ${pointer}`);
    throw error;
  }
  return rewrite(document, pointer, (at, name) => {
    if (isFields(at)) return { ...at, [name]: value };
    const list = [...at];
    list[indexOf(name, list.length, list.length - 1)] = value;
    return list;
  });
}

function put(place: Place, key: string, value: unknown): Place {
  if (isFields(place)) return { ...place, [key]: value };
  if (key === '-') return [...place, value];
  const wrong = `value was not a proper array index: '${key}'`;
  if (!INTEGER.test(key)) return explained(wrong, () => misfit(notInteger(key)));
  const index = indexOf(key, place.length + 1, place.length);
  return [...place.slice(0, index), value, ...place.slice(index)];
}

function takeOut(place: Place, key: string): Place {
  if (!isFields(place)) {
    const index = indexOf(key, place.length, place.length - 1);
    return [...place.slice(0, index), ...place.slice(index + 1)];
  }
  if (!Object.hasOwn(place, key)) {
    return misfit(`Unable to remove nonexistent key: ${key}: ${MISSING}`);
  }
  const { [key]: _taken, ...others } = place;
  return others;
}

const INTEGER = /^[-+]?\d+$/;
const notInteger = (text: string): string => `strconv.Atoi: parsing "${text}": invalid syntax`;

/** The place that a token means in a list; negative ones count from the end of so many. */
function indexOf(token: string, count: number, last: number): number {
  if (!INTEGER.test(token)) return misfit(notInteger(token));
  const given = Number(token);
  const index = given < 0 ? given + count : given;
  if (index >= 0 && index <= last) return index;
  return misfit(`Unable to access invalid index: ${given}: ${INVALID_INDEX}`);
}

function test(document: unknown, pointer: string, value: unknown): unknown {
  const failed = (): never => misfit(`testing value ${pointer} failed: test failed`);
  if (pointer === '') return sameValue(document, value) ? document : failed();
  const found = find(document, pointer);
  if (!found)
    return misfit(`test operation does not apply: is missing path: ${pointer}: ${MISSING}`);
  const { place, key } = found;
  const is = explained(`error in test for path: '${pointer}'`, () => get(place, key));
  return sameValue(is ?? null, value) ? document : failed();
}
