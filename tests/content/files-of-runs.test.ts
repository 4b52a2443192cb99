/** What a page shows of a scenario's files is what its run works with. */
import { globSync, readFileSync } from 'node:fs';
import { mdxToMdast } from 'satteri';
import { describe, expect, test } from 'vitest';
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

const pages = globSync('content/docs/**/*.mdx')
  .sort()
  .map((file) => ({ file, source: readFileSync(file, 'utf8') }))
  .flatMap(({ file, source }) => {
    const [run] = figuresOfPage(file, source).flatMap((figure) => figure.run ?? []);
    return run === undefined ? [] : [{ file, run, shown: filesOfPage(source) }];
  });

test('pages with a run show files', () => {
  expect(pages.filter(({ shown }) => shown.length > 0).length).toBeGreaterThanOrEqual(2);
});

describe.each(pages)('$file', ({ run, shown }) => {
  test.each(shown)('%s', (name, text) => {
    expect(readScenario(run).files).toHaveProperty([name], text);
  });
});
