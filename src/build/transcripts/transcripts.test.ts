import { describe, expect, test } from 'vitest';
import { fencesOfPage } from './fences.ts';
import { withOutputs } from './pages.ts';
import { replay } from './replay.ts';

const PAGE = `---
title: Files
---

Write it down.

\`\`\`text file=notes/a.txt
first
\`\`\`

1. In a list:

   \`\`\`console run
   $ cat notes/a.txt
   something else
   $ echo "two
   > lines" >> notes/a.txt

   \`\`\`

\`\`\`text file=notes/b.txt world=other
elsewhere
\`\`\`

\`\`\`console run=other
$ ls notes
\`\`\`

\`\`\`console
$ not run
\`\`\`
`;

describe('transcripts of a page', () => {
  test('are lived in their worlds, files and commands in the order of the page', () => {
    const fences = fencesOfPage(PAGE);
    expect(fences.map(({ kind, world }) => `${kind} ${world}`)).toEqual([
      'file page',
      'transcript page',
      'file other',
      'transcript other',
    ]);
    const [first, second] = replay(fences);
    expect(first?.commands.map(({ text, printed }) => [text, printed])).toEqual([
      ['cat notes/a.txt', 'first'],
      ['echo "two\nlines" >> notes/a.txt', ''],
    ]);
    expect(second?.commands[0]?.printed).toBe('b.txt');
  });

  test('are rewritten where they stand, and then say what the engine prints', () => {
    const updated = withOutputs(PAGE, replay(fencesOfPage(PAGE)));
    expect(updated).toContain('   $ cat notes/a.txt\n   first\n   $ echo "two\n   > lines"');
    expect(updated).toContain('$ ls notes\nb.txt\n```');
    expect(updated).not.toContain('something else');
    expect(withOutputs(updated, replay(fencesOfPage(updated)))).toBe(updated);
  });

  test('name a preset that exists', () => {
    const page = '```console run preset=nowhere\n$ ls\n```\n';
    expect(() => replay(fencesOfPage(page))).toThrow('There is no preset nowhere');
  });
});
