/**
 * `/dev/scenarios`, in the development server alone: every scenario with its golden trace, a box for
 * another seed, and its figures. A build knows nothing of it.
 */
import type { AstroIntegration } from 'astro';

const PATTERN = '/dev/scenarios/[...id]';
const PAGE = new URL('../../layouts/DevScenarios.astro', import.meta.url);
/** With an ending, as a file: of pages the server wants a slash at the end. */
const TRACE = 'dev/trace.txt';

export function devScenarios(): AstroIntegration {
  let base = '/';
  return {
    name: 'dev-scenarios',
    hooks: {
      'astro:config:setup': ({ command, injectRoute }) => {
        if (command !== 'dev') return;
        injectRoute({ pattern: PATTERN, entrypoint: PAGE });
      },
      'astro:config:done': ({ config }) => {
        base = config.base.endsWith('/') ? config.base : `${config.base}/`;
      },
      'astro:server:setup': ({ server }) => {
        server.middlewares.use((request, response, next) => {
          const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
          if (pathname !== `${base}${TRACE}`) return next();
          const id = searchParams.get('scenario') ?? '';
          // The engine is wanted only now.
          import('./live-trace.ts').then(({ liveTrace }) => {
            const lived = liveTrace(id, Number(searchParams.get('seed')));
            response.statusCode = lived.ok ? 200 : 404;
            response.setHeader('content-type', 'text/plain; charset=utf-8');
            response.end(lived.ok ? lived.trace : lived.why);
          }, next);
        });
      },
    },
  };
}
