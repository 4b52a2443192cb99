import { expect, test } from 'vitest';
import { readDocuments } from './node.ts';

/**
 * Places and words as go-yaml v4.0.0-rc.6 gives them by its own rules (`internal/libyaml`); there is
 * no table of its errors to take them from.
 */
test.each([
  [
    'services:\n  web:\n    image: nginx\n     ports: x\n',
    'scanner at L4.C11: mapping values are not allowed in this context',
  ],
  [
    'services:\n  web\n    image: x\n',
    'scanner at L3.C10: mapping values are not allowed in this context',
  ],
  [
    'services:\n  web:\n    image: a\n   ports: x\n',
    'parser (while parsing a block mapping) at L2.C3-L4.C4: did not find expected key',
  ],
  [
    'services:\n  web:\n    ports:\n    - 80\n   - 81\n',
    'parser (while parsing a block mapping) at L2.C3-L5.C4: did not find expected key',
  ],
  [
    'a:\n  - b\n  c: d\n',
    "parser (while parsing a block collection) at L2.C3-L3.C3: did not find expected '-' indicator",
  ],
  [
    'a: @x\n',
    'scanner (while scanning for the next token) at L1.C4: ' +
      'found character that cannot start any token',
  ],
  [
    'key: value\nfoo\n',
    "scanner (while scanning a simple key) at L2.C1-L3.C1: could not find expected ':'",
  ],
  [
    'a: "x\nb: 1\n',
    'scanner (while scanning a quoted scalar) at L1.C4-L3.C1: found unexpected end of stream',
  ],
  [
    'a: [1, 2\n',
    "parser (while parsing a flow sequence) at L1.C4-L2.C1: did not find expected ',' or ']'",
  ],
])('%j', (text, message) => {
  expect(() => readDocuments(text)).toThrow(`go-yaml load error in ${message}`);
});
