import { expect, test } from 'vitest';
import { namedVariables } from './variables.ts';

/** Cases of compose-go v2.13 `template/template_test.go` TestExtractVariables, restated. */
const named = (text: string): Record<string, [string, string, boolean]> =>
  Object.fromEntries(
    namedVariables({ foo: [text] }).map(({ name, defaultValue, presenceValue, required }) => [
      name,
      [defaultValue, presenceValue, required],
    ]),
  );

test.each([
  ['bar', {}],
  ['$bar', { bar: ['', '', false] }],
  ['${bar}', { bar: ['', '', false] }],
  ['${bar?:foo}', { bar: ['', '', true] }],
  ['${bar:-foo}', { bar: ['foo', '', false] }],
  ['${bar:+foo}', { bar: ['', 'foo', false] }],
  ['$$bar', {}],
  [
    '${BAR:-${OTHER:-x}}/$LAST',
    {
      BAR: ['${OTHER:-x}', '', false],
      LAST: ['', '', false],
      OTHER: ['x', '', false],
    },
  ],
])('%s', (text, expected) => {
  expect(named(text)).toEqual(expected);
});
