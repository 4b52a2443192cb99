import { parseBoolean } from '../../../go/numbers.ts';
import { isRefused } from '../../../go/refused.ts';
import { plainValue } from './resolve.ts';

/**
 * KYAML: YAML with braces, every text in quotes and every key as bare as it may be
 * (sigs.k8s.io/yaml `kyaml/kyaml.go`, v1.6).
 */
export const writeKyaml = (value: unknown): string => `---\n${node(value, 0)}\n`;

type Plain = Readonly<Record<string, unknown>>;

const pad = (level: number): string => '  '.repeat(level);
const isNested = (value: unknown): boolean => typeof value === 'object' && value !== null;

function node(value: unknown, indent: number): string {
  if (Array.isArray(value)) return sequence(value as readonly unknown[], indent);
  if (isNested(value)) return mapping(value as Plain, indent);
  return typeof value === 'string' ? quoted(value, indent + 1) : JSON.stringify(value ?? null);
}

/** Lists of what has braces of its own need no lines of their own. */
function sequence(items: readonly unknown[], indent: number): string {
  if (items.length === 0) return '[]';
  if (items.every(isNested)) return `[${items.map((item) => node(item, indent)).join(', ')}]`;
  const lines = items.map((item) => `${pad(indent + 1)}${node(item, indent + 1)},\n`);
  return `[\n${lines.join('')}${pad(indent)}]`;
}

function mapping(value: Plain, indent: number): string {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries.map(
    ([key, field]) => `${pad(indent + 1)}${keyText(key)}: ${node(field, indent + 1)},\n`,
  );
  return `{\n${lines.join('')}${pad(indent)}}`;
}

const keyText = (key: string): string => {
  if (!needsQuotes(key)) return key;
  const text = [...key].map((char) => (char === '\t' ? '\\t' : escaped(char))).join('');
  return `"${text}"`;
};

const BARE = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_./-]*[\p{L}\p{N}_])?$/u;
const WORDS = /^(?:null|~|true|y|yes|on|false|n|no|off|[-+]?\.inf|\.nan)$/i;
const NUMBER =
  /^[-+]?(?:0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|inf|infinity|nan)$/i;
const SEXAGESIMAL = /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Whether a reader of YAML could take a bare text for something else. */
function needsQuotes(text: string): boolean {
  if (!BARE.test(text) || WORDS.test(text) || !isRefused(parseBoolean(text))) return true;
  if (NUMBER.test(text.replaceAll('_', '')) || SEXAGESIMAL.test(text)) return true;
  return typeof plainValue(text) !== 'string' || /^\d{4}-\d{1,2}-\d{1,2}/.test(text);
}

const ESCAPES: Readonly<Record<string, string>> = {
  ...{ '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\t', '\r': '\\r', '\0': '\\0' },
  ...{ '\u0007': '\\a', '\b': '\\b', '\f': '\\f', '\v': '\\v', '\u001b': '\\e' },
  ...{ '\u0085': '\\N', '\u00a0': '\\_', '\u2028': '\\L', '\u2029': '\\P' },
};

function escaped(char: string): string {
  const known = ESCAPES[char];
  if (known !== undefined) return known;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (!/[\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}\p{Z}]/u.test(char) || char === ' ') return char;
  const digits = code.toString(16);
  return code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
}

/** A text of several lines is folded: each stands on one of its own. */
function quoted(text: string, indent: number): string {
  const chars = [...text];
  if (!text.includes('\n')) return `"${chars.map(escaped).join('')}"`;
  let out = '"\\\n';
  for (const char of chars) {
    if (out.endsWith('\n')) out += pad(indent) + (/[^\S\n]/.test(char) ? '\\' : ' ');
    out += char === '\n' ? '\\n\\\n' : escaped(char);
  }
  return `${out}${out.endsWith('\n') ? '' : '\\\n'}${pad(indent)}"`;
}
