import type { ProcessContext, ProcessPlan, ProcessStep } from '../program.ts';

/**
 * Code given on the command line, `python -c` and `node -e`: what people try a container with.
 * Prints, sums, texts, environment variables, sleeping and leaving are computed.
 *
 * Simplified: anything else is not; the program says so on standard error and succeeds.
 */
export interface Dialect {
  /** As which it is called: `python`. */
  readonly name: string;
  /** A statement that prints: what stands in its parentheses. */
  readonly print: RegExp;
  /** Its time in `seconds` or `ms`. */
  readonly sleep: RegExp;
  readonly exit: RegExp;
  readonly signals: ProcessPlan['signals'];
  /** Statements that do nothing by themselves. */
  readonly idle: RegExp;
  /** The value of a name with its dots, brackets and calls; undefined where nobody knows it. */
  readonly known: (text: string, context: ProcessContext) => string | number | undefined;
}

type Value = string | number;

const LIMIT = 200;
const START_MS = 30;
const SECOND = 1000;

/** The plan of a piece of code. */
export function oneLiner(dialect: Dialect, code: string, context: ProcessContext): ProcessPlan {
  const steps: ProcessStep[] = [];
  let afterMs = START_MS;
  const say = (text: string, stream: 'stdout' | 'stderr' = 'stdout'): void => {
    for (const line of text.split('\n')) steps.push({ afterMs, do: 'log', stream, text: line });
  };
  let exitCode = 0;
  for (const statement of statementsOf(code).slice(0, LIMIT)) {
    if (dialect.idle.test(statement)) continue;
    const printed = dialect.print.exec(statement)?.[1];
    const slept = dialect.sleep.exec(statement)?.groups;
    const left = dialect.exit.exec(statement);
    if (slept) afterMs += Math.round(Number(slept.ms ?? Number(slept.seconds) * SECOND));
    else if (left) {
      exitCode = Number(left[1] === '' ? 0 : left[1]) & 255;
      break;
    } else {
      const values = printed === undefined ? undefined : valuesOf(printed, dialect, context);
      if (values) say(values.map(shown).join(' '));
      else {
        say(`${dialect.name}: a model: this code is not computed`, 'stderr');
        break;
      }
    }
  }
  steps.push({ afterMs: afterMs + 1, do: 'exit', code: exitCode });
  return { steps, signals: dialect.signals, memoryBytes: 10_000_000 };
}

/** The value of one expression, `node -p`. */
export function valueOf(
  text: string,
  dialect: Dialect,
  context: ProcessContext,
): Value | undefined {
  const values = valuesOf(text, dialect, context);
  return values?.length === 1 ? values[0] : undefined;
}

export const shown = (value: Value): string => String(value);

/** Parts between separators that stand in no text and no parentheses. */
function split(text: string, separators: string): string[] {
  const parts = [''];
  let quote = '';
  let depth = 0;
  for (const char of text) {
    if (quote !== '') quote = char === quote ? '' : quote;
    else if ('\'"`'.includes(char)) quote = char;
    else if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    else if (depth === 0 && separators.includes(char)) {
      parts.push('');
      continue;
    }
    parts.push((parts.pop() ?? '') + char);
  }
  return parts;
}

const statementsOf = (code: string): string[] =>
  split(code, ';\n')
    .map((part) => part.trim())
    .filter((part) => part !== '' && !part.startsWith('#') && !part.startsWith('//'));

function valuesOf(text: string, dialect: Dialect, context: ProcessContext): Value[] | undefined {
  const values: Value[] = [];
  for (const part of split(text, ',')) {
    // A keyword such as `flush=True` changes nothing here.
    if (/^\s*(flush|file)\s*=/.test(part)) continue;
    if (part.trim() === '') return text.trim() === '' ? [''] : undefined;
    const reader: Reader = { rest: part.trim(), dialect, context, depth: 0 };
    const value = sum(reader);
    if (value === undefined || reader.rest !== '') return undefined;
    values.push(value);
  }
  return values;
}

interface Reader {
  rest: string;
  depth: number;
  readonly dialect: Dialect;
  readonly context: ProcessContext;
}

function take(reader: Reader, pattern: RegExp): RegExpExecArray | undefined {
  const match = pattern.exec(reader.rest);
  if (!match) return undefined;
  reader.rest = reader.rest.slice(match[0].length).trimStart();
  return match;
}

function sum(reader: Reader): Value | undefined {
  let value = product(reader);
  for (;;) {
    const sign = take(reader, /^[+-]/)?.[0];
    if (sign === undefined || value === undefined) return value;
    const other = product(reader);
    if (other === undefined) return undefined;
    if (typeof value === 'number' && typeof other === 'number') {
      value = sign === '+' ? value + other : value - other;
    } else if (sign === '-') return undefined;
    else if (reader.dialect.name !== 'node' && typeof value !== typeof other) return undefined;
    else value = shown(value) + shown(other);
  }
}

