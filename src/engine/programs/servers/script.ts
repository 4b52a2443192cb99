import type { ProcessContext, ProcessPlan } from '../program.ts';
import { appPlan } from './app.ts';
import { ends, textIn } from './plans.ts';

/**
 * A file of code that a runtime is given: an application that listens (app.ts), or a few lines that
 * print something and end.
 *
 * Simplified: only texts printed as they stand are seen; nothing is computed.
 */
const SERVES =
  /drydock:|\blisten\s*\(|createServer|express|fastify|koa|\bserve|Flask|FastAPI|Django|aiohttp|tornado|\bport\b|\bPORT\b|runserver|uvicorn|socket|while\s*\(?\s*[Tt]rue|while 1|setInterval|run_forever|\binput\(/;

const PRINTS: Readonly<Record<'node' | 'python', RegExp>> = {
  node: /^\s*console\.(?:log|info)\(\s*(['"`])((?:(?!\1)[^\\$\n]|\\.)*)\1\s*\)\s*;?\s*$/gm,
  python: /^print\(\s*(['"])((?:(?!\1)[^\\\n]|\\.)*)\1\s*\)\s*$/gm,
};
const PRINTS_LIMIT = 200;

export function scriptPlan(
  context: ProcessContext,
  path: string,
  language: keyof typeof PRINTS,
): ProcessPlan {
  const text = textIn(context, path) ?? '';
  if (SERVES.test(text)) return appPlan(context, path);
  const prints = [...text.matchAll(PRINTS[language])].slice(0, PRINTS_LIMIT);
  if (prints.length === 0) return appPlan(context, path);
  return ends(prints.map(([, , said = '']) => said.replace(/\\n/g, '\n').replace(/\\(.)/g, '$1')));
}
