import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { provedTable } from './proved-table.ts';

const root = mkdtempSync(join(tmpdir(), 'proved-table-'));
mkdirSync(join(root, 'content/comparisons'), { recursive: true });
afterAll(() => rmSync(root, { recursive: true }));

const TRUE = `title: { ko: 세기, en: Counting }
columns:
  - { id: host, title: { ko: 호스트, en: Host } }
rows:
  - id: count
    title: { ko: 줄 수, en: Lines }
    cells:
      host:
        preset: host
        files: { lines.txt: "a\\nb\\n" }
        script:
          - listed: cat lines.txt
        says:
          - ko: 파일은 2줄입니다.
            en: The file has 2 lines.
            proof:
              - { of: listed, number: lines, is: 2 }
`;

const write = (id: string, text: string) =>
  writeFileSync(join(root, 'content/comparisons', `${id}.yaml`), text);

test('what holds has its proof, step by step, and is lived once', () => {
  write('count', TRUE);
  const { table, proofs } = provedTable('count', root);
  expect(table.rows).toHaveLength(1);
  expect(proofs.get('count.host')).toEqual([
    {
      command: 'cat lines.txt',
      exitCode: 0,
      lines: [
        { text: 'a', proves: [] },
        { text: 'b', proves: [] },
      ],
      notes: [{ sentence: 1, fact: { kind: 'lines', count: 2 } }],
    },
  ]);
  expect(provedTable('count', root).proofs).toBe(proofs);
});

test('a false cell stops, with file and line, and is looked at again when it changed', () => {
  write(
    'count',
    TRUE.replace('is: 2', 'is: 3').replaceAll('2줄', '3줄').replace('2 lines', '3 lines'),
  );
  expect(() => provedTable('count', root)).toThrow(
    /content\/comparisons\/count\.yaml:17 count\.host: "cat lines\.txt" does not come to lines is 3/,
  );
  write('count', TRUE);
  expect(provedTable('count', root).proofs.size).toBe(1);
});

test('so does a fault of form', () => {
  write('form', TRUE.replace('preset: host', 'preset: nowhere'));
  expect(() => provedTable('form', root)).toThrow(/form\.yaml:9 There is no preset "nowhere"/);
});
