import { EventEmitter } from 'node:events';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { endIndexing } from './index-files.ts';
import { search } from './integration.ts';

const root = new URL('../../..', import.meta.url).pathname;
afterAll(endIndexing);

/** The development server as the integration sees it: a watcher and a list of middlewares. */
function startServer(base: string) {
  type Handler = (request: object, response: object, next: (error?: unknown) => void) => void;
  const handlers: Handler[] = [];
  const watcher = new EventEmitter();
  const server = {
    watcher,
    httpServer: null,
    middlewares: { use: (one: Handler) => handlers.push(one) },
  };
  const { hooks } = search();
  const config = { root: pathToFileURL(root), base };
  void hooks['astro:config:done']?.({ config } as never);
  void hooks['astro:server:setup']?.({ server } as never);
  /** The body that is answered, or undefined when the request is passed on. */
  const get = (url: string) =>
    new Promise<Uint8Array | undefined>((resolve, reject) => {
      const response = { setHeader: vi.fn(), end: resolve };
      const next = (error?: unknown) =>
        error instanceof Error ? reject(error) : resolve(undefined);
      handlers[0]!({ url }, response, next);
    });
  return { get, watcher };
}

describe.each(['/', '/docs', '/docs/'])('the development server under %s', (base) => {
  const prefix = base.endsWith('/') ? base : `${base}/`;

  test('serves the front index and the entry of Pagefind', async () => {
    const { get } = startServer(base);
    const front = await get(`${prefix}search/front.ko.json`);
    const data = JSON.parse(new TextDecoder().decode(front)) as { pages: { title: string }[] };
    expect(data.pages.map((page) => page.title)).toContain('컨테이너란 무엇인가');
    expect(await get(`${prefix}pagefind/pagefind-entry.json?v=1`)).toBeDefined();
  });

  test('passes on what is not its own', async () => {
    const { get } = startServer(base);
    expect(await get(`${prefix}ko/`)).toBeUndefined();
    expect(await get(`${prefix}search/none.json`)).toBeUndefined();
  });

  test('reads the content anew after a change of it, and of nothing else', async () => {
    const { get, watcher } = startServer(base);
    const first = await get(`${prefix}search/front.en.json`);
    watcher.emit('all', 'change', `${root}src/styles/base.css`);
    expect(await get(`${prefix}search/front.en.json`)).toBe(first);
    watcher.emit('all', 'change', `${root}content/docs/en/images/registries.mdx`);
    expect(await get(`${prefix}search/front.en.json`)).not.toBe(first);
  });
});
