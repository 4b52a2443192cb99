import { expect, test } from 'vitest';
import { pathHtml, shownValue, splitPath } from './shown-value.ts';

test('a value is shown as it would be written', () => {
  expect(shownValue('10s')).toBe('10s');
  expect(shownValue('Welcome\n')).toBe('Welcome');
  expect(shownValue(3)).toBe('3');
  expect(shownValue(['a', 'b'])).toBe('[a, b]');
  expect(shownValue([{ a: 1 }, { b: 2 }])).toBe('- a: 1\n- b: 2');
  expect(shownValue({ build: './api' })).toBe('build: ./api');
});

test('what is empty or fills the table is not', () => {
  expect(shownValue({})).toBeUndefined();
  expect(shownValue(null)).toBeUndefined();
  expect(shownValue({ a: 1, b: 2, c: 3, d: 4, e: 5 })).toBeDefined();
  expect(shownValue({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 })).toBeUndefined();
});

test('a path may begin with its object', () => {
  expect(splitPath('services.api.image')).toEqual({ path: 'services.api.image' });
  expect(splitPath('Deployment/api spec.replicas')).toEqual({
    object: 'Deployment/api',
    path: 'spec.replicas',
  });
});

test('a path may break after its dots', () => {
  expect(pathHtml('spec.containers[name=a.b].<image>')).toBe(
    'spec.<wbr>containers[name=a.<wbr>b].<wbr>&lt;image&gt;',
  );
});
