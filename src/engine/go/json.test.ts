import { describe, expect, it } from 'vitest';
import { parseJson, readJson } from './json.ts';

const nested = (open: string, close: string, depth: number): string =>
  open.repeat(depth) + close.repeat(depth);

describe('JSON', () => {
  it.each([
    '{"a": [1, -2.5e3, "x\\u00e9\\n", {}, [], [[{"b": null}]]], "c": {"a": true, "d": false}}',
    ' [ ] ',
    '"text"',
    '{"a": 1, "a": 2}',
    '{"__proto__": 1}',
  ])('%s', (text) => {
    expect(parseJson(text)).toEqual({ value: JSON.parse(text) as unknown });
  });

  it.each([
    ['{"a": 1,}', "invalid character '}' looking for beginning of object key string", 9],
    ['{"a" 1}', "invalid character '1' after object key", 6],
    ['{"a": 1 "b"}', "invalid character '\"' after object key:value pair", 9],
    ['[1 2]', "invalid character '2' after array element", 4],
    ['[1,]', "invalid character ']' looking for beginning of value", 4],
    ['[1]]', "invalid character ']' after top-level value", 4],
    ['[[1, {"a": ', 'unexpected end of JSON input', -1],
  ])('%s: %s', (text, refused, offset) => {
    expect(parseJson(text)).toEqual({ refused, offset });
  });

  it('is read ten thousand deep, however small the stack', () => {
    const [text, more] = [nested('{"a":[', ']}', 5000), nested('[', ']', 10_001)];
    const deep = (frames: number): unknown => (frames > 0 ? deep(frames - 1) : parseJson(text));
    expect(deep(3000)).toHaveProperty('value');
    expect(parseJson(more)).toEqual({ refused: 'exceeded max depth', offset: 10_001 });
    expect(readJson(`1 ${nested('[', ']', 10_000)} 2`, 1)).toMatchObject({ end: 20_002 });
  });
});
