/** `printf` and `echo`: formats and escapes (GNU bash 5.2 `printf.def`, `echo.def`). */
export interface Formatted {
  readonly text: string;
  /** Words of what was wrong, without the tool's name. */
  readonly problems: readonly string[];
  readonly status: number;
  /** `\c`: nothing more is printed. */
  readonly stops: boolean;
}

const CONTROLS: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};
const WIDTH_LIMIT = 10_000;
const ROUND_LIMIT = 100_000;
const CONVERSION = /^%([-+ 0#']*)(\*|\d+)?(?:\.(\*|\d+)?)?(?:[hljzt]|q(?=[a-zA-Z]))*([a-zA-Z%])?/;

/** `\n`, `\033`, `\x1b`, `\u00e9`; of `echo -e` and `%b` an octal number begins with 0. */
export function unescape(text: string, kind: 'format' | 'echo'): { text: string; stops: boolean } {
  let result = '';
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char !== '\\') {
      result += char;
      continue;
    }
    const rest = text.slice(at + 1, at + 10);
    if (rest.startsWith('c')) return { text: result, stops: true };
    const octal = (kind === 'echo' ? /^0([0-7]{0,3})/ : /^([0-7]{1,3})/).exec(rest);
    const code = octal ?? /^x([0-9a-fA-F]{1,2})/.exec(rest) ?? /^u([0-9a-fA-F]{1,4})/.exec(rest);
    const known =
      CONTROLS[rest[0] ?? ''] ?? (kind === 'format' && rest.startsWith('"') ? '"' : undefined);
    if (code) {
      const value = parseInt(code[1] || '0', octal ? 8 : 16);
      result += String.fromCharCode(octal ? value & 255 : value);
      at += code[0].length;
    } else if (known !== undefined) {
      result += known;
      at += 1;
    } else {
      result += char;
    }
  }
  return { text: result, stops: false };
}

export function echoText(args: readonly string[], flavour: 'bash' | 'ash' | 'dash'): string {
  let at = 0;
  let newline = true;
  let escapes = flavour === 'dash';
  const options = flavour === 'dash' ? /^-n$/ : /^-[neE]+$/;
  while (options.test(args[at] ?? '')) {
    for (const letter of args[at]!.slice(1)) {
      if (letter === 'n') newline = false;
      else escapes = letter === 'e';
    }
    at += 1;
  }
  const text = args.slice(at).join(' ');
  if (!escapes) return newline ? `${text}\n` : text;
  const done = unescape(text, 'echo');
  return newline && !done.stops ? `${done.text}\n` : done.text;
}

class Formatter {
  readonly #args: readonly string[];
  #next = 0;
  text = '';
  problems: string[] = [];
  status = 0;
  stops = false;

  constructor(args: readonly string[]) {
    this.#args = args;
  }

  get hasMore(): boolean {
    return this.#next < this.#args.length;
  }

