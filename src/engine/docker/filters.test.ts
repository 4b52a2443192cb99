import { describe, expect, it } from 'vitest';
import { readFilters, type Filters } from './filters.ts';

function filters(value: object): Filters {
  const read = readFilters(JSON.stringify(value));
  if (!read.ok) throw new Error(read.message);
  return read.filters;
}

describe('filters', () => {
  it('are read in both forms, and refused in any other', () => {
    expect(filters({ label: { a: true } }).get('label')).toEqual(['a']);
    expect(filters({ label: ['a', 'b'] }).get('label')).toEqual(['a', 'b']);
    for (const text of ['{', '[]', '1', '{"a":1}']) {
      expect(readFilters(text)).toEqual({ ok: false, message: 'invalid filter' });
    }
    const empty = readFilters(undefined);
    expect(empty.ok && empty.filters.isEmpty).toBe(true);
  });

  it('compare exactly, by beginning, by pattern and by pair', () => {
    const some = filters({ name: ['^web'], id: ['ab'], label: ['a=1', 'b'] });
    expect(some.match('name', 'web-1')).toBe(true);
    expect(some.match('name', 'my-web')).toBe(false);
    expect(some.exact('id', 'abc')).toBe(false);
    expect(some.fuzzy('id', 'abc')).toBe(true);
    expect(some.pairs('label', { a: '1', b: '' })).toBe(true);
    expect(some.pairs('label', { a: '2', b: '' })).toBe(false);
    expect(some.problem(['name', 'id'])).toBe("invalid filter 'label'");
  });

  it('take no pattern whose search could last for ever', () => {
    const evil = filters({ name: ['(a+)+$'] });
    expect(evil.match('name', `${'a'.repeat(100)}!`)).toBe(false);
    expect(filters({ name: ['['] }).match('name', 'a[b')).toBe(true);
  });

  it('read switches', () => {
    expect(filters({ 'is-task': ['true'] }).flag('is-task')).toEqual({ value: true });
    expect(filters({}).flag('is-task')).toEqual({ value: undefined });
    expect(filters({ 'is-task': ['x'] }).flag('is-task')).toEqual({
      message: "invalid filter 'is-task=[x]'",
    });
  });
});
