/** What a page's script reads from its frames of code is what the pages' sources say. */
import { globSync, readFileSync } from 'node:fs';
import { codeToHast, createCssVariablesTheme } from 'shiki';
import { describe, expect, test } from 'vitest';
import { codeFrame, consolePrompts } from '../../src/build/markdown/highlight.ts';
import { transcriptScreens } from '../../src/build/markdown/transcripts.ts';
import { fencesOfPage, type PageFence } from '../../src/build/transcripts/fences.ts';
import { classesForColours } from '../../src/components/highlight/colour-classes.ts';
import { fenceOf, type Markup } from '../../src/islands/page-world/fences.ts';

const theme = createCssVariablesTheme({ variablePrefix: '--astro-code-' });
const pages = globSync('content/docs/*/**/*.mdx').sort();

interface Hast {
  readonly type: string;
  readonly value?: string;
  readonly tagName?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly children?: readonly Hast[];
}

/** An element of a tree, as a page's script sees it. */
function markupOf(node: Hast): Markup {
  const textOf = ({ value = '', children = [] }: Hast): string =>
    value + children.map(textOf).join('');
  const attribute = (name: string) => node.properties?.[name];
  return {
    tagName: node.tagName ?? '',
    className: ([attribute('class') ?? []] as string[]).flat().join(' '),
    textContent: textOf(node),
    children: (node.children ?? []).filter(({ type }) => type === 'element').map(markupOf),
    getAttribute: (name) => (attribute(name) as string | undefined) ?? null,
  };
}

/** A fence as the build renders it. */
async function frameOf(lang: string, code: string, raw: string): Promise<Markup> {
  const tree = await codeToHast(code, {
    lang,
    theme,
    meta: { __raw: raw },
    transformers: [classesForColours(), consolePrompts(), transcriptScreens(), codeFrame()],
  });
  return markupOf((tree.children as Hast[])[0]!);
}

async function readBack(fence: PageFence, source: string) {
  const lines = source.split('\n');
  const opening = lines[(fence.kind === 'file' ? fence.line : fence.from - 1) - 1] ?? '';
  const raw = opening.replace(/^\s*`+\S+\s*/, '');
  const indent = /^\s*/.exec(opening)?.[0] ?? '';
  const code =
    fence.kind === 'file'
      ? fence.text.slice(0, -1)
      : lines
          .slice(fence.from - 1, fence.to - 1)
          .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line.trimStart()))
          .join('\n');
  return fenceOf(await frameOf(fence.kind === 'file' ? 'text' : 'console', code, raw));
}

describe('a page’s script reads', () => {
  test.each(pages)('%s', async (file) => {
    const source = readFileSync(file, 'utf8');
    for (const fence of fencesOfPage(source)) {
      const read = await readBack(fence, source);
      if (fence.kind === 'file') {
        const { path, text, world } = fence;
        expect(read).toMatchObject({ kind: 'file', path, text, world });
        continue;
      }
      const commands = fence.commands.map(({ text, printed }) => ({ text, printed }));
      const { world, preset } = fence;
      expect(read).toMatchObject({ kind: 'transcript', world, commands });
      expect(read && 'preset' in read ? read.preset : undefined).toBe(preset);
    }
  });

  test('commands in every language', () => {
    const count = (language: string) =>
      pages
        .filter((file) => file.includes(`/docs/${language}/`))
        .flatMap((file) => fencesOfPage(readFileSync(file, 'utf8'))).length;
    expect(count('ko')).toBeGreaterThan(150);
    expect(count('en')).toBe(count('ko'));
  });
});
