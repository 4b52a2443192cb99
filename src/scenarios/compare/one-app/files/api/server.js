// The API of the bookshelf: counts visits in Redis, reads books from PostgreSQL.
//
// What the environment decides: PORT, REDIS_HOST, REDIS_PORT, DB_HOST, DB_PORT, DB_NAME, DB_USER,
// DB_PASSWORD_FILE and GREETING_FILE; and, to try a platform out, RESPONSE_MS (slow), CRASH_AFTER_MS (crashes) and
// HEALTH_FAILS_AFTER_MS (runs, but is ill).
//
// drydock: GET /visits = REDIS INCR visits
// drydock: GET /books = POSTGRES SELECT title, author FROM books ORDER BY id
// drydock: GET /greeting = FILE GREETING_FILE
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { hostname } from 'node:os';
import pg from 'pg';
import { createClient } from 'redis';

const env = process.env;
const startedMs = Date.now();
const { REDIS_HOST = 'localhost', REDIS_PORT = '6379' } = env;
const redis = createClient({ url: `redis://${REDIS_HOST}:${REDIS_PORT}` });
redis.on('error', (error) => console.error(`redis: ${error.message}`));
await redis.connect();

const db = new pg.Pool({
  host: env.DB_HOST ?? 'localhost',
  port: Number(env.DB_PORT ?? 5432),
  database: env.DB_NAME,
  user: env.DB_USER,
  // Asked for each new connection, so that a rotated password is picked up.
  password: async () => (await readFile(env.DB_PASSWORD_FILE, 'utf8')).trim(),
});

const routes = {
  '/visits': async () => ({ visits: await redis.incr('visits') }),
  '/books': async () => ({
    books: (await db.query('SELECT title, author FROM books ORDER BY id')).rows,
  }),
  '/greeting': async () => ({ greeting: (await readFile(env.GREETING_FILE, 'utf8')).trim() }),
};

const isIll = () =>
  Boolean(env.HEALTH_FAILS_AFTER_MS) &&
  Date.now() - startedMs >= Number(env.HEALTH_FAILS_AFTER_MS);

const server = createServer(async (request, response) => {
  const path = request.url.split('?')[0];
  response.on('finish', () => console.log(`${request.method} ${request.url} ${response.statusCode}`));
  if (path === '/healthz') {
    response.writeHead(isIll() ? 503 : 200).end(isIll() ? 'unhealthy\n' : 'ok\n');
    return;
  }
  if (path === '/version') {
    response.end(`${env.APP_VERSION ?? 'unknown'}\n`);
    return;
  }
  const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
  if (!route || request.method !== 'GET') {
    response.writeHead(404).end('not found\n');
    return;
  }
  await new Promise((done) => setTimeout(done, Number(env.RESPONSE_MS || 2)));
  try {
    const answer = { ...(await route()), host: hostname(), version: env.APP_VERSION };
    response.setHeader('Content-Type', 'application/json');
    response.end(`${JSON.stringify(answer)}\n`);
  } catch (error) {
    response.writeHead(503).end(`${JSON.stringify({ error: error.message })}\n`);
  }
});

server.listen(Number(env.PORT || 8080), () => console.log(`listening on port ${env.PORT || 8080}`));

process.on('SIGTERM', () => {
  console.log('received SIGTERM, shutting down');
  server.close(() => process.exit(0));
});

if (env.CRASH_AFTER_MS) {
  setTimeout(() => {
    console.error('fatal: the application crashed on purpose');
    process.exit(1);
  }, Number(env.CRASH_AFTER_MS));
}
