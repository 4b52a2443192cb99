import { describe, expect, test } from 'vitest';
import { countPlaywright, countVitest, judgeCounts } from './counts.ts';

describe('Vitest', () => {
  const report = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 };

  test('a file that does not load is a failure', () => {
    const testResults = [
      { status: 'passed', assertionResults: [{}] },
      { status: 'failed', assertionResults: [{}] },
      { status: 'failed', assertionResults: [] },
    ];
    const counted = countVitest({ ...report, testResults });
    expect(counted).toEqual({ passed: 3, failed: 2, skipped: 3 });
  });
});

describe('Playwright', () => {
  test('a test that passed on another try, and an error outside tests, are failures', () => {
    const stats = { expected: 5, unexpected: 1, flaky: 1, skipped: 2 };
    expect(countPlaywright({ stats, errors: [{}] })).toEqual({ passed: 5, failed: 3, skipped: 2 });
  });
});

describe('a step', () => {
  test('that ran nothing has failed', () => {
    const none = { passed: 0, failed: 0, skipped: 4 };
    expect(judgeCounts(none, true)).toEqual({ passed: 0, failed: 1, skipped: 4 });
  });

  test('that left no report has failed', () => {
    expect(judgeCounts(undefined, true)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  test('that ended badly though its tests passed has failed', () => {
    const all = { passed: 7, failed: 0, skipped: 0 };
    expect(judgeCounts(all, false)).toEqual({ passed: 7, failed: 1, skipped: 0 });
    expect(judgeCounts(all, true)).toEqual(all);
  });
});
