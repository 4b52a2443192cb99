import { LOOPBACK, type Http } from '../net/http.ts';
import { endpointsOf, keyOfPlace, type Rows } from './rows.ts';

/**
 * Who asks from a container whose address everybody knows, as those of a Pod do: it is seen by that
 * address, and `localhost` is what listens there, in whichever container of the Pod.
 */
export function joinOwnNetwork(http: Http, rows: Rows): void {
  const known = (place: string) => {
    const row = rows.containers.get(keyOfPlace(place));
    const endpoint = row && !row.spec.hostNetwork ? endpointsOf(row)[0] : undefined;
    if (!row || !endpoint || endpoint.private) return undefined;
    return { name: row.spec.name, ip: endpoint.ip };
  };
  http.places(known);
  http.translator(({ place }, to) => {
    if (place === undefined || to.on !== undefined || !to.ip.startsWith('127.')) return undefined;
    const own = known(place);
    if (!own) return undefined;
    const at = { ip: own.ip, port: to.port, as: LOOPBACK };
    return http.listenerAt(at) ? at : 'refused';
  });
}
