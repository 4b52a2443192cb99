import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { writeYamlText } from './yaml-text.ts';

test.each([
  ['plain', 'plain'],
  ['8080', '"8080"'],
  ['yes', '"yes"'],
  ['12:30', '"12:30"'],
  ['', '""'],
  ['a: b', "'a: b'"],
  ['it\'s: "b"', `'it''s: "b"'`],
  ['# no', "'# no'"],
  ['tab\there', '"tab\\there"'],
  ['2020-01-01', '"2020-01-01"'],
  ['null', '"null"'],
  ['0x1f', '"0x1f"'],
])('%j is written %s', (value, text) => {
  expect(writeYamlText({ key: value })).toBe(`key: ${text}\n`);
  expect(parse(writeYamlText({ key: value }))).toEqual({ key: value });
});

test('lists stand within their key, and literals keep their lines', () => {
  const value = {
    list: [{ a: 1, b: [true, null] }, 'two', [], {}],
    text: 'one\n\ntwo\n',
    open: 'one\ntwo',
  };
  expect(writeYamlText(value)).toBe(
    [
      'list:',
      '  - a: 1',
      '    b:',
      '      - true',
      '      - null',
      '  - two',
      '  - []',
      '  - {}',
      'text: |',
      '  one',
      '',
      '  two',
      'open: |-',
      '  one',
      '  two',
      '',
    ].join('\n'),
  );
  expect(parse(writeYamlText(value))).toEqual(value);
});
