import type { Addresses } from '../net/address.ts';
import type { Http, HttpRequest, HttpResponse } from '../net/http.ts';
import { registryName, type Registries, type RegistryRequest } from '../oci/registry.ts';

/**
 * Registries of the world as servers on its network, so that a person may look into them:
 * `curl http://registry.local:5000/v2/_catalog` is answered as a client's request is.
 *
 * Simplified: of a blob only what is real bytes is sent; a model file comes without a body.
 */
const SERVER = 'registry';
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'];
const ANSWER_MS = 2;
const encoder = new TextEncoder();

interface Rooms {
  readonly http: Http;
  readonly addresses: Addresses;
  readonly registries: Registries;
}

/** Puts hosts, `registry.local:5000`, at addresses; gives nothing, and is done once a world. */
export function serveRegistries(
  { http, addresses, registries }: Rooms,
  hosts: readonly { readonly host: string; readonly ip: string }[],
): void {
  http.server(SERVER, ({ host }: { host: string }, request, caller) => ({
    response: answer(registries, host, request, caller.machine),
    afterMs: ANSWER_MS,
  }));
  for (const { host, ip } of hosts) {
    const [, name = host, port = '80'] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
    addresses.assign(ip, { machine: host, owner: host });
    addresses.setName(name, ip);
    const listener = { machine: host, name: registryName(host), server: SERVER };
    http.listen({ ip, port: Number(port) }, { ...listener, payload: { host } });
  }
}

/** One request to a host, as bytes. */
export function answer(
  registries: Registries,
  host: string,
  { method, path, headers = {}, body }: HttpRequest,
  from: string,
): HttpResponse {
  if (!METHODS.includes(method)) return { status: 405, headers: {}, body: new Uint8Array(0) };
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const asked = registries.handle(host, {
    ...{ method: method as RegistryRequest['method'], path, from },
    headers: Object.fromEntries(lower) as Record<string, string>,
    ...(body === undefined ? {} : { body: encoder.encode(body) }),
  });
  const bytes = bodyOf(asked);
  const told: Record<string, string> = { ...asked.headers };
  if (method !== 'HEAD') told['content-length'] = String(bytes.length);
  return { status: asked.status, headers: told, body: bytes };
}

function bodyOf({ json, blob, bytes }: ReturnType<Registries['handle']>): Uint8Array {
  if (json !== undefined) return encoder.encode(`${JSON.stringify(json)}\n`);
  if (bytes !== undefined) return bytes;
  return blob?.kind === 'bytes' ? blob.bytes : new Uint8Array(0);
}
