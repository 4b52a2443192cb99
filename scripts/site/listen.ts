/** Listening on the first free port, on this machine only. */
import type { Server } from 'node:http';

export const HOST = '127.0.0.1';

/** How many ports are tried, the first included. */
export const PORTS_TRIED = 20;

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

/**
 * Listens on `port`, or on the next free one above it.
 *
 * @param port 0 lets the system choose
 * @param say told of each taken port
 * @returns the port in use
 * @throws when none of the ports tried is free
 */
export async function listenNear(
  server: Server,
  port: number,
  say: (line: string) => void,
): Promise<number> {
  for (let tried = port; tried < port + PORTS_TRIED; tried += 1) {
    try {
      return await listenOn(server, tried);
    } catch (error) {
      if (!isTaken(error)) throw error;
      say(`Port ${String(tried)} is taken; trying ${String(tried + 1)}.`);
    }
  }
  throw new Error(`No free port from ${String(port)} to ${String(port + PORTS_TRIED - 1)}.`);
}
