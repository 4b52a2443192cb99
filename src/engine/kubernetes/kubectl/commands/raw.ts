import type { ListAnswer } from '../../api/requests.ts';
import { apiVersionOf, RESOURCES, type ResourceInfo } from '../../api/resources.ts';
import { sortKeys } from '../../apimachinery/canonical-json.ts';
import { goJson } from '../printers/go-json.ts';
import {
  connect,
  dieWith,
  fail,
  fatal,
  print,
  request,
  type Session,
  type Step,
} from '../session.ts';

/**
 * `kubectl get --raw PATH`: what the server answers to a path
 * (staging/src/k8s.io/kubectl/pkg/rawhttp/raw.go, v1.36).
 *
 * Simplified: health checks, objects and lists of objects; no other paths.
 */
const HEALTH = new Set(['/healthz', '/livez', '/readyz']);
const PATH =
  /^\/(?:api\/v1|apis\/([^/]+)\/[^/]+)(?:\/namespaces\/([^/]+))?\/([^/]+)(?:\/([^/]+))?$/;

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
  const path = raw.replace(/[?].*$/, '').replace(/\/$/, '');
  if (HEALTH.has(path)) {
    yield* print(session, 'ok');
    return 0;
  }
  const found = resourceAt(path);
  if (!found) {
    return yield* dieWith(
      session,
      'Error from server (NotFound): the server could not find the requested resource',
    );
  }
  const { info, namespace, name } = found;
  const { resource } = info;
  if (name !== undefined) {
    const answer = yield* request(session, { verb: 'get', resource, namespace, name });
    if (!answer.ok) return yield* fail(session, answer.failure);
    yield* print(session, `${goJson(sortKeys(answer.value))}\n`);
    return 0;
  }
  const answer = yield* request<ListAnswer>(session, { verb: 'list', resource, namespace });
  if (!answer.ok) return yield* fail(session, answer.failure);
  const { items, resourceVersion } = answer.value;
  const kind = `${info.kind}List`;
  const value = { kind, apiVersion: apiVersionOf(info), metadata: { resourceVersion }, items };
  yield* print(session, `${goJson(value)}\n`);
  return 0;
}

function resourceAt(
  path: string,
): { info: ResourceInfo; namespace: string; name?: string } | undefined {
  const found = PATH.exec(path);
  if (!found) return undefined;
  const [, group = '', namespace = '', plural = '', name] = found;
  const info = RESOURCES.find((one) => one.plural === plural && one.group === group);
  return info && { info, namespace, ...(name !== undefined && { name }) };
}
