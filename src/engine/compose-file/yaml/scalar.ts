/**
 * What a plain word of YAML means to go-yaml (v4.0.0-rc.6 `internal/libyaml/resolver.go`): YAML
 * 1.2, with `0o17` and the older `017` both octal, and `_` allowed within numbers.
 * Simplified: a date stays the text it is.
 */
const WORDS: Readonly<Record<string, unknown>> = {
  '': null,
  '~': null,
  null: null,
  Null: null,
  NULL: null,
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
  '.nan': Number.NaN,
  '.NaN': Number.NaN,
  '.NAN': Number.NaN,
  '.inf': Number.POSITIVE_INFINITY,
  '.Inf': Number.POSITIVE_INFINITY,
  '+.inf': Number.POSITIVE_INFINITY,
  '-.inf': Number.NEGATIVE_INFINITY,
};

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INTEGER = /^([-+]?)(0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)$/;

export function plainScalar(text: string): unknown {
  if (Object.hasOwn(WORDS, text)) return WORDS[text];
  const plain = text.replaceAll('_', '');
  if (!/^[-+.0-9]/.test(text)) return text;
  const integer = INTEGER.exec(plain);
  if (integer) {
    const digits = integer[2] ?? '';
    const size = /^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits;
    const value = Number(size);
    return integer[1] === '-' ? -value || 0 : value;
  }
  return FLOAT.test(plain) ? Number(plain) : text;
}

const TAG = 'tag:yaml.org,2002:';

/** A scalar with or without a tag; undefined when the tag does not take it. */
export function scalarValue(text: string, plain: boolean, tag: string | undefined): unknown {
  const short = tag?.startsWith(TAG) ? tag.slice(TAG.length) : tag;
  const resolved = plain || short !== undefined ? plainScalar(text) : text;
  switch (short) {
    case undefined:
      return plain ? resolved : text;
    case 'int':
      return typeof resolved === 'number' && Number.isInteger(resolved) ? resolved : undefined;
    case 'float':
      return typeof resolved === 'number' ? resolved : undefined;
    case 'bool':
      return typeof resolved === 'boolean' ? resolved : undefined;
    case 'null':
      return resolved === null ? null : undefined;
    default:
      return text;
  }
}
