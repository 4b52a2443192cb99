import { canonicalQuantity, readQuantity } from '../../apimachinery/quantity.ts';
import { base64Fault } from './base64.ts';
import {
  definitionOf,
  isCustomResource,
  type Definition,
  type Field,
  type TypeNode,
} from './definitions.ts';
import { timeFault } from './time-text.ts';

/**
 * Reads a plain value as an object of a kind, as Go's JSON decoder does with the words of
 * sigs.k8s.io/json (internal/golang/encoding/json/decode.go, as of v1.36): fields that a kind does
 * not have are dropped and named, null leaves a field out, and the first value of a wrong type
 * fails the whole. Fields are looked at in alphabetical order, in which kubectl sends them.
 */
export interface Decoded {
  readonly object: Readonly<Record<string, unknown>>;
  /** `unknown field "spec.replica"`, at most a hundred. */
  readonly strictErrors: readonly string[];
  /** The first fault, in Go's words. */
  readonly error?: string;
  /** More than the server reads. */
  readonly isTooLarge: boolean;
}

type Plain = Readonly<Record<string, unknown>>;

const STRICT_ERRORS_LIMIT = 100;

/** What the server reads of a request (`MaxRequestBodyBytes`). */
export const BODY_LIMIT_BYTES = 3 * 1024 * 1024;

/** Where a value stands. */
interface Place {
  /** As unknown fields are named: `spec.containers[0].env`. */
  readonly path: string;
  /** As type errors name it: `spec.containers.env`. */
  readonly fields: string;
  /** The struct that the nearest field belongs to. */
  readonly struct: string;
  readonly goName?: string;
}

/** @param isSparse whether required fields that are missing stay so */
export function decode(definition: Definition, value: Plain, isSparse: boolean): Decoded {
  const decoder = new Decoder(isSparse);
  const object = decoder.object(definition, value, { path: '', fields: '', struct: '' });
  return {
    object,
    strictErrors: [...decoder.strictErrors].slice(0, STRICT_ERRORS_LIMIT),
    isTooLarge: decoder.bytes > BODY_LIMIT_BYTES,
    ...(decoder.error !== undefined && { error: decoder.error }),
  };
}

class Decoder {
  readonly #isSparse: boolean;
  readonly strictErrors = new Set<string>();
  error: string | undefined;
  /** About how long the value is as JSON; an alias counts as often as it is written. */
  bytes = 0;

  constructor(isSparse: boolean) {
    this.#isSparse = isSparse;
  }

  object(definition: Definition, value: Plain, at: Place): Plain {
    const object: Record<string, unknown> = {};
    for (const key of Object.keys(value).sort()) {
      this.bytes += key.length + 4;
      if (this.bytes > BODY_LIMIT_BYTES) return object;
      const field = definition.fields.get(key);
      const path = at.path ? `${at.path}.${key}` : key;
      if (!field) {
        this.strictErrors.add(`unknown field ${JSON.stringify(path)}`);
        continue;
      }
      const decoded = this.#field(definition, field, value[key], { ...at, path });
      if (decoded !== undefined) object[key] = decoded;
    }
    if (!this.#isSparse && !isCustomResource(definition)) fillZeroes(definition, object);
    return object;
  }

