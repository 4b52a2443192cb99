/** What a page shows of a scenario's files is what its run works with. */
import { globSync, readFileSync } from 'node:fs';
import { mdxToMdast } from 'satteri';
import { expect, test } from 'vitest';
import { figuresOfPage } from '../../src/build/markdown/figures-of-page.ts';
import { readScenario } from '../../src/components/run/scenario-folder.ts';

interface Node {
  readonly type: string;
  readonly meta?: string | null;
  readonly value?: string;
  readonly children?: readonly Node[];
}

/** The fences of a page with `file=NAME`, in order. */
function filesOfPage(source: string): [name: string, text: string][] {
  const found: [string, string][] = [];
  const visit = (node: Node): void => {
    const name = /(?:^|\s)file=(\S+)/.exec(node.meta ?? '')?.[1];
    if (node.type === 'code' && name !== undefined) found.push([name, `${node.value ?? ''}\n`]);
    node.children?.forEach(visit);
  };
  visit(mdxToMdast(source));
  return found;
}

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A file of a run, and all texts that its page shows by the same name, in whatever folder. */
const shared = globSync('content/docs/**/*.mdx')
  .sort()
  .flatMap((page) => {
    const source = readFileSync(page, 'utf8');
    const shown = filesOfPage(source);
    const runs = figuresOfPage(page, source).flatMap(({ run }) => run ?? []);
    return runs.flatMap((run) =>
      Object.entries(readScenario(run).files).flatMap(([name, text]) => {
        const named = shown.filter(([other]) => baseOf(other) === baseOf(name));
        const texts = named.map(([, written]) => written);
        return texts.length > 0 ? [{ page, run, name, text, texts }] : [];
      }),
    );
  });

test('pages with a run show files', () => {
  expect(new Set(shared.map(({ page }) => page)).size).toBeGreaterThanOrEqual(2);
});

// A page may show further files of the same name, for its transcripts, or as they should not be.
test.each(shared)('$page shows $name as $run has it', ({ text, texts }) => {
  expect(texts).toContain(text);
});
