/**
 * `npm run -s conformance -- PATH… [--json]`: runs tables of upstream facts against the engine. A
 * line per area, the rows that failed, then `N passed, M failed`. Tests that prove a row by hand
 * (tests/conformance/AREA/) are run when an area has any.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { judge, loadAdapter, readTables, type Judgement } from '../tests/conformance/judge.ts';

const root = join(import.meta.dirname, '..');

interface AreaReport {
  readonly area: string;
  readonly judgements: readonly Judgement[];
}

interface VitestReport {
  testResults: { assertionResults: { title: string; status: string }[] }[];
}

/** Titles of an area's own tests that pass now. */
function provenByHand(area: string): Set<string> {
  const folder = `tests/conformance/${area}`;
  if (!existsSync(join(root, folder))) return new Set();
  const reports = mkdtempSync(join(tmpdir(), 'conformance-'));
  const file = join(reports, 'report.json');
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = ['run', '--project', 'unit', folder, '--reporter=json', `--outputFile=${file}`];
  spawnSync(process.execPath, [vitest, ...args], { cwd: root, stdio: 'ignore' });
  const report = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as VitestReport)
    : { testResults: [] };
  rmSync(reports, { recursive: true });
  const results = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  return new Set(results.filter(({ status }) => status === 'passed').map(({ title }) => title));
}

async function reportOf(path: string): Promise<AreaReport[]> {
  const reports: AreaReport[] = [];
  for (const table of readTables(path)) {
    const adapter = await loadAdapter(table.area);
    const judgements = judge(table, adapter, provenByHand(table.area));
    reports.push({ area: table.area, judgements });
  }
  return reports;
}

const isFailed = ({ outcome }: Judgement): boolean => outcome === 'failed';

function describe({ area, judgements }: AreaReport): string {
  const failed = judgements.filter(isFailed);
  const byHand = judgements.filter(({ outcome }) => outcome === 'by hand').length;
  const outdated = judgements.filter((one) => one.outcome === 'outdated');
  const passed = judgements.length - failed.length - outdated.length;
  const notes = [
    ...(byHand > 0 ? [`${byHand} by hand`] : []),
    ...(outdated.length > 0 ? [`${outdated.length} out of date`] : []),
  ];
  const note = notes.length > 0 ? ` (${notes.join(', ')})` : '';
  const lines = [`${area}: ${passed} passed, ${failed.length} failed${note}`];
  for (const one of judgements) {
    if (one.outcome === 'failed') lines.push(`  ${one.row.id}: ${one.why.slice(0, 400)}`);
    if (one.outcome === 'outdated') lines.push(`  ${one.row.id}: out of date, ${one.evidence}`);
  }
  return lines.join('\n');
}

async function main(words: readonly string[]): Promise<number> {
  const json = words.includes('--json');
  const paths = words.filter((word) => !word.startsWith('--'));
  const missing = paths.filter((path) => !existsSync(path));
  if (paths.length === 0 || missing.length > 0) {
    for (const path of missing) console.error(`There is no ${path}.`);
    console.error('Name tables or folders of them: npm run -s conformance -- PATH… [--json]');
    return 2;
  }
  const reports = (await Promise.all(paths.map((path) => reportOf(resolve(path))))).flat();
  let [passed, failed] = [0, 0];
  for (const report of reports) {
    const bad = report.judgements.filter(isFailed);
    const left = report.judgements.filter(({ outcome }) => outcome === 'outdated').length;
    failed += bad.length;
    passed += report.judgements.length - bad.length - left;
    console.log(json ? JSON.stringify(summary(report)) : describe(report));
  }
  if (!json) console.log(`${passed} passed, ${failed} failed`);
  else console.log(JSON.stringify({ passed, failed }));
  return failed > 0 || passed === 0 ? 1 : 0;
}

function summary({ area, judgements }: AreaReport): object {
  const failed = judgements.filter(isFailed).map(({ row }) => row.id);
  const outdated = judgements
    .filter(({ outcome }) => outcome === 'outdated')
    .map(({ row }) => row.id);
  return { area, passed: judgements.length - failed.length - outdated.length, failed, outdated };
}

process.exitCode = await main(process.argv.slice(2));
