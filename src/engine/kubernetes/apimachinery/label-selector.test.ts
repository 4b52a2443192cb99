import { expect, it } from 'vitest';
import { fieldSelectorText, readFieldSelector } from './field-selector.ts';
import { formatSelector, parseSelector, selectorMatches } from './label-selector.ts';
import { readSelector } from './selector-syntax.ts';

const matches = (text: string, labels: Record<string, string>): boolean =>
  selectorMatches(parseSelector(text), labels);

it('a selector on a command line chooses by value, presence and number', () => {
  expect(matches('app=web,tier!=db', { app: 'web' })).toBe(true);
  expect(matches('app=web,tier!=db', { app: 'web', tier: 'db' })).toBe(false);
  expect(matches('app in (web, api),!old', { app: 'api' })).toBe(true);
  expect(matches('app notin (web)', {})).toBe(true);
  expect(matches('cores>4', { cores: '8' })).toBe(true);
  expect(matches('cores>4', { cores: '4' })).toBe(false);
  expect(matches('cores<4', { cores: 'many' })).toBe(false);
  expect(matches('cores<4', {})).toBe(false);
});

it('what is no selector is none', () => {
  for (const text of ['a=b=c', 'x in a', 'x>y', '=a']) expect(parseSelector(text)).toBeUndefined();
});

it('is printed in order', () => {
  const matchExpressions = [
    { key: 'tier', operator: 'In' as const, values: ['web', 'api', 'web'] },
  ];
  expect(formatSelector({ matchLabels: { app: 'x' }, matchExpressions })).toBe(
    'app=x,tier in (api,web,web)',
  );
  expect(formatSelector(parseSelector('cores>4'))).toBe('cores>4');
});

it('says what is wrong with a selector', () => {
  const rows: [string, string][] = [
    ['a=b=c', "found '=', expected: ',' or 'end of string'"],
    ['x in a', "unable to parse requirement: found 'a' expected: '('"],
    ['app=a b', "found 'b', expected: ',' or 'end of string'"],
    ['x,,y', "found ',', expected: identifier after ','"],
    ['(', "found '(', expected: !, identifier, or 'end of string'"],
    ['x y', "unable to parse requirement: found 'y', expected: in, notin, =, ==, !=, gt, lt"],
  ];
  for (const [text, error] of rows) expect(readSelector(text)).toEqual({ error });
  expect(readSelector('x>y')).toEqual({
    error:
      'unable to parse requirement: values[0]: Invalid value: "y": ' +
      "for 'Gt', 'Lt' operators, the value must be an integer",
  });
});

it('reads what a field is to be', () => {
  expect(readFieldSelector('status.phase!=Running,spec.nodeName=node-1')).toEqual([
    { field: 'spec.nodeName', operator: '=', value: 'node-1' },
    { field: 'status.phase', operator: '!=', value: 'Running' },
  ]);
  expect(readFieldSelector('phase')).toEqual({
    error: "invalid selector: 'phase'; can't understand 'phase'",
  });
  expect(fieldSelectorText(readFieldSelector('a=b\\,c') as [])).toBe('a=b\\,c');
});
