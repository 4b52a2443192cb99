import { isMapping, sortedEntries, type Mapping } from '../tree/tree.ts';
import { jsonOf, type Codec, type Field } from './codec.ts';

/** A value of named fields, read and printed in the order of a table. */
export function struct(fields: readonly Field[]): Codec {
  return {
    decode: (value, at) => decodeFields(value, fields, at),
    isZero: (value) => Object.keys(writeYaml(value as Mapping, fields)).length === 0,
    yaml: (value) => writeYaml(value as Mapping, fields),
    json: (value) => writeJson(value as Mapping, fields),
  };
}

/** A struct of which a part is missing is written as `{}` in JSON: Go's plain struct. */
export const EMPTY = { alwaysInJson: 'empty' } as const;

/** A Go pointer: printed whenever it is set. */
export const POINTER = { pointer: true } as const;

function decodeFields(value: unknown, fields: readonly Field[], at: string): Mapping | undefined {
  if (!isMapping(value)) return undefined;
  const result: Mapping = {};
  for (const [name, codec] of fields) {
    const given = value[name];
    if (given === undefined) continue;
    const decoded = codec.decode(given, `${at}.${name}`);
    if (decoded !== undefined && decoded !== null) result[name] = decoded;
  }
  const extensions = extensionsOf(value);
  return extensions ? { ...result, extensions } : result;
}

export function extensionsOf(value: Mapping): Mapping | undefined {
  const entries = sortedEntries(value).filter(([key]) => key.startsWith('x-'));
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

export function writeYaml(value: Mapping, fields: readonly Field[]): Mapping {
  const result: Mapping = {};
  for (const [name, codec, rules] of fields) {
    const one = value[name];
    if (one === undefined || rules?.hidden === true) continue;
    const kept = rules?.pointer === true || rules?.always === true || !codec.isZero(one);
    if (kept) result[name] = codec.yaml(one);
  }
  const { extensions } = value;
  return isMapping(extensions) ? { ...result, ...extensions } : result;
}

export function writeJson(value: Mapping, fields: readonly Field[]): Mapping {
  const result: Mapping = {};
  for (const [name, codec, rules] of fields) {
    if (rules?.hidden === true) continue;
    const one = value[name];
    const key = rules?.jsonName ?? name;
    if (one === undefined) {
      if (rules?.alwaysInJson !== undefined) {
        result[key] = rules.alwaysInJson === 'null' ? null : {};
      }
      continue;
    }
    const always = rules?.always ?? rules?.pointer ?? false;
    if (always || rules?.alwaysInJson !== undefined || !codec.isZero(one)) {
      result[key] = jsonOf(codec, one);
    }
  }
  return result;
}