function product(reader: Reader): Value | undefined {
  let value = factor(reader);
  for (;;) {
    const sign = take(reader, /^(\*\*|\/\/|[*/%])/)?.[0];
    if (sign === undefined || value === undefined) return value;
    const other = factor(reader);
    if (typeof value !== 'number' || typeof other !== 'number') return undefined;
    if (sign === '*') value *= other;
    else if (sign === '**') value = powerOf(value, other);
    else if (other === 0) return undefined;
    else if (sign === '%') value = ((value % other) + other) % other;
    else if (sign === '//') value = Math.floor(value / other);
    else if (sign === '/') value /= other;
    else return undefined;
    if (!Number.isSafeInteger(value) && sign !== '/') return undefined;
  }
}

/** By multiplying: only whole powers are computed; what is none leads out of the safe numbers. */
function powerOf(base: number, exponent: number): number {
  if (!Number.isInteger(exponent) || exponent < 0 || exponent > 1_000) return Infinity;
  let power = 1;
  for (let i = 0; i < exponent; i++) power *= base;
  return power;
}

const DEPTH = 50;

function factor(reader: Reader): Value | undefined {
  if (reader.depth++ > DEPTH) return undefined;
  const text = take(reader, /^(?:'([^'\\]*)'|"([^"\\]*)"|`([^`\\$]*)`)/);
  if (text) return text[1] ?? text[2] ?? text[3];
  const number = take(reader, /^\d+(\.\d+)?/);
  if (number) return Number(number[0]);
  if (take(reader, /^\(/)) {
    const value = sum(reader);
    return take(reader, /^\)/) ? value : undefined;
  }
  const name = take(reader, /^[A-Za-z_][\w.]*(\((?:[^()]*)\)|\[[^\][]*\]|\.\w+)*/);
  return name ? reader.dialect.known(name[0].trim(), reader.context) : undefined;
}

const quoted = (text: string): string => text.trim().replace(/^(['"])(.*)\1$/s, '$2');

const PYTHON_VALUES: Readonly<Record<string, (context: ProcessContext) => Value>> = {
  'os.getcwd()': ({ cwd = '/' }) => cwd,
  'os.getpid()': () => 1,
  'socket.gethostname()': ({ hostname }) => hostname,
  'platform.node()': ({ hostname }) => hostname,
  'platform.system()': () => 'Linux',
  'platform.machine()': () => 'x86_64',
  'platform.python_version()': ({ env }) => env.PYTHON_VERSION ?? '3.13.11',
};

export const PYTHON: Dialect = {
  name: 'python',
  print: /^print\((.*)\)$/s,
  sleep: /^(?:time\.)?sleep\((?<seconds>\d+(?:\.\d+)?)\)$/,
  exit: /^(?:sys\.exit|exit|quit)\((\d*)\)$/,
  idle: /^(import|from) |^pass$/,
  signals: {
    SIGINT: {
      exitCode: 130,
      afterMs: 10,
      log: [
        'Traceback (most recent call last):',
        '  File "<string>", line 1, in <module>',
        'KeyboardInterrupt',
      ].map((text) => ({ stream: 'stderr', text })),
    },
  },
  known(text, context) {
    const value = Object.hasOwn(PYTHON_VALUES, text) ? PYTHON_VALUES[text] : undefined;
    if (value) return value(context);
    const variable =
      /^os\.environ\[(.*)\]$/.exec(text)?.[1] ??
      /^os\.(?:getenv|environ\.get)\(([^,]*)(?:,(.*))?\)$/.exec(text)?.[1];
    if (variable === undefined) return undefined;
    const found = context.env[quoted(variable)];
    if (found !== undefined || text.startsWith('os.environ[')) return found;
    const otherwise = /,(.*)\)$/.exec(text)?.[1];
    return otherwise === undefined ? 'None' : quoted(otherwise);
  },
};

export const NODE: Dialect = {
  name: 'node',
  print: /^console\.(?:log|info)\((.*)\)$/s,
  sleep: /^setTimeout\(\(\) *=> *\{\}, *(?<ms>\d+)\)$/,
  exit: /^process\.exit\((\d*)\)$/,
  signals: {},
  idle: /^(const|let|var) \w+ *= *require\([^)]*\)$/,
  known(text, { env, cwd = '/', hostname }) {
    const variable = /^process\.env(?:\.(\w+)|\[(.*)\])$/.exec(text);
    if (variable) return env[variable[1] ?? quoted(variable[2] ?? '')] ?? 'undefined';
    if (text === 'process.version') return `v${env.NODE_VERSION ?? '24.12.0'}`;
    if (text === 'process.cwd()') return cwd;
    return /^(require\(.(node:)?os.\)|os)\.hostname\(\)$/.test(text) ? hostname : undefined;
  },
};
