/**
 * Every check of the project: `npm test`, once set-up is done. With names of steps as arguments,
 * those steps only.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStep, type StepResult } from './run-step.ts';
import { BUILD_STEP, STEPS, type Step } from './steps.ts';

function say(text: string): void {
  process.stdout.write(text);
}

function failure(output: string): StepResult {
  return { counts: { passed: 0, failed: 1, skipped: 0 }, output };
}

function chosenSteps(names: readonly string[]): readonly Step[] {
  const unknown = names.filter((name) => !STEPS.some((step) => step.script === name));
  if (unknown.length > 0) {
    const known = STEPS.map((step) => step.script).join(', ');
    throw new Error(`No step is called ${unknown.join(', ')}. The steps are: ${known}.`);
  }
  return names.length === 0 ? STEPS : STEPS.filter((step) => names.includes(step.script));
}

function describe({ counts }: StepResult, step: Step): string {
  if (step.counts === 'one') return counts.failed === 0 ? 'passed' : 'FAILED';
  const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
  const word = counts.failed === 0 ? 'failed' : 'FAILED';
  return `${counts.passed} passed, ${counts.failed} ${word}${skipped}`;
}

/** Steps that look at sources only, on one processor each, are run so many at a time. */
const TOGETHER = Math.min(2, availableParallelism());

/** Runs steps in their order, `together` of them at a time; each is told of when it has ended. */
async function runTogether(
  steps: readonly Step[],
  together: number,
  run: (step: Step) => Promise<void>,
): Promise<void> {
  const waiting = [...steps];
  const hand = async () => {
    for (let step = waiting.shift(); step; step = waiting.shift()) await run(step);
  };
  await Promise.all(Array.from({ length: together }, hand));
}

async function runSteps(steps: readonly Step[], reports: string): Promise<[number, number]> {
  const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
  let [passed, failed, buildFailed] = [0, 0, false];
  const run = async (step: Step): Promise<void> => {
    const label = `[${steps.indexOf(step) + 1}/${steps.length}] ${step.script}`;
    const start = performance.now();
    let result: StepResult;
    if (!(step.script in manifest.scripts)) {
      result = failure(`package.json has no script ${step.script}.\n`);
    } else if (step.needsBuild && buildFailed) {
      result = failure('Not run: the site was not built.\n');
    } else {
      result = await runStep(step, reports);
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    say(`${label.padEnd(26)} ${describe(result, step)}  (${seconds} s)\n`);
    passed += result.counts.passed;
    failed += result.counts.failed;
    if (result.counts.failed === 0) return;
    if (step.script === BUILD_STEP) buildFailed = true;
    say(`${result.output.trimEnd()}\n-- to run this step alone: npm run ${step.script}\n\n`);
  };
  const checks = steps.filter(({ script, counts }) => counts === 'one' && script !== BUILD_STEP);
  await runTogether(checks, TOGETHER, run);
  await runTogether(
    steps.filter((step) => !checks.includes(step)),
    1,
    run,
  );
  return [passed, failed];
}

const reports = mkdtempSync(join(tmpdir(), 'drydock-'));
try {
  const [passed, failed] = await runSteps(chosenSteps(process.argv.slice(2)), reports);
  say(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(reports, { recursive: true });
}
