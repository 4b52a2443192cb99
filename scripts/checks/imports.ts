/** `npm run imports`: holds every import of the project to the table of rooms. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readImportGraph } from '../../src/build/imports/import-graph.ts';
import { judgeImports, type Violation } from '../../src/build/imports/import-rules.ts';

function lineOf(root: string, { file, specifier }: Violation): number {
  if (specifier === '') return 1;
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const plain = specifier.replace(/^node:/, '');
  const at = lines.findIndex((line) => /['"]/.test(line) && line.includes(plain));
  return at === -1 ? 1 : at + 1;
}

const root = process.cwd();
const graph = await readImportGraph(root);
const violations = judgeImports(graph);
for (const violation of violations) {
  const place = `${violation.file}:${String(lineOf(root, violation))}`;
  process.stdout.write(`${place}  [${violation.rule}]  ${violation.message}\n`);
}
const [files, edges] = [graph.files.length, graph.edges.length];
process.stdout.write(`${String(files)} files, ${String(edges)} imports read, `);
process.stdout.write(`${String(violations.length)} against the rules.\n`);
if (violations.length > 0) process.exitCode = 1;
