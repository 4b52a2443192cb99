/**
 * A static file server for the built site, with the manners of an ordinary static host: index
 * files, a redirect to the trailing slash, the site's own 404 page, no listing, no dot files.
 */
import { createReadStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, sep } from 'node:path';
import { pipeline } from 'node:stream';

export interface StaticSite {
  /** The folder to serve. */
  folder: string;
  /** The path under which the site was built: `/`, or `/docs/` with slashes at both ends. */
  base: string;
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.webp': 'image/webp',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml; charset=utf-8',
  '.yaml': 'application/yaml; charset=utf-8',
  '.zip': 'application/zip',
};

/**
 * Turns a BASE_PATH setting into the form with slashes at both ends.
 *
 * @returns `/` for an empty or absent setting
 */
export function normalBase(setting: string | undefined): string {
  const inner = (setting ?? '').split('/').filter((part) => part !== '');
  return inner.length === 0 ? '/' : `/${inner.join('/')}/`;
}

type Answer =
  | { kind: 'file'; path: string; status: 200 | 404 }
  | { kind: 'redirect'; to: string }
  | { kind: 'refusal'; status: 400 | 404 | 405 };

/** The parts of a request path, undefined when it is malformed or could leave the folder. */
function pathParts(pathname: string): string[] | undefined {
  try {
    const parts = decodeURIComponent(pathname).split('/');
    const unsafe = (part: string) => part.startsWith('.') || /[\0\\]/.test(part);
    return parts.some(unsafe) ? undefined : parts.filter((part) => part !== '');
  } catch {
    return undefined;
  }
}

/** The file itself, when it exists and no symbolic link leads out of the folder. */
async function fileWithin(folder: string, path: string): Promise<'file' | 'folder' | undefined> {
  try {
    const [home, real] = await Promise.all([realpath(folder), realpath(path)]);
    if (real !== home && !real.startsWith(home + sep)) return undefined;
    const entry = await stat(real);
    return entry.isDirectory() ? 'folder' : entry.isFile() ? 'file' : undefined;
  } catch {
    return undefined;
  }
}

async function notFound(site: StaticSite): Promise<Answer> {
  const path = join(site.folder, '404.html');
  const exists = (await fileWithin(site.folder, path)) === 'file';
  return exists ? { kind: 'file', path, status: 404 } : { kind: 'refusal', status: 404 };
}

async function answer(site: StaticSite, method: string, target: string): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return { kind: 'refusal', status: 405 };
  const end = target.search(/[?#]/);
  const pathname = end === -1 ? target : target.slice(0, end);
  const query = end === -1 ? '' : target.slice(end);
  if (!pathname.startsWith('/')) return { kind: 'refusal', status: 400 };
  if (site.base !== '/' && (pathname === '/' || `${pathname}/` === site.base)) {
    return { kind: 'redirect', to: site.base + query };
  }
  if (!pathname.startsWith(site.base)) return notFound(site);
  const parts = pathParts(pathname.slice(site.base.length));
  if (parts === undefined) return notFound(site);
  const path = join(site.folder, ...parts);
  const found = await fileWithin(site.folder, path);
  if (found === undefined) return notFound(site);
  const asFolder = pathname.endsWith('/');
  if (found === 'file') return asFolder ? notFound(site) : { kind: 'file', path, status: 200 };
  const index = join(path, 'index.html');
  if ((await fileWithin(site.folder, index)) !== 'file') return notFound(site);
  if (asFolder) return { kind: 'file', path: index, status: 200 };
  // Built from the decoded parts, never from the raw path: `//host` must not become a redirect.
  const clean = parts.map((part) => encodeURIComponent(part)).join('/');
  return { kind: 'redirect', to: `${site.base}${clean}/${query}` };
}

async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  status: 200 | 404,
): Promise<void> {
  const { size, mtimeMs } = await stat(path);
  const tag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
  const headers = {
    'content-type': MEDIA_TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    etag: tag,
  };
  if (status === 200 && request.headers['if-none-match'] === tag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(status, { ...headers, 'content-length': size });
  if (request.method === 'HEAD') response.end();
  // A reader who leaves in the middle of a file closes the stream: no fault of the server.
  else pipeline(createReadStream(path), response, () => {});
}

async function respond(
  site: StaticSite,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reply = await answer(site, request.method ?? '', request.url ?? '');
  if (reply.kind === 'file') {
    await sendFile(request, response, reply.path, reply.status);
  } else if (reply.kind === 'redirect') {
    response.writeHead(302, { location: reply.to }).end();
  } else {
    const headers = { 'content-type': 'text/plain; charset=utf-8', allow: 'GET, HEAD' };
    response.writeHead(reply.status, headers).end(`${String(reply.status)}\n`);
  }
}

/** A server for the site, not yet listening. */
export function staticServer(site: StaticSite): Server {
  return createServer((request, response) => {
    respond(site, request, response).catch(() => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
}
