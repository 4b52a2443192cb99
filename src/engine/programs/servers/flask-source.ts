/**
 * What a Flask application does by its source: its routes, and for each the text that it answers, in
 * which values may stand that only a request or the environment knows.
 *
 * Simplified: Python is not executed. A route is understood when it returns literals, formatted with
 * a counter in Redis (`client.incr('hits')`, in the function or in one that it calls), the host name
 * or variables of the environment; loops and conditions around them are not seen.
 */
export type Piece =
  | { readonly text: string }
  | { readonly is: 'hostname' }
  | { readonly is: 'count'; readonly counter: Counter; readonly rescue?: readonly Piece[] }
  | { readonly is: 'env'; readonly name: string; readonly otherwise: string };

/** `INCR key` at a server of Redis. */
export interface Counter {
  readonly key: string;
  readonly host: readonly Piece[];
  readonly port: number;
}

export interface FlaskRoute {
  readonly path: string;
  readonly methods: readonly string[];
  readonly answer: readonly Piece[];
}

export interface FlaskApp {
  readonly routes: readonly FlaskRoute[];
  /** `app.run(…)`: what it says of port and debugging; absent where the file does not run itself. */
  readonly run?: { readonly port: number; readonly debug: boolean };
}

type Scope = Readonly<Record<string, readonly Piece[]>>;
interface Source {
  readonly lines: readonly string[];
  readonly clients: Readonly<Record<string, Omit<Counter, 'key'>>>;
}

const DEFAULT_PORT = 5000;
const CALLS_DEEP = 3;
const indentOf = (line: string): number => line.length - line.trimStart().length;

/** The application in a file; undefined when there is none. */
export function readFlask(text: string): FlaskApp | undefined {
  const name = /^(\w+)\s*=\s*Flask\(/m.exec(text)?.[1];
  if (name === undefined) return undefined;
  const lines = joined(text);
  const source: Source = { lines, clients: clientsIn(lines) };
  const route = new RegExp(`^\\s*@${name}\\.(route|get|post)\\(\\s*(['"])(/[^'"]*)\\2(.*)\\)`);
  const routes = lines.flatMap((line, at): FlaskRoute[] => {
    const [, kind = '', , path = '', more = ''] = route.exec(line) ?? [];
    const answer = path === '' ? undefined : returned(source, bodyAfter(lines, at));
    if (!answer) return [];
    const named = [...(/methods\s*=\s*\[([^\]]*)\]/.exec(more)?.[1] ?? '').matchAll(/\w+/g)];
    const methods = named.length > 0 ? named.map(([word]) => word) : ['GET'];
    return [{ path, methods: kind === 'post' ? ['POST'] : methods, answer }];
  });
  const run = new RegExp(`\\b${name}\\.run\\((.*)\\)`).exec(text)?.[1];
  if (run === undefined) return { routes };
  const port = Number(/\bport\s*=\s*(\d+)/.exec(run)?.[1] ?? DEFAULT_PORT);
  return { routes, run: { port, debug: /\bdebug\s*=\s*True/.test(run) } };
}

