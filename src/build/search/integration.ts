/**
 * Search in Astro: the index is built after the pages and written beside them; the development
 * server builds it from the sources when it is first asked for and again after a change.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AstroIntegration } from 'astro';
import { documentsFromSite } from './from-site.ts';
import { documentsFromSource } from './from-source.ts';
import { buildIndexFiles, endIndexing } from './index-files.ts';
import type { IndexFiles } from './index-files.ts';

export function search(): AstroIntegration {
  let root = '';
  let base = '/';
  return {
    name: 'search',
    hooks: {
      'astro:config:done': ({ config }) => {
        root = fileURLToPath(config.root);
        base = config.base.endsWith('/') ? config.base : `${config.base}/`;
      },
      'astro:build:done': async ({ dir, logger }) => {
        const site = fileURLToPath(dir);
        const documents = documentsFromSite(root, site);
        const files = await buildIndexFiles(root, documents);
        await endIndexing();
        for (const [path, content] of files) {
          mkdirSync(dirname(join(site, path)), { recursive: true });
          writeFileSync(join(site, path), content);
        }
        logger.info(`${documents.length} pages indexed`);
      },
      'astro:server:setup': ({ server }) => {
        let files: Promise<IndexFiles> | undefined;
        server.watcher.on('all', (_, path) => {
          if (path.startsWith(join(root, 'content'))) files = undefined;
        });
        server.middlewares.use((request, response, next) => {
          const path = (request.url ?? '').split('?')[0]!.slice(base.length);
          if (!/^(pagefind|search)\//.test(path)) return next();
          files ??= buildIndexFiles(root, documentsFromSource(root));
          files.then((made) => {
            const content = made.get(path);
            if (!content) return next();
            response.setHeader('content-type', mimeOf(path));
            response.setHeader('cache-control', 'no-store');
            response.end(content);
          }, next);
        });
        server.httpServer?.once('close', () => void endIndexing());
      },
    },
  };
}

function mimeOf(path: string): string {
  return path.endsWith('.json') ? 'application/json; charset=utf-8' : 'application/octet-stream';
}
