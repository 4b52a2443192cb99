/**
 * What a page's script reads from its frames of code is what the pages' sources say, and what it has
 * the engine room print is what the pages show.
 */
import { globSync, readFileSync } from 'node:fs';
import { codeToHast, createCssVariablesTheme } from 'shiki';
import { describe, expect, test } from 'vitest';
import { codeFrame, consolePrompts } from '../../src/build/markdown/highlight.ts';
import { transcriptScreens } from '../../src/build/markdown/transcripts.ts';
import { fencesOfPage, type PageFence } from '../../src/build/transcripts/fences.ts';
import { classesForColours } from '../../src/components/highlight/colour-classes.ts';
import { engineOver } from '../../src/islands/engine-room/connect.ts';
import { makeWire } from '../../src/islands/engine-room/here-wire.ts';
import { fenceOf, type Markup } from '../../src/islands/page-world/fences.ts';
import { LivingWorld, type PrintedPiece } from '../../src/islands/page-world/living-world.ts';

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

type PageWorld = LivingWorld<Markup>;
const textOf = (pieces: readonly PrintedPiece[]): string =>
  pieces
    .map(({ text }) => text)
    .join('')
    .replace(/\n$/, '');

/** The worlds of a page, as its script makes them. */
function worldsOf(file: string, textOfFile?: (path: string) => string | undefined) {
  const engine = engineOver(makeWire());
  const all = fencesOfPage(readFileSync(file, 'utf8'));
  return [...new Set(all.map(({ world }) => world))].map((name) => {
    const fences = all.filter(({ world }) => world === name);
    const now = (path: string, fence: number) => {
      const written = fences[fence];
      return textOfFile?.(path) ?? (written?.kind === 'file' ? written.text : '');
    };
    // Where nothing is shown, the fences of the source serve as well as those of the page.
    return new LivingWorld(engine, `${file} ${name}`, fences as never, now);
  });
}

async function runBlock(world: PageWorld, fence: number): Promise<string[][]> {
  await world.standBefore(fence);
  const block = world.fences[fence];
  const commands = block?.kind === 'transcript' ? block.commands : [];
  const printed: string[][] = [];
  for (const { text } of commands) printed.push([text, textOf(await world.typeNext())]);
  return printed;
}

const shownBy = (world: PageWorld, fence: number): string[][] => {
  const block = world.fences[fence];
  const commands = block?.kind === 'transcript' ? block.commands : [];
  return commands.map(({ text, printed }) => [text, printed]);
};

/** All pages would take a minute: of each topic the first page that shows commands. */
const sample = ['containers', 'images', 'orchestration', 'compare'].map((topic) => {
  const own = pages.filter((file) => file.startsWith(`content/docs/en/${topic}/`));
  return own.find((file) => fencesOfPage(readFileSync(file, 'utf8')).length > 0)!;
});

describe('the engine room prints what the page shows', () => {
  test.each(sample)('%s', { timeout: 60_000 }, async (file) => {
    for (const world of worldsOf(file)) {
      for (const fence of world.fences.keys()) {
        expect(await runBlock(world, fence)).toEqual(shownBy(world, fence));
      }
      expect(world.isOwn).toBe(false);
    }
  });

  test('in whatever order blocks are run', { timeout: 60_000 }, async () => {
    const [world] = worldsOf('content/docs/en/orchestration/pods.mdx');
    const blocks = [...world!.fences.keys()].filter((fence) => shownBy(world!, fence).length > 0);
    for (const fence of [blocks[2]!, blocks[0]!, blocks[1]!]) {
      expect(await runBlock(world!, fence)).toEqual(shownBy(world!, fence));
    }
  });

  test('until a file is edited', { timeout: 60_000 }, async () => {
    let edited: string | undefined;
    const [world] = worldsOf('content/docs/en/orchestration/pods.mdx', () => edited);
    const first = [...world!.fences.keys()].find((fence) => shownBy(world!, fence).length > 0)!;
    edited = 'kind: Pod';
    const printed = await runBlock(world!, first);
    expect(printed[0]?.[1]).toContain('apiVersion not set');
    expect(world!.isOwn).toBe(true);
    edited = undefined;
    expect(await runBlock(world!, first)).toEqual(shownBy(world!, first));
    expect(world!.isOwn).toBe(false);
  });
});
