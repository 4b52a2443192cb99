import { plainValue } from './resolve.ts';

/**
 * Values as kubectl writes YAML (sigs.k8s.io/yaml v1.6 over go.yaml.in/yaml/v2 v2.4: `encode.go`,
 * `emitterc.go`): keys in order, lists not indented, lines broken behind 80 columns at a blank.
 */
const WIDTH = 80;
const STEP = 2;

export function writeYaml(value: unknown): string {
  const out = new Emitter();
  out.root(value);
  return out.text;
}

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keys as people sort them: numbers within by their size (`sorter.go`). */
export function compareKeys(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const [x, y] = [left[i]!, right[i]!];
    if (x === y) continue;
    const [lettered, letteredToo] = [isLetter(x), isLetter(y)];
    if (lettered && letteredToo) return x < y ? -1 : 1;
    if (lettered || letteredToo) return letteredToo ? -1 : 1;
    return compareNumbers(left, right, i) || (x < y ? -1 : 1);
  }
  return left.length - right.length;
}

const isDigit = (char: string | undefined): boolean => char !== undefined && /\d/.test(char);
const isLetter = (char: string): boolean => /\p{L}/u.test(char);

/** Compares the runs of digits that meet at a place; 0 when they tell nothing. */
function compareNumbers(a: readonly string[], b: readonly string[], at: number): number {
  let [x, y] = [0, 0];
  if (a[at] === '0' || b[at] === '0') {
    for (let i = at - 1; i >= 0 && isDigit(a[i]); i--) {
      if (a[i] !== '0') {
        x = 1;
        y = 1;
        break;
      }
    }
  }
  let [i, j] = [at, at];
  for (; isDigit(a[i]); i++) x = x * 10 + Number(a[i]);
  for (; isDigit(b[j]); j++) y = y * 10 + Number(b[j]);
  if (x !== y) return x < y ? -1 : 1;
  return i !== j ? i - j : 0;
}

class Emitter {
  text = '';
  #column = 0;

  root(value: unknown): void {
    if (isMap(value) && Object.keys(value).length > 0) this.#map(value, 0, false);
    else if (Array.isArray(value) && value.length > 0) this.#list(value, 0, false);
    else {
      this.#write(this.#empty(value) ?? '');
      if (this.#empty(value) === undefined) this.#scalar(value, 0, false);
      this.#line();
    }
  }

  #write(text: string): void {
    this.text += text;
    this.#column += [...text].length;
  }

  #line(): void {
    this.text += '\n';
    this.#column = 0;
  }

  #empty(value: unknown): string | undefined {
    if (Array.isArray(value) && value.length === 0) return '[]';
    if (isMap(value) && fieldsOf(value).length === 0) return '{}';
    return undefined;
  }

  /** @param inline the first key stands where the line is already */
  #map(map: Readonly<Record<string, unknown>>, indent: number, inline: boolean): void {
    let first = inline;
    for (const [key, value] of fieldsOf(map)) {
      if (!first) this.#write(' '.repeat(indent));
      first = false;
      this.#scalar(key, indent, true);
      this.#write(':');
      const empty = this.#empty(value);
      if (empty !== undefined) {
        this.#write(` ${empty}`);
        this.#line();
      } else if (isMap(value)) {
        this.#line();
        this.#map(value, indent + STEP, false);
      } else if (Array.isArray(value)) {
        this.#line();
        this.#list(value, indent, false);
      } else {
        this.#write(' ');
        this.#scalar(value, indent, false);
        this.#line();
      }
    }
  }

  #list(items: readonly unknown[], indent: number, inline: boolean): void {
    let first = inline;
    for (const item of items) {
      if (!first) this.#write(' '.repeat(indent));
      first = false;
      this.#write('- ');
      const empty = this.#empty(item);
      if (empty !== undefined) {
        this.#write(empty);
        this.#line();
      } else if (isMap(item)) this.#map(item, indent + STEP, true);
      else if (Array.isArray(item)) this.#list(item, indent + STEP, true);
      else {
        this.#scalar(item, indent, false);
        this.#line();
      }
    }
  }

  #scalar(value: unknown, indent: number, isKey: boolean): void {
    if (typeof value !== 'string') {
      this.#write(value === null || value === undefined ? 'null' : numberText(value));
      return;
    }
    const style = styleOf(value, isKey);
    if (style === 'literal') this.#literal(value, indent + STEP);
    else if (style === 'plain') this.#folded(value, indent + STEP, isKey, false);
    else if (style === 'single') this.#folded(value, indent + STEP, isKey, true);
    else this.#double(value, indent + STEP, isKey);
  }

  /** A scalar that may be broken at single blanks, with or without single quotes. */
  #folded(text: string, indent: number, isKey: boolean, quoted: boolean): void {
    if (quoted) this.#write("'");
    const chars = [...text];
    let wasSpace = false;
    chars.forEach((char, i) => {
      const within = !quoted || (i > 0 && i < chars.length - 1);
      if (char !== ' ') {
        this.#write(quoted && char === "'" ? "''" : char);
        wasSpace = false;
        return;
      }
      const breaks = !isKey && !wasSpace && this.#column > WIDTH && within;
      if (breaks && chars[i + 1] !== ' ') this.#wrap(indent);
      else this.#write(char);
      wasSpace = true;
    });
    if (quoted) this.#write("'");
  }

  #wrap(indent: number): void {
    this.#line();
    this.#write(' '.repeat(indent));
  }

  #double(text: string, indent: number, isKey: boolean): void {
    this.#write('"');
    const chars = [...text];
    let wasSpace = false;
    chars.forEach((char, i) => {
      if (!isPrintable(char) || char === '"' || char === '\\' || isLineEnd(char)) {
        this.#write(escaped(char));
        wasSpace = false;
        return;
      }
      if (char !== ' ') {
        this.#write(char);
        wasSpace = false;
        return;
      }
      const within = i > 0 && i < chars.length - 1;
      if (!isKey && !wasSpace && this.#column > WIDTH && within) {
        this.#wrap(indent);
        if (chars[i + 1] === ' ') this.#write('\\');
      } else this.#write(char);
      wasSpace = true;
    });
    this.#write('"');
  }

  #literal(text: string, indent: number): void {
    const hint = /^[ \n]/.test(text) ? String(STEP) : '';
    const body = text.replace(/\n+$/, '');
    const tail = text.length - body.length;
    const chomp = tail === 0 ? '-' : tail === 1 && body !== '' ? '' : '+';
    this.#write(`|${hint}${chomp}`);
    const lines = text.split('\n');
    if (text.endsWith('\n')) lines.pop();
    for (const line of lines) {
      this.#line();
      if (line !== '') this.#write(' '.repeat(indent) + line);
    }
  }
}

