import type { Addresses } from './address.ts';
import type { Http } from './http.ts';

/**
 * The few hosts of the internet, beside registries, that examples ask for: they answer `ping`, and
 * each serves a page of one sentence on port 80.
 *
 * Simplified: addresses never change, nothing is behind TLS, and the sites have no other pages.
 */
export interface InternetHost {
  readonly ip: string;
  /** Other names for it. */
  readonly aliases?: readonly string[];
}

export const INTERNET_HOSTS: Readonly<Record<string, InternetHost>> = {
  'docker.com': { ip: '141.193.213.20', aliases: ['www.docker.com'] },
  'example.com': { ip: '93.184.215.14', aliases: ['www.example.com', 'example.org'] },
  'google.com': { ip: '142.250.206.206', aliases: ['www.google.com'] },
  'dns.google': { ip: '8.8.8.8' },
  'one.one.one.one': { ip: '1.1.1.1' },
};

const SERVER = 'internet';
const ANSWER_MS = 5;
const encoder = new TextEncoder();

/** Puts the hosts at their addresses; done once a world. */
export function addInternet(http: Http, addresses: Addresses): void {
  http.server(SERVER, ({ host }: { host: string }, { method, path }) => ({
    response: answer(host, method, path),
    afterMs: ANSWER_MS,
  }));
  for (const [host, { ip, aliases = [] }] of Object.entries(INTERNET_HOSTS)) {
    addresses.assign(ip, { machine: host, owner: host });
    for (const name of [host, ...aliases]) addresses.setName(name, ip);
    const listener = { machine: host, name: host, server: SERVER, payload: { host } };
    http.listen({ ip, port: 80 }, listener);
  }
}

function answer(host: string, method: string, path: string) {
  const isFound = path.replace(/\?.*$/s, '') === '/';
  const text = isFound
    ? `<!doctype html>\n<html>\n<head><title>${host}</title></head>\n<body><h1>${host}</h1></body>\n</html>\n`
    : 'Not Found\n';
  const body = encoder.encode(text);
  const headers = {
    'Content-Type': isFound ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8',
    'Content-Length': String(body.length),
  };
  return {
    status: isFound ? 200 : 404,
    headers,
    body: method === 'HEAD' ? new Uint8Array(0) : body,
  };
}
