import { resolvePath } from '../../../machine/command.ts';
import { readFile } from '../../../machine/files.ts';
import { ask, read, sleep } from '../../../sim/process.ts';
import { ADMIN, httpService, type HttpAnswer, type HttpRequest } from '../../api/http.ts';
import type { Failure } from '../../apimachinery/status.ts';
import { connect, fail, fatal, print, type Session, type Step } from '../session.ts';

/**
 * `--raw PATH`: what the server answers to a path
 * (staging/src/k8s.io/kubectl/pkg/rawhttp/raw.go, v1.36).
 */
const REQUEST_MS = 2;

const apart = (name: string): string => `--raw and ${name} are mutually exclusive`;

export function* getRaw(session: Session): Step<number> {
  const { flags, words } = session;
  if (flags.has('watch') || flags.has('watch-only') || flags.text('selector') !== '') {
    const why =
      '--raw may not be specified with other flags that filter the server request or alter the output';
    yield* fatal(session, why);
  }
  if (words.length > 0) {
    yield* fatal(session, 'arguments may not be passed when --raw is specified');
  }
  if (flags.text('output') !== '') yield* fatal(session, apart('--output'));
  return yield* send(session, 'GET');
}

/** `create --raw` and `replace --raw`: sends a file. */
export function* sendRaw(session: Session, method: 'POST' | 'PUT'): Step<number> {
  const { flags } = session;
  const refusals: readonly (readonly [boolean, string])[] = [
    ...raws(session, flags.all('filename').length !== 1),
    [flags.text('selector') !== '', apart('--selector (-l)')],
    [flags.text('output') !== '', apart('--output')],
  ];
  for (const [holds, why] of refusals) if (holds) yield* fatal(session, why);
  return yield* send(session, method);
}

/** `delete --raw`: a path, with a file or without. */
export function* deleteRaw(session: Session): Step<number> {
  const { flags } = session;
  const refusals: readonly (readonly [boolean, string])[] = [
    [flags.has('interactive'), '--interactive can not be used with --raw'],
    ...raws(session, flags.all('filename').length > 1),
    [flags.text('output') !== '', apart('--output')],
  ];
  for (const [holds, why] of refusals) if (holds) yield* fatal(session, why);
  return yield* send(session, 'DELETE');
}

const raws = ({ flags }: Session, several: boolean): readonly (readonly [boolean, string])[] => [
  [several, '--raw can only use a single local file or stdin'],
  [/^https?:\/\//.test(flags.all('filename')[0] ?? ''), '--raw cannot read from a url'],
  [flags.has('recursive'), apart('--recursive')],
];

function* send(session: Session, method: HttpRequest['method']): Step<number> {
  const raw = session.flags.text('raw');
  if (!raw.startsWith('/')) {
    const why = `parse ${JSON.stringify(raw)}: invalid URI for request`;
    yield* fatal(session, `--raw must be a valid URL path: ${why}`);
  }
  const escape = /%(?![0-9a-fA-F]{2})(.{0,2})/.exec(raw);
  if (escape) {
    const why = `parse ${JSON.stringify(raw)}: invalid URL escape "${escape[0]}"`;
    yield* fatal(session, `--raw must be a valid URL path: ${why}`);
  }
  yield* connect(session);
  const [file] = session.flags.all('filename');
  const body = file === undefined ? undefined : yield* contentOf(session, file);
  const [path = '/', ...rest] = raw.split('?');
  const { identity } = session.configuration;
  const request: HttpRequest = {
    method,
    path,
    query: rest.join('?'),
    certificate: identity ?? ADMIN,
    ...(body !== undefined && { body, headers: { 'content-type': 'application/json' } }),
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

function* contentOf(session: Session, path: string): Step<string> {
  const { line, self } = session;
  if (path === '-') {
    let text = '';
    for (let more = yield* read<string>(self.stdin); more; more = yield* read<string>(self.stdin)) {
      text += more.join('');
    }
    return text;
  }
  const file = yield* readFile(line.machine, resolvePath(line.cwd, path));
  const missing = `open ${path}: no such file or directory`;
  return file ? file.content : yield* fatal(session, missing);
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
