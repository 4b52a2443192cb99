import { isList, isMapping, type Mapping } from '../tree/tree.ts';
import { plainScalar } from '../yaml/scalar.ts';

/**
 * Writes plain values as go-yaml does with two blanks of indent (v4.0.0-rc.6
 * `internal/libyaml/{representer,emitter}.go`): lists stand within their key, a text that would be
 * read as something else is quoted, one of several lines is a literal block.
 */
export function writeYamlText(value: unknown): string {
  return `${block(value, 0).replace(/^\n/, '')}\n`;
}

const pad = (depth: number): string => '  '.repeat(depth);

/** The value behind a key or a dash, the blank or line break before it included. */
function block(value: unknown, depth: number): string {
  if (isMapping(value)) return mappingBlock(value, depth);
  if (isList(value)) {
    if (value.length === 0) return ' []';
    return value.map((one) => `\n${pad(depth)}-${inList(one, depth + 1)}`).join('');
  }
  return ` ${scalar(value, depth)}`;
}

function mappingBlock(value: Mapping, depth: number): string {
  const entries = Object.entries(value);
  if (entries.length === 0) return ' {}';
  return entries
    .map(([key, one]) => `\n${pad(depth)}${scalar(key, depth)}:${block(one, depth + 1)}`)
    .join('');
}

/** The first line of a mapping or list in a list stands behind the dash. */
function inList(value: unknown, depth: number): string {
  const text = block(value, depth);
  return text.startsWith('\n') ? ` ${text.slice(1 + pad(depth).length)}` : text;
}

function scalar(value: unknown, depth: number): string {
  if (typeof value === 'string') return text(value, depth);
  if (typeof value === 'number') return numberText(value);
  return typeof value === 'boolean' ? String(value) : 'null';
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  return String(value);
}

const OLD_BOOLEAN = /^(y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;
const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const DATE = /^\d{4}-\d{1,2}-\d{1,2}([Tt ]|$)/;

function text(value: string, depth: number): string {
  if (value.includes('\n')) return literal(value, depth) ?? doubleQuoted(value);
  const meansText = typeof plainScalar(value) === 'string';
  if (!meansText || OLD_BOOLEAN.test(value) || BASE_60.test(value) || DATE.test(value)) {
    return doubleQuoted(value);
  }
  if (hasSpecial(value)) return doubleQuoted(value);
  return mayBePlain(value) ? value : `'${value.replaceAll("'", "''")}'`;
}

/** Letters that no plain or single-quoted text may hold. */
function hasSpecial(value: string): boolean {
  return [...value].some((char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0xfeff;
  });
}

function mayBePlain(value: string): boolean {
  if (value.startsWith(' ') || value.endsWith(' ')) return false;
  if (/^[#,[\]{}&*!|>'"%@`]/.test(value) || /^(---|\.\.\.)/.test(value)) return false;
  if (/^[-?:]($|\s)/.test(value)) return false;
  return !/:(\s|$)|\s#/.test(value);
}

function literal(value: string, depth: number): string | undefined {
  const lines = value.split('\n');
  if (lines.some(hasSpecial) || lines.some((line) => /\s$/.test(line) && line.trim() === '')) {
    return undefined;
  }
  const chomp = value.endsWith('\n\n') || value === '\n' ? '+' : value.endsWith('\n') ? '' : '-';
  const hint = /^[ \n]/.test(value) ? '2' : '';
  if (value.endsWith('\n')) lines.pop();
  const body = lines.map((line) => (line === '' ? '' : `${pad(Math.max(depth, 1))}${line}`));
  return `|${hint}${chomp}\n${body.join('\n')}`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\0': '\\0',
  '\u0007': '\\a',
  '\b': '\\b',
  '\v': '\\v',
  '\f': '\\f',
  '\u001b': '\\e',
  '\u0085': '\\N',
  '\ufeff': '\\uFEFF',
};

function doubleQuoted(value: string): string {
  const body = [...value].map((char) => {
    const known = ESCAPES[char];
    if (known !== undefined) return known;
    const code = char.codePointAt(0) ?? 0;
    if (code >= 0x20 && (code < 0x7f || code >= 0xa0)) return char;
    return `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`;
  });
  return `"${body.join('')}"`;
}
