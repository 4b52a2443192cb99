import { YamlProblem } from './cursor.ts';

/** What a scalar without quotes means (go.yaml.in/yaml/v2 v2.4 `resolve.go`): YAML 1.1's words. */
const WORDS = new Map<string, unknown>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word) => [word, true] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word) => [word, false] as const,
  ),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['.nan', '.NaN', '.NAN'].map((word) => [word, NaN] as const),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word) => [word, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((word) => [word, -Infinity] as const),
]);

const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const INTEGER = /^[-+]?(0[xX][0-9a-fA-F]+|0[oO]?[0-7]+|0[bB][01]+|[1-9][0-9]*|0)$/;

/** The value of a text that is not in quotes; the text itself when it is nothing else. */
export function plainValue(text: string): unknown {
  if (WORDS.has(text)) return WORDS.get(text);
  const first = text.charAt(0);
  if (first === '.') return FLOAT.test(text) ? Number(text) : text;
  if (!/[0-9+-]/.test(first)) return text;
  const digits = text.replaceAll('_', '');
  if (INTEGER.test(digits)) return integerOf(digits);
  return FLOAT.test(digits) ? Number(digits) : text;
}

function integerOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const digits = text.replace(/^[-+]/, '').toLowerCase();
  if (/^0[0-7]+$/.test(digits)) return sign * Number(`0o${digits.slice(1)}`);
  return sign * Number(digits);
}

export function resolveScalar(text: string, plain: boolean, tag: string): unknown {
  const value = tag === '' && !plain ? text : tagged(text, plain, tag);
  if (typeof value === 'number' && !Number.isFinite(value)) {
    const name = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
    throw new YamlProblem(`json: unsupported value: ${name}`, -1);
  }
  return value;
}

function tagged(text: string, plain: boolean, tag: string): unknown {
  if (tag === '' || tag === '!') return plain ? plainValue(text) : text;
  const name = tag.replace(/^!!/, '');
  if (name === 'str' || !tag.startsWith('!!')) return text;
  const value = plainValue(text);
  const found =
    value === null
      ? 'null'
      : typeof value === 'boolean'
        ? 'bool'
        : typeof value === 'number'
          ? Number.isInteger(value)
            ? 'int'
            : 'float'
          : 'str';
  if (found === name || (name === 'float' && found === 'int')) return value;
  if (!['bool', 'int', 'float', 'null', 'timestamp'].includes(name)) return text;
  throw new YamlProblem(`cannot decode !!${found} \`${text}\` as a !!${name}`, 0);
}
