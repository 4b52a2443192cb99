/**
 * What stands for a module of the engine that is a door to a piece: the same names, each of which looks
 * behind the door when it is used.
 */

/**
 * @param exports what the module exports, by name
 * @param behind an expression that gives one of them from behind the door
 * @returns statements that export the same names; in front of them {@link LATE} is to be imported
 * @throws when something cannot be stood for
 */
export function standIns(
  exports: Readonly<Record<string, unknown>>,
  behind: (name: string) => string,
): string {
  const lines = Object.entries(exports).map(
    ([name, value]) => `export const ${name} = ${standIn(value, behind(name), name)};`,
  );
  return [...lines, ''].join('\n');
}

function standIn(value: unknown, path: string, name: string): string {
  if (typeof value === 'function') {
    return `${isClass(value) ? 'lateClass' : 'lateCall'}(() => ${path})`;
  }
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'symbol')
      throw new Error(`${name} is a symbol: no other can stand for it`);
    return value === undefined ? 'undefined' : JSON.stringify(value);
  }
  if (value instanceof RegExp) return String(value);
  const kind: unknown = Object.getPrototypeOf(value);
  if (kind !== Object.prototype && kind !== Array.prototype) {
    throw new Error(`${name} is no plain data: nothing can stand for it`);
  }
  if (isTable(value)) return table(value, path, name);
  return `lateData(() => ${path}, ${Array.isArray(value) ? '[]' : '{}'})`;
}

const isClass = (value: object): boolean =>
  /^class\b/.test(Function.prototype.toString.call(value));

/** One that names functions is read and spread while modules are loaded: its names are known. */
function isTable(value: object): boolean {
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).some(
    (one: unknown) =>
      typeof one === 'function' || (typeof one === 'object' && one !== null && isTable(one)),
  );
}

function table(value: object, path: string, name: string): string {
  const all: readonly (readonly [string, unknown])[] = Object.entries(value);
  if (all.every(([, one]) => typeof one === 'function' && !isClass(one))) {
    return `lateTable(() => ${path}, ${JSON.stringify(Object.keys(value))})`;
  }
  const rows = all.map(([key, one]) => {
    const at = JSON.stringify(key);
    return `${at}: ${standIn(one, `${path}[${at}]`, `${name}.${key}`)}`;
  });
  return `{ ${rows.join(', ')} }`;
}

/** The names of what stand-ins are made of. */
export const LATE_NAMES = 'lateCall, lateClass, lateData, lateTable';

/** A module with that. */
export const LATE = `
const reading = (find) => Object.fromEntries(
  ['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor'].map((trap) => [
    trap,
    (_, ...all) => Reflect[trap](find(), ...all),
  ]),
);
export const lateCall = (find) => (...all) => find()(...all);
export const lateData = (find, like) => new Proxy(like, reading(find));
export const lateTable = (find, names) =>
  Object.fromEntries(names.map((name) => [name, (...all) => find()[name](...all)]));
// Nothing can be of a class that is not there.
const isOf = (find, one) => {
  try { return one instanceof find(); } catch { return false; }
};
export const lateClass = (find) => new Proxy(class {}, {
  construct: (_, all) => Reflect.construct(find(), all),
  get: (_, key) => key === Symbol.hasInstance ? (one) => isOf(find, one) : find()[key],
});
`;