/** Lines of the file, without comments; what a backslash or a bracket continues is one line. */
function joined(text: string): string[] {
  const lines: string[] = [];
  let open = '';
  for (const raw of text.split('\n')) {
    const line = raw.replace(/^\s*#.*$/, '').replace(/\s+$/, '');
    const whole = open === '' ? line : `${open} ${line.trim()}`;
    const bare = whole.replace(/(['"])(?:\\.|(?!\1).)*\1/g, '');
    const isOpen = bare.split(/[([{]/).length > bare.split(/[)\]}]/).length;
    if (whole.endsWith('\\')) open = whole.slice(0, -1);
    else if (isOpen) open = whole;
    else {
      lines.push(whole);
      open = '';
    }
  }
  return open === '' ? lines : [...lines, open];
}

/** `redis = Redis(host='redis', port=6379)`, by the name of the variable. */
function clientsIn(lines: readonly string[]): Source['clients'] {
  const clients: Record<string, Omit<Counter, 'key'>> = {};
  for (const line of lines) {
    const found = /^\s*(\w+)\s*=\s*(?:redis\.)?(?:Strict)?Redis\((.*)\)\s*$/.exec(line);
    if (!found) continue;
    const [, name = '', words = ''] = found;
    const given = /\bhost\s*=\s*(.+?)\s*(?:,\s*\w+\s*=.*)?$/.exec(words)?.[1];
    const host = given === undefined ? undefined : evaluate(given, {}, { lines, clients: {} });
    const port = Number(/\bport\s*=\s*(\d+)/.exec(words)?.[1] ?? 6379);
    clients[name] = { host: host ?? [{ text: 'localhost' }], port };
  }
  return clients;
}

/** The lines of the function that follows a decorator, or of the one that is named. */
function bodyAfter(lines: readonly string[], from: number): string[] {
  const at = lines.findIndex((line, i) => i >= from && /^\s*def \w+\(/.test(line));
  if (at === -1) return [];
  const depth = indentOf(lines[at]!);
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => line.trim() !== '' && indentOf(line) <= depth);
  return end === -1 ? rest : rest.slice(0, end);
}

/** What a function returns where all goes well; undefined when that is not understood. */
function returned(source: Source, body: readonly string[], deep = 0): readonly Piece[] | undefined {
  const scope: Record<string, readonly Piece[]> = {};
  let rescueDepth: number | undefined;
  let answer: readonly Piece[] | undefined;
  for (const line of body) {
    if (line.trim() === '') continue;
    if (rescueDepth !== undefined && indentOf(line) <= rescueDepth) rescueDepth = undefined;
    if (/^\s*except\b/.test(line)) rescueDepth = indentOf(line);
    const [, name, value] = /^\s*(\w+)\s*=\s*(.+)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) {
      const pieces = evaluate(value, scope, source, deep);
      if (pieces && rescueDepth === undefined) scope[name] = pieces;
      else if (pieces && scope[name]) scope[name] = rescued(scope[name], pieces);
    }
    const told = /^\s*return\s+(.+)$/.exec(line)?.[1];
    if (told !== undefined && rescueDepth === undefined) {
      answer ??= evaluate(told, scope, source, deep);
    }
  }
  return answer;
}

const rescued = (pieces: readonly Piece[], rescue: readonly Piece[]): Piece[] =>
  pieces.map((piece) => ('is' in piece && piece.is === 'count' ? { ...piece, rescue } : piece));

/** The text that an expression comes to. */
function evaluate(
  text: string,
  scope: Scope,
  source: Source,
  deep = 0,
): readonly Piece[] | undefined {
  const own = { scope, source, deep };
  let rest = text.trim();
  const pieces: Piece[] = [];
  while (rest !== '') {
    const term = literal(rest, own) ?? value(rest, own);
    if (!term) return undefined;
    pieces.push(...term.pieces);
    rest = term.rest.trimStart();
    if (rest.startsWith('+')) rest = rest.slice(1).trimStart();
    else if (rest !== '') return undefined;
  }
  return pieces;
}

interface Own {
  readonly scope: Scope;
  readonly source: Source;
  readonly deep: number;
}
interface Term {
  readonly pieces: readonly Piece[];
  readonly rest: string;
}

const STRING = /^([fF]?)(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*/;

/** Strings side by side, and what they are formatted with. */
function literal(text: string, own: Own): Term | undefined {
  let rest = text;
  let whole = '';
  let isFormatted = false;
  for (let found = STRING.exec(rest); found; found = STRING.exec(rest)) {
    whole += unescaped(found[2] ?? found[3] ?? '');
    isFormatted ||= found[1] !== '';
    rest = rest.slice(found[0].length);
  }
  if (rest === text) return undefined;
  if (isFormatted) return filled(whole, (inner) => evaluateIn(inner, own), rest);
  return formatted(whole, rest, own) ?? { pieces: [{ text: whole }], rest };
}

/** `.format(count)`, `.format(name=…)`. */
function formatted(whole: string, rest: string, own: Own): Term | undefined {
  const words = argumentsOf(rest, /^\.format\(/);
  if (!words) return undefined;
  const values = words.list.map((word) => {
    const [, name, value = word] = /^(\w+)\s*=\s*(.*)$/s.exec(word) ?? [];
    return { name, pieces: evaluateIn(value, own) };
  });
  let next = 0;
  const find = (inner: string) =>
    /^\d*$/.test(inner)
      ? values[inner === '' ? next++ : Number(inner)]?.pieces
      : values.find(({ name }) => name === inner)?.pieces;
  return filled(whole, find, words.rest);
}

const evaluateIn = (text: string, { scope, source, deep }: Own) =>
  evaluate(text, scope, source, deep);

/** A text whose `{…}` are filled; undefined when one of them is not understood. */
function filled(
  whole: string,
  find: (inner: string) => readonly Piece[] | undefined,
  rest: string,
): Term | undefined {
  const pieces: Piece[] = [];
  for (const part of whole.split(/(\{\{|\}\}|\{[^{}]*\})/)) {
    if (part === '{{' || part === '}}') pieces.push({ text: part[0]! });
    else if (part.startsWith('{')) {
      const found = find(
        part
          .slice(1, -1)
          .replace(/[:!].*$/, '')
          .trim(),
      );
      if (!found) return undefined;
      pieces.push(...found);
    } else if (part !== '') pieces.push({ text: part });
  }
  return { pieces, rest };
}

/** A variable, a number, or a call whose result is known. */
function value(text: string, own: Own): Term | undefined {
  const [number] = /^\d+/.exec(text) ?? [];
  if (number !== undefined) return { pieces: [{ text: number }], rest: text.slice(number.length) };
  const item = /^os\.environ\[\s*['"](\w+)['"]\s*\]/.exec(text);
  if (item) {
    const piece: Piece = { is: 'env', name: item[1]!, otherwise: '' };
    return { pieces: [piece], rest: text.slice(item[0].length) };
  }
  const variable = /^[A-Za-z_]\w*/.exec(text)?.[0] ?? '';
  if (Object.hasOwn(own.scope, variable)) {
    const rest = text.slice(variable.length);
    const pieces = own.scope[variable]!;
    return formatted(plain(pieces), rest, own) ?? { pieces, rest };
  }
  const [name = ''] = /^[A-Za-z_][\w.]*/.exec(text) ?? [];
  const called = argumentsOf(text.slice(name.length), /^\(/);
  const pieces = called && call(name, called.list, own);
  return pieces && { pieces, rest: called.rest };
}

const plain = (pieces: readonly Piece[]): string =>
  pieces.map((piece) => ('text' in piece ? piece.text : '')).join('');

function call(name: string, words: readonly string[], own: Own): readonly Piece[] | undefined {
  const { source, deep } = own;
  const first = evaluateIn(words[0] ?? "''", own);
  if (name === 'str') return first;
  if (name === 'socket.gethostname') return [{ is: 'hostname' }];
  if (name === 'os.getenv' || name === 'os.environ.get') {
    const otherwise = plain(evaluateIn(words[1] ?? "''", own) ?? []);
    return [{ is: 'env', name: plain(first ?? []), otherwise }];
  }
  const [, client = '', method] = /^(\w+)\.(\w+)$/.exec(name) ?? [];
  if (method === 'incr' && Object.hasOwn(source.clients, client)) {
    const counter = { key: plain(first ?? []), ...source.clients[client]! };
    return [{ is: 'count', counter }];
  }
  const at = source.lines.findIndex((line) => new RegExp(`^def ${name}\\(`).test(line));
  if (at === -1 || deep >= CALLS_DEEP) return undefined;
  return returned(source, bodyAfter(source.lines, at), deep + 1);
}

/** The words between brackets, cut at the commas between them. */
function argumentsOf(
  text: string,
  opening: RegExp,
): { readonly list: readonly string[]; readonly rest: string } | undefined {
  const start = opening.exec(text)?.[0].length;
  if (start === undefined) return undefined;
  const list: string[] = [];
  let depth = 1;
  let quote = '';
  let from = start;
  for (let at = start; at < text.length; at++) {
    const letter = text[at]!;
    if (quote !== '') {
      if (letter === '\\') at += 1;
      else if (letter === quote) quote = '';
      continue;
    }
    if (letter === '"' || letter === "'") quote = letter;
    else if ('([{'.includes(letter)) depth += 1;
    else if (')]}'.includes(letter)) depth -= 1;
    if (depth === 0 || (depth === 1 && letter === ',')) {
      list.push(text.slice(from, at).trim());
      from = at + 1;
    }
    if (depth === 0) return { list: list.filter((one) => one !== ''), rest: text.slice(at + 1) };
  }
  return undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };
const unescaped = (text: string): string =>
  text.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter);