  #argument(): string | undefined {
    const argument = this.#args[this.#next];
    this.#next += 1;
    return argument;
  }

  /** One time through the format; false when it takes no arguments. */
  round(format: string): boolean {
    const before = this.#next;
    for (let at = 0; at < format.length && !this.stops;) {
      const percent = format.indexOf('%', at);
      const plain = format.slice(at, percent === -1 ? undefined : percent);
      if (plain !== '') {
        const done = unescape(plain, 'format');
        this.text += done.text;
        this.stops = done.stops;
      }
      if (percent === -1 || this.stops) break;
      const match = CONVERSION.exec(format.slice(percent, percent + 64))!;
      if (match?.[4] === undefined) {
        const shown = format[percent + (match?.[0].length ?? 1)];
        this.problems.push(
          shown === undefined
            ? `\`%': missing format character`
            : `\`${shown}': invalid format character`,
        );
        this.status = 1;
        this.stops = true;
        break;
      }
      this.#convert(match);
      at = percent + match[0].length;
    }
    return this.#next > before;
  }

  #convert([, flags = '', widthText = '', precisionText, type = 's']: RegExpExecArray): void {
    if (type === '%') {
      this.text += '%';
      return;
    }
    let width = widthText === '*' ? Number(this.#argument() ?? 0) : Number(widthText || 0);
    const left = flags.includes('-') || width < 0;
    width = Math.min(Math.abs(width) || 0, WIDTH_LIMIT);
    const precision =
      precisionText === '*'
        ? Number(this.#argument() ?? 0)
        : precisionText === undefined
          ? undefined
          : Number(precisionText || 0);
    const argument = this.#argument();
    const shown = this.#value(type, argument, flags, precision);
    if (shown === undefined) return;
    const isNumber = 'dioxXufFeEgG'.includes(type);
    const zero =
      flags.includes('0') &&
      !left &&
      isNumber &&
      !(precision !== undefined && 'diouxX'.includes(type));
    this.text += pad(shown, width, { left, zero });
  }

  #value(
    type: string,
    argument = '',
    flags: string,
    precision: number | undefined,
  ): string | undefined {
    switch (type) {
      case 's':
        return precision === undefined ? argument : [...argument].slice(0, precision).join('');
      case 'b': {
        const done = unescape(argument, 'echo');
        this.stops = done.stops;
        return done.text;
      }
      case 'c':
        return argument.slice(0, 1);
      case 'q':
        return /^[A-Za-z0-9_./:=@%+,-]+$/.test(argument)
          ? argument
          : argument === ''
            ? "''"
            : argument.replace(/[^A-Za-z0-9_./:=@%+,-]/g, '\\$&');
      case 'd':
      case 'i':
        return integerText(this.#integer(argument), flags, precision);
      case 'u':
        return integerText(BigInt.asUintN(64, this.#integer(argument)), flags, precision);
      case 'o':
      case 'x':
      case 'X': {
        const value = BigInt.asUintN(64, this.#integer(argument));
        const digits = value.toString(type === 'o' ? 8 : 16).padStart(precision ?? 0, '0');
        const prefix = flags.includes('#') && value !== 0n ? (type === 'o' ? '0' : '0x') : '';
        return type === 'X' ? (prefix + digits).toUpperCase() : prefix + digits;
      }
      case 'f':
      case 'F':
      case 'e':
      case 'E':
      case 'g':
      case 'G':
        return this.#float(argument, type, flags, precision);
      default:
        this.problems.push(`\`${type}': invalid format character`);
        this.status = 1;
        this.stops = true;
        return undefined;
    }
  }

  #integer(text: string): bigint {
    const trimmed = text.trim();
    if (trimmed === '') return 0n;
    const quote = /^['"](.)/su.exec(trimmed);
    if (quote) return BigInt(quote[1]!.codePointAt(0)!);
    const match = /^([-+]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)(.*)$/s.exec(trimmed);
    if (match?.[3] !== '') {
      this.problems.push(`${text}: invalid number`);
      this.status = 1;
    }
    if (!match) return 0n;
    const digits = match[2]!;
    const value = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
    return match[1] === '-' ? -value : value;
  }

  #float(text: string, type: string, flags: string, precision = 6): string {
    const value = text.trim() === '' ? 0 : Number(text);
    if (Number.isNaN(value)) {
      this.problems.push(`${text}: invalid number`);
      this.status = 1;
    }
    const shown = floatText(Number.isNaN(value) ? 0 : value, type, Math.min(precision, 100));
    return flags.includes('+') && value >= 0
      ? `+${shown}`
      : flags.includes(' ') && value >= 0
        ? ` ${shown}`
        : shown;
  }
}

/** `%f`, `%e` and `%g`, as C has them. */
export function floatText(value: number, type: string, precision: number): string {
  const scientific = (digits: number): string =>
    value.toExponential(digits).replace(/e([-+])(\d)$/, 'e$10$2');
  let shown: string;
  if (type === 'f' || type === 'F') shown = fixed(value, precision);
  else if (type === 'e' || type === 'E') shown = scientific(precision);
  else {
    const digits = precision === 0 ? 1 : precision;
    const exponent = value === 0 ? 0 : Number(value.toExponential(digits - 1).split('e')[1]);
    const plain = exponent >= -4 && exponent < digits;
    shown = plain ? fixed(value, Math.max(0, digits - 1 - exponent)) : scientific(digits - 1);
    if (shown.includes('.')) shown = shown.replace(/\.?0+(e|$)/, '$1');
  }
  return type === type.toUpperCase() ? shown.toUpperCase() : shown;
}

/** Beyond 1e21 a number's own digits are many. */
const fixed = (value: number, precision: number): string =>
  Math.abs(value) >= 1e21 && Number.isFinite(value)
    ? BigInt(Math.trunc(value)).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '')
    : value.toFixed(precision);

function integerText(value: bigint, flags: string, precision: number | undefined): string {
  const digits = (value < 0n ? -value : value).toString().padStart(precision ?? 0, '0');
  const sign = value < 0n ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  return sign + digits;
}

export function pad(text: string, width: number, how: { left: boolean; zero?: boolean }): string {
  const missing = width - [...text].length;
  if (missing <= 0) return text;
  if (how.left) return text + ' '.repeat(missing);
  if (how.zero !== true) return ' '.repeat(missing) + text;
  const sign = /^[-+ ]?(?:0x)?/i.exec(text)![0];
  return sign + '0'.repeat(missing) + text.slice(sign.length);
}

/** The format is used again while there are arguments. */
export function formatText(format: string, args: readonly string[]): Formatted {
  const formatter = new Formatter(args);
  for (let rounds = 0; rounds < ROUND_LIMIT; rounds++) {
    const took = formatter.round(format);
    if (!took || !formatter.hasMore || formatter.stops) break;
  }
  const { text, problems, status, stops } = formatter;
  return { text, problems, status, stops };
}
