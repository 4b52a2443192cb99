/** What every built page promises: its policy, its languages, and links that lead somewhere. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { normalBase } from '../../scripts/site/static-server.ts';

const base = normalBase(process.env.BASE_PATH);
const files = existsSync('dist') ? globSync('**/*.html', { cwd: 'dist' }).sort() : [];
const read = new Map<string, string>();

function htmlOf(file: string): string {
  const html = read.get(file) ?? readFileSync(join('dist', file), 'utf8');
  read.set(file, html);
  return html;
}

/** The values of an attribute in the page, with character references resolved. */
function valuesOf(html: string, attribute: string): readonly string[] {
  const values = html.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, 'g'));
  return [...values].map(([, value = '']) => value.replace(/&#38;|&amp;/g, '&'));
}

/** The file that an address of this site names, or `undefined` for one elsewhere. */
function fileAt(address: string, from: string): string | undefined {
  const here = new URL(base + from.replace(/index\.html$/, ''), 'http://site.invalid');
  const url = new URL(address, here);
  if (url.origin !== here.origin) return undefined;
  const path = decodeURIComponent(url.pathname);
  if (!path.startsWith(base)) return `outside ${base}: ${path}`;
  return path.slice(base.length).replace(/(^|\/)$/, '$1index.html');
}

/** Links and files of a page that lead nowhere, and anchors that no element has. */
function lostIn(file: string): readonly string[] {
  const html = htmlOf(file);
  return [...valuesOf(html, 'href'), ...valuesOf(html, 'src')].filter((address) => {
    const target = fileAt(address, file);
    if (target === undefined) return false;
    if (!existsSync(join('dist', target))) return true;
    const hash = decodeURIComponent(address.split('#')[1] ?? '');
    return hash !== '' && !valuesOf(htmlOf(target), 'id').includes(hash);
  });
}

test('the site was built', () => {
  expect(files.length).toBeGreaterThan(30);
});

describe.each(files)('%s', (file) => {
  const html = htmlOf(file);

  test('has language, policy, title and description', () => {
    expect(html).toMatch(/<html lang="(ko|en)" dir="ltr"/);
    expect(html).toContain(`content="default-src 'self'; worker-src 'self' blob:"`);
    expect(html).toMatch(/<title>[^<]+<\/title>/);
    expect(valuesOf(html, 'content').some((value) => value.length > 10)).toBe(true);
    expect(html.match(/<h1\b/g)).toHaveLength(1);
  });

  test('needs no inline script or style', () => {
    expect(html.match(/<style\b/g)).toBeNull();
    expect(html.match(/<[a-z][^>]*\sstyle="/g)).toBeNull();
    // A block of data is no script: browsers neither run it nor hold it to the policy.
    expect(html.match(/<script\b(?! type="application\/json">)(?![^>]*\ssrc=)/g)).toBeNull();
    expect(html.match(/\son[a-z]+="/g)).toBeNull();
  });

  test('has no id twice', () => {
    const ids = valuesOf(html, 'id');
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  test('leads nowhere that does not exist', () => {
    expect(lostIn(file)).toEqual([]);
  });
});

test('every page has its twin', () => {
  const of = (locale: string) =>
    files.filter((file) => file.startsWith(`${locale}/`)).map((file) => file.slice(3));
  expect(of('ko')).toEqual(of('en'));
});
