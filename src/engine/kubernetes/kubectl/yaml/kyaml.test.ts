import { describe, expect, it } from 'vitest';
import { readDocument } from './document.ts';
import { writeKyaml } from './kyaml.ts';

describe('KYAML', () => {
  it('has braces, bare keys, quoted texts and commas behind everything', () => {
    const value = { kind: 'Pod', metadata: { labels: { 'a.b/c': 'x', no: 'y' } }, spec: {} };
    expect(writeKyaml(value)).toBe(
      '---\n{\n  kind: "Pod",\n  metadata: {\n    labels: {\n      a.b/c: "x",\n' +
        '      "no": "y",\n    },\n  },\n  spec: {},\n}\n',
    );
  });

  it('cuddles lists of objects, and gives each of other values a line', () => {
    const value = { ports: [{ port: 80 }, { port: 81 }], args: ['-c', 5, null, true], none: [] };
    expect(writeKyaml(value)).toBe(
      '---\n{\n  ports: [{\n    port: 80,\n  }, {\n    port: 81,\n  }],\n' +
        '  args: [\n    "-c",\n    5,\n    null,\n    true,\n  ],\n  none: [],\n}\n',
    );
  });

  it('folds a text of several lines', () => {
    expect(writeKyaml({ a: 'one\n  two\n' })).toBe(
      '---\n{\n  a: "\\\n     one\\n\\\n    \\  two\\n\\\n    ",\n}\n',
    );
  });

  it('can be read back as YAML', () => {
    const value = {
      '12': 'a "quoted" \\ text\twith tab',
      '1:30': 'x\n\n y\nz',
      true: '',
      korean: '안녕',
      deep: [{ list: [['a'], []] }, {}],
      nothing: null,
    };
    const text = writeKyaml(value);
    expect(readDocument(text.slice('---\n'.length))).toEqual(value);
  });
});
