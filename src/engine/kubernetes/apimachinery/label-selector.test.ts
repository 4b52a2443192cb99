import { expect, it } from 'vitest';
import { formatSelector, parseSelector, selectorMatches } from './label-selector.ts';

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
