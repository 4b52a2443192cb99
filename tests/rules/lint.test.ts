/**
 * The bans that keep a run exact, each proved by a planted fault: the project's own ESLint
 * configuration is asked about a file of the engine, so a wrong glob in it shows here too.
 */
import { ESLint, Linter } from 'eslint';
import ts from 'typescript-eslint';
import { beforeAll, describe, expect, test } from 'vitest';
import { EXACT_RUN_RULES } from '../../scripts/lint/exact-run-bans.ts';

const RULES = Object.keys(EXACT_RUN_RULES);

type Rules = Record<string, Linter.RuleEntry>;

/** The rules that the project's configuration gives to a file. */
async function rulesFor(file: string): Promise<Rules> {
  const config = (await new ESLint().calculateConfigForFile(file)) as { rules: Rules };
  const wanted = Object.entries(config.rules).filter(([name]) => RULES.includes(name));
  return Object.fromEntries(wanted);
}

function lint(rules: Rules, text: string): string[] {
  const parser = ts.parser as Linter.Parser;
  const messages = new Linter().verify(text, [{ languageOptions: { parser }, rules }]);
  return messages.map((message) => message.ruleId ?? message.message);
}

const BANNED: [string, string][] = [
  ['no-restricted-globals', 'export const t = Date.now();'],
  ['no-restricted-globals', 'export const t = new Date(0);'],
  ['no-restricted-globals', 'export const t = performance.now();'],
  ['no-restricted-globals', 'setTimeout(() => {}, 1);'],
  ['no-restricted-globals', 'setInterval(() => {}, 1);'],
  ['no-restricted-globals', 'queueMicrotask(() => {});'],
  ['no-restricted-globals', 'requestAnimationFrame(() => {});'],
  ['no-restricted-globals', 'crypto.getRandomValues(new Uint8Array(1));'],
  ['no-restricted-globals', "export const a = fetch('/a');"],
  ['no-restricted-globals', "console.log('a');"],
  ['no-restricted-globals', 'export const e = process.env;'],
  ['no-restricted-globals', "export const b = Buffer.from('a');"],
  ['no-restricted-globals', "export const f = new Intl.NumberFormat('ko');"],
  ['no-restricted-globals', 'document.title;'],
  ['no-restricted-globals', 'window.name;'],
  ['no-restricted-properties', 'export const r = Math.random();'],
  ['no-restricted-properties', 'export const { random } = Math;'],
  ['no-restricted-properties', 'export const r = Math.log(2);'],
  ['no-restricted-properties', 'export const r = Math.exp(2);'],
  ['no-restricted-properties', 'export const r = Math.pow(2, 0.5);'],
  ['no-restricted-properties', 'export const r = Math.sin(2);'],
  ['no-restricted-properties', "export const o = 'a'.localeCompare('b');"],
  ['no-restricted-properties', 'export const o = (1).toLocaleString();'],
  ['no-restricted-syntax', 'for (const key in {}) key;'],
  ['no-restricted-syntax', 'export const p = (a, b) => a ** b;'],
  ['no-restricted-syntax', 'export const d = globalThis.Date;'],
];

describe('in the engine and in the scenarios', () => {
  let engine: Rules;
  let scenario: Rules;
  beforeAll(async () => {
    engine = await rulesFor('src/engine/sim/planted.ts');
    scenario = await rulesFor('src/scenarios/delivery/planted/scenario.ts');
  });

  test.each(BANNED)('%s forbids %s', (rule, text) => {
    expect(lint(engine, text)).toEqual([rule]);
    expect(lint(scenario, text)).toEqual([rule]);
  });

  test('exact code passes', () => {
    const text = 'export const a = (xs) => [...xs].sort((x, y) => x - y).map((x) => x * 2 ** 8);';
    expect(lint(engine, text)).toEqual([]);
    expect(lint(engine, 'const document = { text: 1 }; export const t = document.text;')).toEqual(
      [],
    );
  });
});

test('sorting without a comparison is an error wherever types are checked', async () => {
  const config = (await new ESLint().calculateConfigForFile('src/engine/sim/planted.ts')) as {
    rules: Rules;
  };
  expect(config.rules['@typescript-eslint/require-array-sort-compare']).toMatchObject([2]);
});

describe('in the figures', () => {
  test('only the file that attaches them knows the page', async () => {
    const text = 'export const node = document.body;';
    expect(lint(await rulesFor('src/diagram/planted.ts'), text)).toEqual(['no-restricted-globals']);
    expect(lint(await rulesFor('src/diagram/attach.ts'), text)).toEqual([]);
  });
});

test('pages, islands and tests may use the clock', async () => {
  for (const file of ['src/islands/planted.ts', 'src/engine/sim/planted.test.ts']) {
    expect(lint(await rulesFor(file), 'export const t = Date.now();'), file).toEqual([]);
  }
});
