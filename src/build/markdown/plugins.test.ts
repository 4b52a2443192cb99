import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { markdownToHtml } from 'satteri';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuthoringError } from '../authoring-error.ts';
import { headingIds } from './headings.ts';
import { pageLinks } from './links.ts';
import { tables } from './tables.ts';
import { wholeWords } from './whole-words.ts';

let root: string;
const docs = () => join(root, 'content/docs');
const page = () => join(docs(), 'ko/images/dockerfile.mdx');

function write(path: string, text: string): void {
  mkdirSync(dirname(join(docs(), path)), { recursive: true });
  writeFileSync(join(docs(), path), text);
}

async function html(source: string, base = '/'): Promise<string> {
  const settings = { base, docs: docs() };
  const result = await Promise.resolve(
    markdownToHtml(source, {
      mdastPlugins: [headingIds(), pageLinks(settings)],
      hastPlugins: [tables(), wholeWords()],
      fileURL: pathToFileURL(page()),
    }),
  );
  return result.html;
}

async function fault(source: string) {
  const error = await html(source).then(
    () => expect.fail('nothing was wrong'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof AuthoringError)) throw error;
  return error.faults[0];
}

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'drydock-markdown-'));
  write('ko/images/dockerfile.mdx', '---\ntitle: x\n---\n\n## 여기 [#here]\n');
  write('ko/images/registries.mdx', '## 올리기 [#push]\n\n```mermaid figure=flow\na\n```\n');
});

afterAll(() => rmSync(root, { recursive: true }));

describe('headings', () => {
  test('an id is taken from the heading', async () => {
    expect(await html('## 격리 [#isolation]')).toBe('<h2 id="isolation">격리</h2>\n');
  });

  test('code in a heading stays', async () => {
    const out = await html('## The `FROM` line [#from]\n\n### `RUN` [#run]');
    expect(out).toContain('<h2 id="from">The <code>FROM</code> line</h2>');
    expect(out).toContain('<h3 id="run"><code>RUN</code></h3>');
  });

  test('a heading without an id names file, line and remedy', async () => {
    expect(await fault('Text.\n\n## 격리\n')).toMatchObject({
      file: page(),
      line: 3,
      what: 'The heading "격리" has no id.',
      remedy: expect.stringContaining('[#id]') as string,
    });
  });

  test('a heading that ends in code and has no id', async () => {
    expect((await fault('## Use `RUN`'))?.what).toBe('The heading "Use RUN" has no id.');
  });

  test('an id that is used twice', async () => {
    expect(await fault('## a [#x]\n\n## b [#x]\n')).toMatchObject({
      line: 3,
      what: 'The heading id "x" is taken by line 1.',
    });
  });

  test('an id that is not plain ASCII', async () => {
    expect((await fault('## 격리 [#격리]'))?.what).toBe('The heading "격리 [#격리]" has no id.');
  });

  test('a first-level heading', async () => {
    expect((await fault('# 격리 [#isolation]'))?.remedy).toContain('front matter');
  });
});

test('a table scrolls in a box, and its empty corner heads nothing', async () => {
  const out = await html('|  | a |\n| --- | --- |\n| b | c |\n');
  expect(out).toMatch(/^<div class="table">\s*<table>[\s\S]*<\/table>\s*<\/div>/);
  expect(out).toMatch(/<tr>\s*<td><\/td>\s*<th>a<\/th>\s*<\/tr>/);
});

test('options in code stay on one line, commands break at spaces', async () => {
  expect(await html('`--replicas`')).toContain('<code class="whole">--replicas</code>');
  const command = '<code>docker run <span class="whole">--rm</span> alpine</code>';
  expect(await html('`docker run --rm alpine`')).toContain(command);
  const option = '--update-failure-action';
  expect(await html(`\`${option}\``)).toContain(`<code class="whole-line">${option}</code>`);
  expect(await html('`nginx`')).toContain('<code>nginx</code>');
  const long = '--a-name-that-no-phone-holds-on-one-line';
  expect(await html(`\`${long}\``)).toContain(`<code>${long}</code>`);
  expect(await html('```\n--rm\n```')).not.toContain('whole');
});

describe('links', () => {
  test('a page becomes its address, under the path of the site', async () => {
    const link = '[r](./registries.mdx#push)';
    expect(await html(link)).toContain('href="/ko/images/registries/#push"');
    expect(await html(link, '/docs')).toContain('href="/docs/ko/images/registries/#push"');
  });

  test('a heading and a figure of this page and of another', async () => {
    expect(await html('[h](#here)')).toContain('href="#here"');
    expect(await html('[f](registries.mdx#flow)')).toContain('/registries/#flow"');
  });

  test('lead to rows and cells of a comparison', async () => {
    write('ko/images/compared.mdx', '<Compare table="docker-vs-kubernetes" />\n');
    expect(await html('[c](compared.mdx#crash.docker)')).toContain('/compared/#crash.docker"');
    expect(await html('[r](compared.mdx#row.crash)')).toContain('/compared/#row.crash"');
    const lost = await fault('[x](compared.mdx#crash.podman)');
    expect(lost?.what).toContain('leads to a heading that does not exist');
  });

  test('lead to a proof, and to keys of aligned files', async () => {
    write('ko/images/compared.mdx', '<Compare table="docker-vs-kubernetes" />\n');
    write('ko/images/files.mdx', '<Alignment table="bookshelf" />\n');
    const proof = '/compared/#crash.docker.proof"';
    expect(await html('[p](compared.mdx#crash.docker.proof)')).toContain(proof);
    expect(await html('[k](files.mdx#key.image)')).toContain('/files/#key.image"');
    expect(await html('[k](files.mdx#key.image.swarm)')).toContain('/files/#key.image.swarm"');
    const lost = await fault('[x](files.mdx#key.gone)');
    expect(lost?.what).toContain('leads to a heading that does not exist');
  });

  test('addresses elsewhere are left alone', async () => {
    expect(await html('[x](https://example.com/a.mdx)')).toContain('"https://example.com/a.mdx"');
  });

  test.each([
    ['[x](../images/gone.mdx)', 'leads to a page that does not exist'],
    ['[x](registries.mdx#gone)', 'leads to a heading that does not exist'],
    ['[x](#gone)', 'leads to a heading that does not exist'],
    ['[x](../../../README.md)', 'leads to no page'],
    ['[x](/ko/images/registries/)', 'starts at the root of the site'],
  ])('%s is refused with file and line', async (source, what) => {
    expect(await fault(`Text.\n\n${source}\n`)).toMatchObject({
      file: page(),
      line: 3,
      what: expect.stringContaining(what) as string,
    });
  });

  test('a missing heading tells those that exist', async () => {
    expect((await fault('[x](registries.mdx#pull)'))?.remedy).toBe('Headings of that page: push.');
  });
});
