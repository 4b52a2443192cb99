import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HOST, listenNear } from './listen.ts';
import { normalBase, staticServer } from './static-server.ts';

const home = mkdtempSync(join(tmpdir(), 'static-server-'));
const folder = join(home, 'dist');
const servers: Server[] = [];
let port = 0;
let basedPort = 0;

beforeAll(async () => {
  mkdirSync(join(folder, 'ko', '가나'), { recursive: true });
  writeFileSync(join(folder, 'index.html'), 'home');
  writeFileSync(join(folder, '404.html'), 'lost');
  writeFileSync(join(folder, '.inputs'), 'hidden');
  writeFileSync(join(folder, 'ko', 'index.html'), '한국어');
  writeFileSync(join(folder, 'ko', '가나', 'index.html'), '이름');
  writeFileSync(join(folder, 'island.js'), 'export {};');
  writeFileSync(join(home, 'secret.txt'), 'secret');
  symlinkSync(join(home, 'secret.txt'), join(folder, 'way-out.txt'));
  for (const base of ['/', '/docs/']) servers.push(staticServer({ folder, base }));
  [port, basedPort] = (await Promise.all(
    servers.map((server) => listenNear(server, 0, () => {})),
  )) as [number, number];
});

afterAll(() => {
  for (const server of servers) server.close();
  rmSync(home, { recursive: true });
});

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Sends the path as it is: fetch() would tidy `..` away before the server saw it. */
function ask(path: string, options: { on?: number; method?: string; tag?: string } = {}) {
  return new Promise<Reply>((resolve, reject) => {
    const headers = options.tag === undefined ? {} : { 'if-none-match': options.tag };
    const to = { host: HOST, port: options.on ?? port, path, method: options.method, headers };
    const sent = request(to, (reply) => {
      let body = '';
      reply.setEncoding('utf8').on('data', (text: string) => (body += text));
      reply.on('end', () => {
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body });
      });
    });
    sent.on('error', reject).end();
  });
}

describe('a built site', () => {
  test('answers a folder with its index and the type of the file', async () => {
    const reply = await ask('/ko/?q=1');
    expect(reply).toMatchObject({ status: 200, body: '한국어' });
    expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
    expect((await ask('/island.js')).headers['content-type']).toMatch(/^text\/javascript/);
  });

  test('leads a folder without its slash to the one with it, query kept', async () => {
    const reply = await ask(`/ko/${encodeURIComponent('가나')}?a=b`);
    expect(reply.status).toBe(302);
    expect(reply.headers.location).toBe(`/ko/${encodeURIComponent('가나')}/?a=b`);
  });

  test('shows the site’s own page, with status 404, for what is not there', async () => {
    for (const path of ['/nothing', '/ko/nothing/', '/index.html/', '/%zz']) {
      expect(await ask(path), path).toMatchObject({ status: 404, body: 'lost' });
    }
  });

  test('never leaves its folder', async () => {
    const ways = ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/way-out.txt'];
    for (const path of [...ways, '/..%5csecret.txt', '/.inputs', '/ko/../../secret.txt']) {
      expect(await ask(path), path).toMatchObject({ status: 404, body: 'lost' });
    }
  });

  test('never redirects to another host', async () => {
    expect((await ask('//ko')).headers.location).toBe('/ko/');
  });

  test('takes GET and HEAD only', async () => {
    expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
    expect(await ask('/', { method: 'POST' })).toMatchObject({ status: 405 });
  });

  test('does not send again what the browser has', async () => {
    const tag = (await ask('/')).headers.etag ?? '';
    expect(await ask('/', { tag })).toMatchObject({ status: 304, body: '' });
    expect(await ask('/', { tag: '"other"' })).toMatchObject({ status: 200, body: 'home' });
  });
});

describe('under a base path', () => {
  test('the root leads to the base, and only the base is served', async () => {
    expect((await ask('/', { on: basedPort })).headers.location).toBe('/docs/');
    expect((await ask('/docs', { on: basedPort })).headers.location).toBe('/docs/');
    expect(await ask('/docs/ko/', { on: basedPort })).toMatchObject({ status: 200 });
    expect((await ask('/docs/ko', { on: basedPort })).headers.location).toBe('/docs/ko/');
    expect(await ask('/ko/', { on: basedPort })).toMatchObject({ status: 404 });
  });

  test.each([
    [undefined, '/'],
    ['', '/'],
    ['/', '/'],
    ['docs', '/docs/'],
    ['/a/b/', '/a/b/'],
  ])('the setting %s means %s', (setting, base) => {
    expect(normalBase(setting)).toBe(base);
  });
});

test('a taken port is named and the next one is used', async () => {
  const lines: string[] = [];
  const other = staticServer({ folder, base: '/' });
  servers.push(other);
  const used = await listenNear(other, port, (line) => lines.push(line));
  expect(used).toBeGreaterThan(port);
  expect(lines[0]).toBe(`Port ${String(port)} is taken; trying ${String(port + 1)}.`);
});
