import { ask, sleep } from '../../../sim/process.ts';
import { ADMIN, httpService, type HttpAnswer, type HttpRequest } from '../../api/http.ts';
import type { Failure } from '../../apimachinery/status.ts';
import { connect, fail, fatal, print, type Session, type Step } from '../session.ts';

/**
 * `kubectl get --raw PATH`: what the server answers to a path
 * (staging/src/k8s.io/kubectl/pkg/rawhttp/raw.go, v1.36).
 */
const REQUEST_MS = 2;

export function* getRaw(session: Session): Step<number> {
  const { flags } = session;
  const raw = flags.text('raw');
  if (flags.has('watch') || flags.has('watch-only') || flags.text('selector') !== '') {
    const why =
      '--raw may not be specified with other flags that filter the server request or alter the output';
    yield* fatal(session, why);
  }
  if (flags.text('output') !== '') {
    yield* fatal(session, '--raw and --output are mutually exclusive');
  }
  if (!raw.startsWith('/')) {
    const why = `parse ${JSON.stringify(raw)}: invalid URI for request`;
    yield* fatal(session, `--raw must be a valid URL path: ${why}`);
  }
  yield* connect(session);
  const [path = '/', ...rest] = raw.split('?');
  const { identity } = session.configuration;
  const request: HttpRequest = {
    method: 'GET',
    path,
    query: rest.join('?'),
    certificate: identity ?? ADMIN,
  };
  yield* sleep(REQUEST_MS);
  const cluster = (session.server ?? '').slice('apiserver/'.length);
  const answer = yield* ask<HttpAnswer>(httpService(cluster), request);
  if (answer.status < 400) {
    yield* print(session, answer.body);
    return 0;
  }
  return yield* fail(session, failureIn(answer));
}

/** What the server's `Status` says, or what client-go makes of an answer that is none. */
function failureIn({ status, body, headers }: HttpAnswer): Failure {
  if (headers['content-type'] === 'application/json') return JSON.parse(body) as Failure;
  const message =
    status >= 500
      ? `an error on the server (${JSON.stringify(body)}) has prevented the request from succeeding`
      : body;
  return { reason: status >= 500 ? 'InternalError' : '', code: status, message };
}
