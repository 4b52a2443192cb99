import { expect, test } from 'vitest';
import { playerStrings } from '../../i18n/player.ts';
import { clockText, skippedText } from './clock-text.ts';

test('the clock shows hours, minutes, seconds and tenths', () => {
  expect(clockText(0)).toBe('00:00:00.0');
  expect(clockText(83_499)).toBe('00:01:23.4');
  expect(clockText(3_600_000 * 11 + 59_999)).toBe('11:00:59.9');
  expect(clockText(-5)).toBe('00:00:00.0');
});

test('time that was left out is told in the language of the page', () => {
  expect(skippedText(999, playerStrings.en)).toBe('');
  expect(skippedText(12_400, playerStrings.en)).toBe('+12 s skipped');
  expect(skippedText(125_000, playerStrings.ko)).toBe('+2분 5초 건너뜀');
});
