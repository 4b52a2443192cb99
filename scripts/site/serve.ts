/** `npm run serve [-- --port N]`: serves dist/ as it is. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { HOST, listenNear } from './listen.ts';
import { normalBase, staticServer } from './static-server.ts';

const DEFAULT_PORT = '4321';

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function portFrom(args: readonly string[]): number {
  const options = { port: { type: 'string', default: DEFAULT_PORT } } as const;
  const port = Number(parseArgs({ args: [...args], options }).values.port);
  if (Number.isInteger(port) && port >= 0 && port < 65_516) return port;
  throw new Error('--port wants a whole number from 0 to 65515.');
}

/**
 * Serves `root`/dist until Ctrl+C, and prints the address.
 *
 * @param args command-line arguments: `--port N`
 */
export async function serveSite(root: string, args: readonly string[]): Promise<void> {
  const folder = join(root, 'dist');
  if (!existsSync(join(folder, 'index.html'))) {
    throw new Error('There is no built site in dist/. Run: npm run build');
  }
  const base = normalBase(process.env.BASE_PATH);
  const server = staticServer({ folder, base });
  const port = await listenNear(server, portFrom(args), say);
  say(`Drydock: http://${HOST}:${String(port)}${base}`);
  say('Ctrl+C ends it.');
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  serveSite(process.cwd(), process.argv.slice(2)).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}
