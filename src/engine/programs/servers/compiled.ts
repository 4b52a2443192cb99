import type { HttpRequest } from '../../net/http.ts';
import { MARK } from '../compiled-mark.ts';
import type { Client, ProcessContext, ProgramModel } from '../program.ts';
import { appAnswer, appPlan } from './app.ts';
import { ends, textIn } from './plans.ts';

/**
 * A program that `go build` or `cargo build` made: its file remembers what its sources do, as far as
 * these few lines can tell. One that listens is an application (app.ts); any other prints the texts
 * that it names, and ends.
 *
 * Simplified: code is not compiled or executed; formats, variables and conditions are not seen.
 */
export interface Compiled {
  /** The port it listens on by itself. */
  readonly port?: number;
  readonly prints: readonly string[];
}

const LISTENS = [
  // net/http, gin, echo, chi, fiber
  /\b(?:ListenAndServe|Run|Start|Listen)\w*\(\s*"[^":]*:(\d{2,5})"/,
  // actix-web, axum, std::net
  /\bbind\(\s*\(?\s*"[^":]*(?::(\d{2,5})"|"\s*,\s*(\d{2,5}))/,
  /SocketAddr::from\(\(\[[^\]]*\],\s*(\d{2,5})/,
];
const PRINTS = /\b(?:fmt\.Print(?:ln|f)?|println!?|print!)\(\s*"((?:[^"\\]|\\.)*)"/g;
const PRINTS_LIMIT = 100;

/** What a program does by its sources. */
export function compiledFrom(source: string): Compiled {
  for (const pattern of LISTENS) {
    const found = pattern.exec(source);
    if (found) return { port: Number(found[1] ?? found[2]), prints: [] };
  }
  const served = /\bListenAndServe(?:TLS)?\(|axum::serve|HttpServer::new/.test(source);
  if (served) return { port: 8080, prints: [] };
  const prints = [...source.matchAll(PRINTS)].slice(0, PRINTS_LIMIT);
  return { prints: prints.map(([, text = '']) => text.replace(/\\n$/, '')) };
}

/** What the file of such a program is made of. */
export const compiledSeed = (name: string, what: Compiled): string =>
  `${MARK}${JSON.stringify(what)} ${name}`;

function read(context: ProcessContext): Compiled {
  const { cwd = '/', argv } = context;
  const word = argv[0] ?? '';
  const at = word.startsWith('/') ? word : `${cwd === '/' ? '' : cwd}/${word.replace(/^\.\//, '')}`;
  const path = (context.env.PATH ?? '').split(':');
  const places = word.includes('/') ? [at] : path.map((directory) => `${directory}/${word}`);
  for (const place of places) {
    const text = textIn(context, place);
    const from = text?.indexOf(MARK) ?? -1;
    if (text === undefined || from === -1) continue;
    const [, json = '{"prints":[]}'] = /^(\{.*\}) /.exec(text.slice(from + MARK.length)) ?? [];
    return JSON.parse(json) as Compiled;
  }
  return { prints: [] };
}

/** The port of the sources, unless the environment names another. */
function settled(context: ProcessContext, { port }: Compiled): ProcessContext {
  return { ...context, env: { PORT: String(port ?? 8080), ...context.env } };
}

export const compiled: ProgramModel = {
  usesHostname: true,
  plan(context) {
    const own = read(context);
    return own.port === undefined ? ends([...own.prints]) : appPlan(settled(context, own));
  },
  serve(context, request: HttpRequest, client: Client) {
    const own = read(context);
    return own.port === undefined ? undefined : appAnswer(settled(context, own), request, client);
  },
};
