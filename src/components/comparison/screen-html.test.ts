import { expect, test } from 'vitest';
import { screenHtml } from './screen-html.ts';

const sign = (sentences: readonly number[]) => sentences.join(' ');

test('a command, its further lines and what it printed', () => {
  const lines = [
    { text: 'a  <b>', proves: [] },
    { text: '', proves: [] },
    { text: 'web & db', proves: [1, 2] },
  ];
  expect(screenHtml('echo "\nx"', lines, sign).split('\n')).toEqual([
    '<span class="line typed"><span class="prompt">$ </span>echo "</span>',
    '<span class="line typed"><span class="prompt">&gt; </span>x"</span>',
    'a  &lt;b&gt;',
    '',
    '<mark data-says="1 2">web &amp; db</mark>',
  ]);
});

test('lines without a command', () => {
  expect(screenHtml(undefined, [{ text: 'x', proves: [] }], sign)).toBe('x');
});
