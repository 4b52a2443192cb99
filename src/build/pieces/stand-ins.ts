/**
 * What stands for a module of the engine that is a door to a piece: the same names, each of which looks
 * behind the door when it is used.
 */

/** How a name is looked up behind the door. */
const BEHIND = 'behind()';

/**
 * @param exports what the module exports, by name
 * @returns statements that export the same names; `behind` is to be declared in front of them
 * @throws when something cannot be stood for
 */
export function standIns(exports: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(exports).map(
    ([name, value]) => `export const ${name} = ${standIn(value, `${BEHIND}.${name}`, name)};`,
  );
  return [...lines, ''].join('\n');
}

function standIn(value: unknown, path: string, name: string): string {
  if (typeof value === 'function') {
    return isClass(value) ? lateClass(path) : `(...all) => ${path}(...all)`;
  }
  if (value === null || typeof value !== 'object') {
    if (typeof value === 'symbol')
      throw new Error(`${name} is a symbol: no other can stand for it`);
    return value === undefined ? 'undefined' : JSON.stringify(value);
  }
  if (value instanceof RegExp) return String(value);
  if (value instanceof Map || value instanceof Set || ArrayBuffer.isView(value)) {
    throw new Error(`${name} is no plain data: nothing can stand for it`);
  }
  return isTable(value) ? table(value, path, name) : lateData(value, path);
}

const isClass = (value: object): boolean =>
  /^class\b/.test(Function.prototype.toString.call(value));

/** One that names functions is read and spread while modules are loaded: its names are known. */
function isTable(value: object): boolean {
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).some(
    (one) =>
      typeof one === 'function' ||
      (typeof one === 'object' && one !== null && isTable(one as object)),
  );
}

function table(value: object, path: string, name: string): string {
  const rows = Object.entries(value).map(([key, one]) => {
    const at = JSON.stringify(key);
    return `${at}: ${standIn(one, `${path}[${at}]`, `${name}.${key}`)}`;
  });
  return `{ ${rows.join(', ')} }`;
}

const READING = ['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor'];

function lateData(value: object, path: string): string {
  const traps = READING.map((trap) => `${trap}: (_, ...all) => Reflect.${trap}(${path}, ...all)`);
  return `new Proxy(${Array.isArray(value) ? '[]' : '{}'}, { ${traps.join(', ')} })`;
}

function lateClass(path: string): string {
  const made = `construct: (_, all) => Reflect.construct(${path}, all)`;
  // Nothing can be of a class that is not there.
  const known = `get: (_, key) => key === Symbol.hasInstance ? (one) => isOf(() => ${path}, one) : ${path}[key]`;
  return `new Proxy(class {}, { ${made}, ${known} })`;
}

/** Put in front of stand-ins for {@link lateClass}. */
export const IS_OF = `const isOf = (find, one) => {
  try { return one instanceof find(); } catch { return false; }
};`;