const fieldsOf = (map: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(map)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => compareKeys(a, b));

function numberText(value: unknown): string {
  if (typeof value !== 'number') return String(value);
  const text = String(value);
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

const isLineEnd = (char: string): boolean =>
  ['\n', '\r', '\u0085', '\u2028', '\u2029'].includes(char);

/** `yaml_emitter`'s `is_printable`: what may stand without an escape. */
function isPrintable(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  if (code === 0x0a) return true;
  if (code < 0x20 || code === 0x7f) return false;
  if (code < 0x7f) return true;
  return code >= 0xa0 && code <= 0xffff && !(code >= 0xd800 && code < 0xe000) && code < 0xfffe
    ? code !== 0xfeff
    : false;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\u0007': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\u001b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\u0085': '\\N',
  '\u00a0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

function escaped(char: string): string {
  const known = ESCAPES[char];
  if (known !== undefined) return known;
  const code = char.codePointAt(0) ?? 0;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Base 60 and timestamps are quoted for readers that take them for numbers. */
const OLD_FLOAT = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const TIMESTAMP =
  /^\d{4}-\d{1,2}-\d{1,2}(?:[Tt]\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)| \d{1,2}:\d{1,2}:\d{1,2}(?:\.\d+)?)?$/;

type Style = 'plain' | 'single' | 'double' | 'literal';

function styleOf(text: string, isKey: boolean): Style {
  const resolves = plainValue(text) !== text || OLD_FLOAT.test(text) || TIMESTAMP.test(text);
  if (resolves) return 'double';
  const { multiline, plain, single, block } = analyse(text);
  if (text.includes('\n')) return isKey || !block ? 'double' : 'literal';
  if (plain && !multiline) return 'plain';
  return single ? 'single' : 'double';
}

interface Allowed {
  readonly multiline: boolean;
  readonly plain: boolean;
  readonly single: boolean;
  readonly block: boolean;
}

const FIRST_INDICATORS = '#,[]{}&*!|>\'"%@`';

/** `yaml_emitter_analyze_scalar`, for scalars in block context. */
function analyse(text: string): Allowed {
  const chars = [...text];
  let indicators = text.startsWith('---') || text.startsWith('...');
  let [special, breaks, spaceBreak, breakSpace] = [false, false, false, false];
  let previous: 'space' | 'break' | '' = '';
  let spaced = true;
  chars.forEach((char, i) => {
    const next = chars[i + 1];
    const followed = next === undefined || next === ' ' || next === '\t' || isLineEnd(next);
    if (i === 0 && FIRST_INDICATORS.includes(char)) indicators = true;
    if (i === 0 && '?:'.includes(char) && followed) indicators = true;
    if (i === 0 && char === '-' && followed) indicators = true;
    if (i > 0 && char === ':' && followed) indicators = true;
    if (i > 0 && char === '#' && spaced) indicators = true;
    if (!isPrintable(char)) special = true;
    if (char === ' ') {
      if (previous === 'break') breakSpace = true;
      previous = 'space';
    } else if (isLineEnd(char)) {
      breaks = true;
      if (previous === 'space') spaceBreak = true;
      previous = 'break';
    } else previous = '';
    spaced = char === ' ' || char === '\t' || isLineEnd(char);
  });
  const edges = /^[ \n\r]|[ \n\r]$/.test(text);
  const trailing = text.endsWith(' ');
  return {
    multiline: breaks,
    plain: text !== '' && !edges && !indicators && !special && !breakSpace && !spaceBreak,
    single: !special && !spaceBreak && !(edges && breaks && breakSpace),
    block: !special && !spaceBreak && !trailing,
  };
}
