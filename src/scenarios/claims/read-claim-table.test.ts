import { describe, expect, it } from 'vitest';
import { readClaimTable } from './read-claim-table.ts';

const TABLE = `title: { ko: 표, en: Table }
columns:
  - { id: docker, title: { ko: 도커, en: Docker } }
rows:
  - id: unit
    title: { ko: 단위, en: Unit }
    cells:
      docker:
        preset: host
        files:
          a.txt: first
        script:
          - echo "a" > b.txt
          - both: cat a.txt b.txt
        says:
          - ko: 2줄입니다.
            en: There are 2 lines.
            proof:
              - { of: both, number: lines, is: 2 }
`;

function faultsOf(from: string, to: string): string[] {
  expect(TABLE).toContain(from);
  const read = readClaimTable('table', TABLE.replace(from, to));
  return read.ok ? [] : read.faults.map(({ line, what, remedy }) => `${line}: ${what} ${remedy}`);
}

describe('reading a table of claims', () => {
  it('gives columns, rows and cells with their checks', () => {
    const read = readClaimTable('table', TABLE);
    expect(read.ok && read.table.rows[0]?.cells[0]).toEqual({
      id: 'unit.docker',
      column: 'docker',
      line: 9,
      check: {
        preset: 'host',
        files: { 'a.txt': 'first' },
        steps: [{ command: 'echo "a" > b.txt' }, { name: 'both', command: 'cat a.txt b.txt' }],
      },
      says: [
        {
          text: { ko: '2줄입니다.', en: 'There are 2 lines.' },
          line: 16,
          proof: [
            {
              step: 1,
              not: false,
              line: 19,
              matcher: { kind: 'number', number: { kind: 'lines' }, relation: 'is', value: 2 },
            },
          ],
        },
      ],
    });
  });

  it.each([
    ['rows:', 'rows: [', '5: ', 'Correct the YAML.'],
    ['preset: host', 'preset: hosts', '9: There is no preset "hosts".', 'Use one of host,'],
    ['id: unit', 'id: Unit', '5: The id "Unit" of a row is not in kebab-case.', 'Rename it.'],
    ['      docker:', '      dockr:', '5: The row "unit" has no cell "docker".', 'Write what'],
    ['ko: 단위, ', '', '6: "title" of the row "unit" has no text "ko".', 'Write "ko: …".'],
    [
      '            en: There are 2 lines.\n',
      '',
      '16: A sentence of unit.docker has no text "en".',
      '',
    ],
    ['of: both', 'of: bath', '19: No step of the script is named "bath".', 'Name one of both.'],
    ['number: lines, is: 2', 'is: 2', '19: A proof looks for nothing', 'Write exactly one of'],
    ['is: 2', 'is: few', '19: "is" is no number.', 'Write "is: 3".'],
    [', is: 2', '', '19: A number is held to nothing.', 'Write one of is,'],
    ['number: lines', 'number: words', '19: "words" is neither lines,', 'Write one of them'],
    ['number: lines, is: 2', "matches: '('", '19: /(/ is no regular expression.', 'Correct it.'],
    ['number: lines, is: 2', 'exit: badly', '19: "exit" is "badly".', 'Write "exit: succeeds"'],
    ['files:', 'flies:', '10: The cell unit.docker has the unknown key "flies".', 'Remove it'],
    ['both: cat', 'both: cat:', '14: ', 'Correct the YAML.'],
  ])('tells of %j become %j', (from, to, where, remedy) => {
    const faults = faultsOf(from, to);
    const told = faults.find((fault) => fault.startsWith(where) && fault.includes(remedy));
    expect(told, faults.join('\n')).toBeDefined();
  });
});
