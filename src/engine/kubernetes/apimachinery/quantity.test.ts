import { expect, it } from 'vitest';
import {
  addQuantities,
  canonicalQuantity,
  decimalText,
  formatQuantity,
  milliValue,
  parseQuantity,
  quantityOf,
  wholeValue,
} from './quantity.ts';

it('reads amounts with suffixes of tens and of twos', () => {
  const rows: [string, number][] = [
    ['100m', 0.1],
    ['1.5', 1.5],
    ['128Mi', 134_217_728],
    ['2G', 2_000_000_000],
    ['1e3', 1000],
    ['-1Ki', -1024],
    ['12E', 12e18],
  ];
  for (const [text, value] of rows) expect(parseQuantity(text)).toBe(value);
  for (const text of ['', '1 Gi', '0.1mi', '1.1.M', '1Mb', 'Ei', '1e', 'constructor'])
    expect(parseQuantity(text)).toBeUndefined();
});

it('rounds up, and keeps powers of two within 64 bits', () => {
  expect(milliValue('0.0001')).toBe(1);
  expect(wholeValue('1500m')).toBe(2);
  expect(parseQuantity('9Ei')).toBe(2 ** 63);
});

it('keeps a text that is as good as canonical, and shortens others', () => {
  const rows: [string | number, string][] = [
    ['1.123', '1.123'],
    ['1500m', '1500m'],
    [0.5, '500m'],
    ['1024Mi', '1Gi'],
    ['1000m', '1'],
    ['0.5Gi', '512Mi'],
    ['1e3', '1e3'],
    ['0', '0'],
  ];
  for (const [text, canonical] of rows) expect(canonicalQuantity(text)).toBe(canonical);
  expect(canonicalQuantity('many')).toBeUndefined();
});

it('adds exactly, in the form of the first that is not zero', () => {
  const sum = ['0', '100m', '250m', '1Gi'].map((text) => quantityOf(text)!).reduce(addQuantities);
  expect(decimalText(sum)).toBe('1073741824.35');
  expect(formatQuantity([quantityOf('0')!, quantityOf('1Gi')!].reduce(addQuantities))).toBe('1Gi');
});
