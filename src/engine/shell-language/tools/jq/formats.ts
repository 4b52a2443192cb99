import { fromBase64, toBase64 } from '../inspecting.ts';
import { JqFault } from './syntax.ts';
import { isArray, print, shortText, typeOf, type Json } from './values.ts';

/** `@csv`, `@tsv`, `@base64` … and how values become text. */
const COMPACT = { indent: 0, tab: false, sortKeys: false };

export const toJson = (value: Json): string => print(value, COMPACT);
export const toText = (value: Json): string => (typeof value === 'string' ? value : toJson(value));

function row(name: string, value: Json, each: (one: Json) => string, separator: string): string {
  if (!isArray(value))
    throw new JqFault(
      `${typeOf(value)} (${shortText(value)}) cannot be ${name}-formatted, only an array can be`,
    );
  return value
    .map((one) => {
      if (typeof one === 'object' && one !== null)
        throw new JqFault(`${typeOf(one)} (${shortText(one)}) is not valid in a ${name} row`);
      return each(one);
    })
    .join(separator);
}

const HTML: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  "'": '&#39;',
  '"': '&quot;',
};

export function formatAs(name: string, value: Json): string {
  switch (name) {
    case '@text':
      return toText(value);
    case '@json':
      return toJson(value);
    case '@csv':
      return row(
        'csv',
        value,
        (one) =>
          typeof one === 'string'
            ? `"${one.replace(/"/g, '""')}"`
            : one === null
              ? ''
              : toText(one),
        ',',
      );
    case '@tsv':
      return row(
        'tsv',
        value,
        (one) =>
          one === null
            ? ''
            : toText(one)
                .replace(/\\/g, '\\\\')
                .replace(/\t/g, '\\t')
                .replace(/\n/g, '\\n')
                .replace(/\r/g, '\\r'),
        '\t',
      );
    case '@html':
      return toText(value).replace(/[<>&'"]/g, (char) => HTML[char]!);
    case '@uri':
      return encodeURIComponent(toText(value)).replace(
        /[!'()*]/g,
        (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
      );
    case '@sh':
      return (isArray(value) ? value : [value])
        .map((one) => (typeof one === 'string' ? `'${one.replace(/'/g, `'\\''`)}'` : toJson(one)))
        .join(' ');
    case '@base64':
      return toBase64(new TextEncoder().encode(toText(value)));
    case '@base64d': {
      const bytes = fromBase64(toText(value));
      if (!bytes) throw new JqFault(`string (${shortText(value)}) is not valid base64 data`);
      return new TextDecoder().decode(bytes);
    }
    default:
      throw new JqFault(`${name.slice(1)} is not a valid format`);
  }
}
