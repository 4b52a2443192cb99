import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mdxToJs } from 'satteri';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeFault } from '../../src/build/authoring-error.ts';
import { findDrawingFaults } from '../../src/build/diagrams.ts';
import { figures } from '../../src/build/markdown/figures.ts';
import { nameOfFence, openDrawings } from '../../src/diagram/drawings.ts';
import type { Graph } from '../../src/diagram/graph.ts';
import { fenceOf, goldenOf, rawOf } from './diagram-fixtures.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'drydock-diagrams-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Line 5 of each page is the opening fence; line 6 is the first of the diagram. */
function page(fence: string, locale = 'en', meta = 'figure=delivery'): void {
  const file = join(root, `content/docs/${locale}/images/flow.mdx`);
  mkdirSync(dirname(file), { recursive: true });
  const text = fence.trimEnd();
  writeFileSync(file, `---\ntitle: Flow\n---\n\n\`\`\`mermaid ${meta}\n${text}\n\`\`\`\n`);
}

function draw(fence: string, graph: Graph = rawOf('delivery').graph): void {
  openDrawings(root).write(nameOfFence('delivery', fence.trimEnd()), goldenOf('delivery'), graph);
}

const faults = async () => (await findDrawingFaults(root)).map((fault) => describeFault(fault));
const at = (line: number) => `content/docs/en/images/flow.mdx:${line}: `;
const fence = fenceOf('delivery');

describe('diagrams:verify', () => {
  it('finds nothing when every figure has its drawing', async () => {
    page(fence);
    draw(fence);
    expect(await faults()).toEqual([]);
  });

  it('finds a missing drawing', async () => {
    page(fence);
    expect(await faults()).toEqual([
      `${at(5)}The figure delivery has no drawing. Run npm run diagrams:update.`,
    ]);
  });

  it('finds a stale drawing and the file that is left over', async () => {
    page(fence.replace('Dockerfile', 'Containerfile'));
    draw(fence);
    const [stale, ...orphans] = await faults();
    expect(stale).toBe(
      `${at(5)}The drawing of the figure delivery is stale. Run npm run diagrams:update.`,
    );
    const name = nameOfFence('delivery', fence.trimEnd());
    expect(orphans.map((text) => text.split(':')[0])).toEqual([
      `content/diagrams/${name}.json`,
      `content/diagrams/${name}.svg`,
    ]);
  });

  it('finds a file that is no drawing', async () => {
    page(fence);
    draw(fence);
    writeFileSync(join(root, 'content/diagrams/notes.txt'), 'x');
    expect(await faults()).toEqual([
      expect.stringContaining('content/diagrams/notes.txt:1: No figure'),
    ]);
  });

  it.each([
    ['flowchart LR\n  accTitle: a\n  accDescr: b\n  %% x\n  a[one] --> b\n  b --> [c', 11],
    ['sequenceDiagram\n  accTitle: a\n  accDescr: b\n  a->>b: hi\n  loop x\n  a->>b: ho', 11],
    ['stateDiagram-v2\n  accTitle: a\n  accDescr: b\n  a --> b : x\n  --> c\n', 10],
    ['classDiagram\n  accTitle: a\n  accDescr: b\n  class A {\n    +int x\n', 10],
  ])('tells the page and line of a syntax error in %s', async (source, line) => {
    page(source);
    const [first] = await faults();
    expect(first?.slice(0, at(line).length)).toBe(at(line));
    expect(first).toMatch(/error/i);
  });

  it.each([
    [fence.replace(/ *accTitle.*\n/, ''), 5, 'has no accTitle'],
    [fence.replace(/accDescr:.*/, 'accDescr:'), 5, 'has no accDescr'],
    [fence.replace('image/web', 'image'.toUpperCase()), 9, 'names no object'],
    [`${fence}  style img fill:#f00\n`, 23, 'colours of its own'],
    [`%%{init: {"theme":"dark"}}%%\n${fence}`, 6, 'sets its own configuration'],
  ])('refuses what a fence may not hold (%#)', async (source, line, what) => {
    page(source);
    draw(source);
    expect((await faults())[0]).toContain(at(line));
    expect((await faults())[0]).toContain(what);
  });

  it('refuses a fence without a figure id and an id that is taken', async () => {
    page(fence, 'en', '');
    expect(await faults()).toEqual([expect.stringContaining(`${at(5)}A diagram has no name.`)]);
    const file = join(root, 'content/docs/en/images/flow.mdx');
    writeFileSync(
      file,
      `## Delivery [#delivery]\n\n\`\`\`mermaid figure=delivery\n${fence}\`\`\`\n`,
    );
    draw(fence);
    expect(await faults()).toContain(
      `${at(3)}The id "delivery" is taken by line 1. Give the figure an id of its own.`,
    );
  });

  it('refuses a binding of a node that is not drawn and an unknown class', async () => {
    const source = fence
      .replace('bind node img', 'bind node picture')
      .replace(':::file', ':::paper');
    page(source);
    const graph = rawOf('delivery').graph;
    const nodes = graph.nodes.map((node) =>
      node.id === 'df' ? { ...node, classes: ['paper'] } : node,
    );
    draw(source, { ...graph, nodes });
    expect(await faults()).toEqual([
      expect.stringContaining(`${at(11)}"paper" is not a class of the drawing grammar.`),
      expect.stringContaining(`${at(9)}The figure delivery has no node picture.`),
    ]);
  });

  it('refuses twins that differ in more than words', async () => {
    const korean = fence.replace('--o yes', '--> yes');
    page(fence);
    page(korean, 'ko');
    draw(fence);
    draw(korean);
    expect(await faults()).toEqual([]);
    const graph = rawOf('delivery').graph;
    draw(korean, { ...graph, edges: graph.edges.slice(1) });
    expect(await faults()).toEqual([
      expect.stringContaining('its twin in content/docs/ko/images/flow.mdx differ in edges'),
    ]);
  });
});

describe('a Mermaid fence in a page', () => {
  const compile = (source: string) => mdxToJs(source, { mdastPlugins: [figures()] });

  it('stops the build without a drawing, naming its line', () => {
    expect(() => compile(`text\n\n\`\`\`mermaid figure=nowhere\n${fence}\`\`\`\n`)).toThrow(
      'page.mdx:3: The figure nowhere has no drawing of its present source.',
    );
  });

  it('leaves other fences alone', () => {
    expect(JSON.stringify(compile('```yaml\na: 1\n```\n'))).toContain('a: 1');
  });
});
