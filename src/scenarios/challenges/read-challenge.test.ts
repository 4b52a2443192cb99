import { describe, expect, it } from 'vitest';
import { readChallenge } from './read-challenge.ts';

const CHALLENGE = `preset: host
title: { ko: 제목, en: Title }
brief: { ko: 할 일, en: To do }
hints:
  - { ko: 힌트, en: Hint }
files:
  a.txt: first
setup:
  - cp a.txt b.txt
goal:
  - id: written
    says: { ko: c가 있습니다., en: There is a c. }
    script:
      - found: cat c.txt
    proof:
      - { of: found, contains: first }
    for: 1m30s
limits:
  - { forbids: '^cp ', says: { ko: cp는 안 됩니다., en: No cp. } }
`;

function faultsOf(from: string, to: string): string[] {
  expect(CHALLENGE).toContain(from);
  const read = readChallenge('copy', CHALLENGE.replace(from, to));
  return read.ok ? [] : read.faults.map(({ line, what, remedy }) => `${line}: ${what} ${remedy}`);
}

describe('reading an exercise', () => {
  it('gives its world, its goal and its limits', () => {
    const read = readChallenge('copy', CHALLENGE);
    expect(read.ok && read.challenge).toEqual({
      id: 'copy',
      preset: 'host',
      title: { ko: '제목', en: 'Title' },
      brief: { ko: '할 일', en: 'To do' },
      hints: [{ ko: '힌트', en: 'Hint' }],
      files: { 'a.txt': 'first' },
      setup: ['cp a.txt b.txt'],
      goal: [
        {
          id: 'written',
          says: { ko: 'c가 있습니다.', en: 'There is a c.' },
          steps: [{ name: 'found', command: 'cat c.txt' }],
          proof: [{ step: 0, not: false, line: 16, matcher: { kind: 'contains', text: 'first' } }],
          holdMs: 90_000,
        },
      ],
      limits: [{ forbids: '^cp ', says: { ko: 'cp는 안 됩니다.', en: 'No cp.' } }],
    });
  });

  it.each([
    ['goal:', 'goal: [', '11: ', 'Correct the YAML.'],
    ['preset: host', 'preset: hosts', '1: There is no preset "hosts".', 'Use one of host,'],
    [', en: Title', '', '2: "title" of the challenge has no text "en".', 'Write "en: …".'],
    ['brief:', 'breif:', '3: The challenge has the unknown key "breif".', 'Remove it'],
    ['{ ko: 힌트, en: Hint }', 'Hint', '5: A hint is no mapping.', 'Write its keys'],
    ['- cp a', '- copy: cp a', '9: The command "copy" of the set-up has a name.', 'Write the'],
    ['id: written', 'id: is written', '11: The id "is written" of a part', 'Rename it.'],
    ['of: found', 'of: fund', '16: No step of the script is named "fund".', 'Name one of found.'],
    ['for: 1m30s', 'for: soon', '17: "for" of the goal "written" is no span', 'Write "for: 60s"'],
    ['for: 1m30s', 'for: 60', '17: "for" of the goal "written" is no span', 'Write "for: 60s"'],
    ["'^cp '", "'('", '19: /(/ is no regular expression.', 'Correct it.'],
    [', en: No cp.', '', '19: "says" of a limit has no text "en".', 'Write "en: …".'],
  ])('tells of %j become %j', (from, to, where, remedy) => {
    const faults = faultsOf(from, to);
    const told = faults.find((fault) => fault.startsWith(where) && fault.includes(remedy));
    expect(told, faults.join('\n')).toBeDefined();
  });

  it('tells of two parts with one id', () => {
    const part = /  - id: written[^]*1m30s\n/.exec(CHALLENGE)?.[0] ?? '';
    expect(faultsOf(part, part + part)).toEqual([
      '11: Two parts of the goal are "written". Rename one of them.',
    ]);
  });
});