  #field(definition: Definition, field: Field, value: unknown, at: Place): unknown {
    if (value === null || value === undefined) return undefined;
    const fields = at.fields ? `${at.fields}.${field.name}` : field.name;
    const { goType } = definition;
    const struct = goType.slice(goType.indexOf('.') + 1);
    const { goName } = field;
    return this.#value(field.type, value, {
      path: at.path,
      fields,
      struct,
      ...(goName && { goName }),
    });
  }

  #value(type: TypeNode, value: unknown, at: Place): unknown {
    this.bytes += typeof value === 'string' ? value.length + 3 : 3;
    if (this.bytes > BODY_LIMIT_BYTES) return undefined;
    switch (type.of) {
      case 'object':
        return this.#struct(type, value, at);
      case 'list':
        return this.#list(type, value, at);
      case 'map':
        return this.#map(type, value, at);
      default:
        return this.#scalar(type, value, at);
    }
  }

  #struct(type: TypeNode & { of: 'object' }, value: unknown, at: Place): unknown {
    const definition = definitionOf(type.definition);
    if (!definition) return value;
    if (!isPlain(value)) return this.#mismatch(type, value, at);
    return this.object(definition, value, at);
  }

  #list(type: TypeNode & { of: 'list' }, value: unknown, at: Place): unknown {
    if (!Array.isArray(value)) return this.#mismatch(type, value, at);
    return value.map((item: unknown, i) =>
      item === null
        ? zeroOf(type.items)
        : this.#value(type.items, item, { ...at, path: `${at.path}[${i}]` }),
    );
  }

  #map(type: TypeNode & { of: 'map' }, value: unknown, at: Place): unknown {
    if (!isPlain(value)) return this.#mismatch(type, value, at);
    const map: Record<string, unknown> = {};
    for (const key of Object.keys(value).sort()) {
      this.bytes += key.length + 4;
      if (this.bytes > BODY_LIMIT_BYTES) break;
      const item = value[key];
      const path = at.path ? `${at.path}.${key}` : key;
      const decoded =
        item === null ? zeroOf(type.values) : this.#value(type.values, item, { ...at, path });
      if (decoded !== undefined) define(map, key, decoded);
    }
    return map;
  }

  #scalar(type: TypeNode, value: unknown, at: Place): unknown {
    switch (type.of) {
      case 'string':
        return typeof value === 'string' ? value : this.#mismatch(type, value, at);
      case 'bool':
        return typeof value === 'boolean' ? value : this.#mismatch(type, value, at);
      case 'int32':
      case 'int64':
        return isInteger(value, type.of) ? value : this.#mismatch(type, value, at);
      case 'bytes':
        return this.#bytes(type, value, at);
      case 'quantity':
        return this.#quantity(value);
      case 'intOrString':
        return this.#intOrString(value);
      case 'time':
      case 'microTime':
        return this.#time(value, type.of);
      default:
        return value;
    }
  }

  #bytes(type: TypeNode, value: unknown, at: Place): unknown {
    if (typeof value !== 'string') return this.#mismatch(type, value, at);
    const fault = base64Fault(value);
    if (fault !== undefined) this.#fail(`illegal base64 data at input byte ${fault}`);
    return value.replace(/[\r\n]/g, '');
  }

  #quantity(value: unknown): unknown {
    const isText = typeof value === 'string' || typeof value === 'number';
    // Anything else is read as the text that it is in JSON, which is no quantity.
    const text = isText ? String(value).trim() : '{}';
    const canonical = canonicalQuantity(text);
    if (canonical !== undefined) return canonical;
    const quantity = readQuantity(text);
    this.#fail('error' in quantity ? quantity.error : '');
    return '0';
  }

  #intOrString(value: unknown): unknown {
    if (typeof value === 'string' || isInteger(value, 'int32')) return value;
    return this.#fail(`json: cannot unmarshal ${wordFor(value, true)} into Go value of type int32`);
  }

  #time(value: unknown, precision: 'time' | 'microTime'): unknown {
    if (typeof value !== 'string') {
      const word = wordFor(value, false);
      return this.#fail(`json: cannot unmarshal ${word} into Go value of type string`);
    }
    const fault = timeFault(value, precision);
    if (fault !== undefined) return this.#fail(fault);
    return value;
  }

  #mismatch(type: TypeNode, value: unknown, at: Place): unknown {
    const isNumeric = type.of === 'int32' || type.of === 'int64';
    const where = `Go struct field ${at.struct}.${at.fields}`;
    const goType = goTypeOf(type, at.goName);
    return this.#fail(
      `json: cannot unmarshal ${wordFor(value, isNumeric)} into ${where} of type ${goType}`,
    );
  }

  #fail(error: string): unknown {
    this.error ??= error;
    return undefined;
  }
}

/**
 * What must be there and is not is Go's zero value, and is written out as such. Objects stay out:
 * they may be pointers, and none is not the same as an empty one.
 */
function fillZeroes(definition: Definition, object: Record<string, unknown>): void {
  for (const { name, type } of requiredFields(definition)) {
    if (object[name] === undefined) object[name] = type.of === 'list' ? [] : zeroOf(type);
  }
}

const REQUIRED = new WeakMap<Definition, readonly Field[]>();

function requiredFields(definition: Definition): readonly Field[] {
  const before = REQUIRED.get(definition);
  if (before) return before;
  const fields = [...definition.fields.values()].filter(
    ({ required, type }) => required && type.of !== 'object' && type.of !== 'map',
  );
  REQUIRED.set(definition, fields);
  return fields;
}

/** Sets a key whatever its name, `__proto__` too. */
function define(map: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const INT32_LIMIT = 2 ** 31;
const INT64_LIMIT = 2 ** 63;

function isInteger(value: unknown, type: 'int32' | 'int64'): boolean {
  if (typeof value !== 'number' || !Number.isInteger(value)) return false;
  const limit = type === 'int32' ? INT32_LIMIT : INT64_LIMIT;
  return value >= -limit && value < limit;
}

/** A JSON value as Go's errors call it; a number that does not fit is named. */
function wordFor(value: unknown, isNumeric: boolean): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return isNumeric ? `number ${value}` : 'number';
  return typeof value;
}

/** What Go calls a type: `int32`, `[]v1.Container`, `map[string]string`, `v1.PullPolicy`. */
function goTypeOf(type: TypeNode, goName: string | undefined): string {
  const own = goName === undefined || goName.includes('.') ? goName : `v1.${goName}`;
  switch (type.of) {
    case 'object':
      return definitionOf(type.definition)?.goType ?? 'map[string]interface {}';
    case 'list':
      return `[]${goTypeOf(type.items, goName)}`;
    case 'map':
      return own ?? `map[string]${goTypeOf(type.values, undefined)}`;
    case 'bytes':
      return '[]uint8';
    case 'int32':
    case 'int64':
    case 'bool':
      return own ?? type.of;
    default:
      return own ?? 'string';
  }
}

/** What null is in a list or a map: Go's zero value. */
function zeroOf(type: TypeNode): unknown {
  switch (type.of) {
    case 'object':
      return {};
    case 'list':
    case 'map':
      return undefined;
    case 'int32':
    case 'int64':
    case 'number':
    case 'intOrString':
      return 0;
    case 'bool':
      return false;
    case 'quantity':
      return '0';
    default:
      return '';
  }
}
