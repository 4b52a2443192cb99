import { expect, it } from 'vitest';
import { milliValue, parseQuantity, wholeValue } from './quantity.ts';

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
  for (const text of ['', '1 Gi', '0.1mi', '.', '1Mb']) expect(parseQuantity(text)).toBeUndefined();
});

it('rounds up, and keeps powers of two within 64 bits', () => {
  expect(milliValue('0.0001')).toBe(1);
  expect(wholeValue('1500m')).toBe(2);
  expect(parseQuantity('9Ei')).toBe(2 ** 63);
});
