/**
 * `npm run -s search:eval -- FILE.jsonl [--json]`: asks the site's search the queries of FILE, one
 * JSON object a line ({"q", "lang", "want": [page ids]}), and tells how often it was right.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readQueries, runQueries, scoreOf } from '../src/build/search/evaluate.ts';
import { documentsFromSource } from '../src/build/search/from-source.ts';
import { buildIndexFiles, endIndexing } from '../src/build/search/index-files.ts';
import { locales } from '../src/i18n/locales.ts';
import { openSearch } from '../src/search/search.ts';

const root = join(import.meta.dirname, '..');

async function evaluate(file: string, json: boolean): Promise<void> {
  const queries = readQueries(readFileSync(file, 'utf8'), file);
  const files = await buildIndexFiles(root, documentsFromSource(root));
  await endIndexing();
  const load = (path: string) => {
    const content = files.get(path);
    return content ? Promise.resolve(content) : Promise.reject(new Error(`no file ${path}`));
  };
  const searches = { ko: await openSearch(load, 'ko'), en: await openSearch(load, 'en') };
  const outcomes = await runQueries(queries, searches);
  const scores = scoreOf(outcomes);
  if (json) {
    console.log(JSON.stringify(scores));
    return;
  }
  for (const { query, found, place } of outcomes) {
    if (place === 1) continue;
    const wanted = query.want.join(' or ');
    console.log(`${query.lang}  ${query.q}\n    wanted ${wanted}, place ${place ?? 'none'}`);
    console.log(`    found  ${found.slice(0, 3).join(', ') || 'nothing'}`);
  }
  for (const locale of locales) {
    const score = scores[locale];
    const shares = Object.entries({ ...score }).map(
      ([name, value]) => `${name} ${name === 'queries' ? value : value.toFixed(3)}`,
    );
    console.log(`${locale}: ${shares.join(', ')}`);
  }
}

const [file] = process.argv.slice(2).filter((one) => !one.startsWith('--'));
if (file === undefined) {
  console.error('Name a file of queries: npm run -s search:eval -- FILE.jsonl [--json]');
  process.exitCode = 2;
} else {
  await evaluate(file, process.argv.includes('--json'));
}
