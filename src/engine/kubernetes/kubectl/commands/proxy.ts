import { ask, Interrupt, open, read } from '../../../sim/process.ts';
import { ADMIN, httpService } from '../../api/http.ts';
import { fatal, print, serverOf, type Session, type Step } from '../session.ts';

/**
 * `kubectl proxy` (staging/src/k8s.io/kubectl/pkg/cmd/proxy/proxy.go, v1.36): while it runs, a port
 * of this machine leads to the API server.
 *
 * Simplified: no files (`--www`), no Unix sockets; hosts and methods are not looked at, and a free
 * port is the first above 30000 instead of any.
 */
const FREE_PORTS = 30_000;
const FREE_PORTS_TRIED = 100;

export function* proxy(session: Session): Step<number> {
  const { flags, line } = session;
  if (flags.changed('port') && flags.text('unix-socket') !== '') {
    yield* fatal(session, 'cannot set --unix-socket and --port at the same time');
  }
  for (const name of ['unix-socket', 'www']) {
    if (flags.text(name) === '') continue;
    yield* fatal(session, `kubectl proxy --${name} is not modelled here`);
  }
  const server = yield* serverOf(session);
  const given = flags.text('address');
  const ip = given === 'localhost' ? '127.0.0.1' : given;
  const wanted = Number(flags.text('port'));
  const slashed = flags.text('api-prefix').replace(/\/*$/, '/');
  const payload = {
    machine: line.machine,
    service: httpService(server.slice('apiserver/'.length)),
    certificate: session.configuration.identity ?? ADMIN,
    prefix: slashed.startsWith('/') ? slashed : `/${slashed}`,
    rejected: flags.has('disable-filter') ? [] : flags.text('reject-paths').split(','),
  };
  const first = wanted === 0 ? FREE_PORTS : wanted;
  const tried = wanted === 0 ? FREE_PORTS_TRIED : 1;
  for (let port = first; port < first + tried; port++) {
    const at = { ip, port, on: line.machine };
    if (!(yield* ask<boolean>('kubectl/listen-proxy', { ...payload, at }))) continue;
    yield* print(session, `Starting to serve on ${ip}:${port}\n`);
    try {
      yield* read(yield* open());
    } catch (error) {
      if (error instanceof Interrupt) yield* ask('kubectl/close', { at });
      throw error;
    }
  }
  return yield* fatal(session, `listen tcp ${ip}:${wanted}: bind: address already in use`);
}
