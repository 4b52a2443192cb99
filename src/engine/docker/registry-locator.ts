import type { Tasks } from '../containerd/tasks.ts';
import type { Addresses } from '../net/address.ts';
import type { Http } from '../net/http.ts';
import type { Refused, RegistryAt } from '../oci/registry.ts';

/**
 * Registries that people run themselves: a container of the image `registry` whose port a machine
 * publishes, as in `docker run -d -p 5000:5000 registry:3` and `docker push localhost:5000/web`.
 *
 * Simplified: the container's program listens, and the registry of the world answers for it; what
 * was pushed stays as long as the container, in no file of it.
 */
interface Rooms {
  readonly http: Http;
  readonly addresses: Addresses;
  readonly tasks: Tasks;
}

const IMAGE = /^docker\.io\/library\/registry[:@]/;

/** Where a host's name and port lead from a machine; undefined when the name means nothing. */
export function locateRegistry(
  { http, addresses, tasks }: Rooms,
  machine: string,
  host: string,
): RegistryAt | Refused | undefined {
  const [, name = '', digits = '443'] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  const isAddress = /^\d+(\.\d+){3}$/.test(name);
  const ip = name === 'localhost' ? '127.0.0.1' : isAddress ? name : addresses.resolve(name);
  if (ip === undefined) return undefined;
  const port = Number(digits);
  const refused = { refused: `${ip}:${port}` };
  const at = http.route({ machine, name: 'docker' }, { ip, port });
  const listener = typeof at === 'string' ? undefined : http.listenerAt(at);
  if (!listener) return refused;
  const { key = '' } = listener.payload as { key?: string };
  const [where = '', id = ''] = key.split(' ');
  const image = id === '' ? undefined : tasks.view(where, id)?.image;
  const isRegistry = image !== undefined && IMAGE.test(image);
  // What listens and is no registry knows no repository.
  const registry = isRegistry ? `container ${key}` : NONE;
  return { key: registry, end: listener.machine, transport: 'http' };
}

const NONE = 'none';
