import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWordIndex } from '../../search/word-index.ts';
import type { WordIndex } from '../../search/word-index.ts';
import { openSearch } from '../../search/search.ts';
import { documentsFromSource } from './from-source.ts';
import { buildIndexFiles, endIndexing } from './index-files.ts';
import type { IndexFiles } from './index-files.ts';
import type { PageDocument } from './page-document.ts';

const root = new URL('../../..', import.meta.url).pathname;

function page(locale: 'ko' | 'en', id: string, main: string): PageDocument {
  const html =
    `<!doctype html><html lang="${locale}"><body><nav>navigation</nav>` +
    `<main id="main"><h1>${id}</h1>${main}</main></body></html>`;
  return { locale, id, description: '', html };
}

afterAll(endIndexing);

function loader(files: IndexFiles, prefix = '') {
  return (path: string) => {
    const file = files.get(prefix + path);
    return file ? Promise.resolve(file) : Promise.reject(new Error(`no ${path}`));
  };
}

describe('our reading of the installed Pagefind', () => {
  let files: IndexFiles;
  let english: WordIndex;
  let korean: WordIndex;

  beforeAll(async () => {
    files = await buildIndexFiles(root, [
      page('en', 'containers/one', '<p>alpha beta alpha gamma alpha</p><h2 id="x">alpha</h2>'),
      page('en', 'containers/two', '<p>nothing here</p>'),
      page('en', 'containers/three', '<p>beta alpha</p>'),
      page('en', 'containers/four', '<p>some autoscaling, alpha</p>'),
      page('ko', 'containers/one', '<p>컨테이너를 쓰고 컨테이너에서 뺍니다. 오버레이</p>'),
    ]);
    english = (await openWordIndex(loader(files, 'pagefind/'), 'en'))!;
    korean = (await openWordIndex(loader(files, 'pagefind/'), 'ko'))!;
  });

  /** Places of a word in text (weight 24), by the page's address. */
  async function placesOf(index: WordIndex, word: string) {
    await index.load([word]);
    const found: Record<string, number[]> = {};
    for (const { postings } of index.lookUp(word, false)) {
      for (const { page: number, places } of postings) {
        const { url } = await index.fragment(number);
        const text = places.filter(({ weight }) => weight === 24).map(({ at }) => at);
        found[url] = [...(found[url] ?? []), ...text].sort((a, b) => a - b);
      }
    }
    return found;
  }

  test('pages and places are what the text says', async () => {
    expect(await placesOf(english, 'alpha')).toEqual({
      '/en/containers/one/': [1, 3, 5],
      '/en/containers/three/': [2],
      '/en/containers/four/': [3],
    });
  });

  test('every place is that word of the fragment', async () => {
    const { content } = await english.fragment(0);
    const { url } = await english.fragment(0);
    const places = (await placesOf(english, 'alpha'))[url] ?? [];
    for (const at of places) expect(content.split(/\s+/)[at]).toMatch(/alpha/);
  });

  test('headings weigh more', async () => {
    await english.load(['alpha']);
    const weights = english
      .lookUp('alpha', false)
      .flatMap(({ postings }) => postings.flatMap(({ places }) => places.map((one) => one.weight)));
    expect(Math.max(...weights)).toBeGreaterThan(100);
  });

  test('English is stemmed as Pagefind stems it', async () => {
    expect(await placesOf(english, 'autoscaled')).toEqual({ '/en/containers/four/': [2] });
  });

  test('a Korean noun is found whatever particle follows', async () => {
    expect(await placesOf(korean, '컨테이너')).toEqual({ '/ko/containers/one/': [1, 3] });
  });

  test('navigation is not indexed', async () => {
    expect(await placesOf(english, 'navigation')).toEqual({});
  });

  test('neither clients nor WebAssembly are shipped', () => {
    expect([...files.keys()].filter((path) => /\.(js|css)$|wasm/.test(path))).toEqual([]);
  });
});

describe('search over the pages of this site', () => {
  let load: ReturnType<typeof loader>;

  beforeAll(async () => {
    load = loader(await buildIndexFiles(root, documentsFromSource(root)));
  });

  test.each([
    ['ko', '컨테이너란', 'containers/what-is-a-container'],
    ['ko', '콘테이너란 무엇인가', 'containers/what-is-a-container'],
    ['ko', '가상머신 컨테이너 차이', 'containers/vm-vs-container'],
    ['ko', 'rktkdajtls', 'containers/vm-vs-container'],
    ['ko', 'virtual machine', 'containers/vm-vs-container'],
    ['en', 'what is a container', 'containers/what-is-a-container'],
    ['en', 'vm vs container', 'containers/vm-vs-container'],
    ['en', '가상 머신', 'containers/vm-vs-container'],
  ] as const)('%s: %s leads to %s', async (locale, query, id) => {
    const search = await openSearch(load, locale);
    expect((await search.ids(query))[0]).toBe(id);
  });

  test('a result shows where, with the words marked', async () => {
    const search = await openSearch(load, 'ko');
    const { pages } = await search.full('커널을');
    const section = pages.flatMap((one) => one.sections)[0]!;
    expect(section.id).toMatch(/^[a-z0-9-]+$/);
    const marked = section.excerpt.filter((piece) => piece.mark).map((piece) => piece.text);
    expect(marked.join(' ')).toMatch(/커널/);
  });

  test('what is nowhere is not found', async () => {
    const search = await openSearch(load, 'en');
    expect((await search.full('xylophone')).count).toBe(0);
  });
});
