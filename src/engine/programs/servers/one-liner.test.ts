import { describe, expect, it } from 'vitest';
import type { ProcessContext, ProcessPlan } from '../program.ts';
import { NODE, oneLiner, PYTHON } from './one-liner.ts';

const context: ProcessContext = {
  argv: [],
  env: { NAME: 'bob', PYTHON_VERSION: '3.14.2', NODE_VERSION: '25.2.1' },
  hostname: 'box',
  files: { read: () => undefined, kind: () => undefined, list: () => [] },
  cwd: '/app',
};

const said = ({ steps }: ProcessPlan) =>
  steps.flatMap((step) => (step.do === 'log' ? [step.text] : []));
const exit = ({ steps }: ProcessPlan) => {
  const last = steps.at(-1);
  return last?.do === 'exit' ? { code: last.code, afterMs: last.afterMs } : undefined;
};

describe('python -c', () => {
  it.each([
    ['print(1+1)', ['2']],
    ['print("a", 2*3, 7//2, 7/2, 2**10, "x" + "y")', ['a 6 3 3.5 1024 xy']],
    ["import os; print(os.environ['NAME'])", ['bob']],
    ['print(os.getenv("NO"), os.environ.get("NO", "none"))', ['None none']],
    ['import socket, os\nprint(socket.gethostname(), os.getcwd())', ['box /app']],
    ['print("a;b", flush=True); print()', ['a;b', '']],
    ['# nothing', []],
  ])('%s', (code, lines) => {
    const plan = oneLiner(PYTHON, code, context);
    expect(said(plan)).toEqual(lines);
    expect(exit(plan)?.code).toBe(0);
  });

  it('sleeps and leaves as it is told', () => {
    const plan = oneLiner(PYTHON, 'import time, sys\ntime.sleep(1.5)\nsys.exit(3)', context);
    expect(exit(plan)).toEqual({ code: 3, afterMs: 1531 });
  });

  it.each(['print([i for i in x])', 'print("a" + 1)', 'print(1/0)', 'x = 1', 'print(2**2000)'])(
    'says of %s that it is not computed',
    (code) => {
      expect(said(oneLiner(PYTHON, code, context))).toEqual([
        'python: a model: this code is not computed',
      ]);
    },
  );

  it('ends for nested and endless code', () => {
    const deep = `print(${'('.repeat(5_000)}1${')'.repeat(5_000)})`;
    expect(said(oneLiner(PYTHON, deep, context))[0]).toContain('not computed');
    const many = oneLiner(PYTHON, 'print(1)\n'.repeat(100_000), context);
    expect(said(many).length).toBeLessThanOrEqual(200);
  });
});

describe('node -e', () => {
  it.each([
    ['console.log("a" + 1, 6*7)', ['a1 42']],
    [
      "console.log(process.env.NAME, process.env['NO'], process.version)",
      ['bob undefined v25.2.1'],
    ],
    ["const os = require('os'); console.log(os.hostname(), process.cwd())", ['box /app']],
  ])('%s', (code, lines) => {
    expect(said(oneLiner(NODE, code, context))).toEqual(lines);
  });

  it('leaves with the code it is given', () => {
    expect(exit(oneLiner(NODE, 'process.exit(4)', context))?.code).toBe(4);
  });
});
