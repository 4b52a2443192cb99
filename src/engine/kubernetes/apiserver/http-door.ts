import { ask, join, open, read, start, type Program, type Waiter } from '../../sim/process.ts';
import type { LATER, Processes } from '../../sim/processes.ts';
import type { NodeChunk, NodeFailure } from '../api/node-requests.ts';
import { ADMIN } from '../api/http.ts';
import type { ApiRequest, Identity } from '../api/requests.ts';
import { unauthorized, type Failure, type Result } from '../apimachinery/status.ts';
import type { Backend } from './backend.ts';
import { documentOf } from './discovery.ts';
import { handle } from './handlers.ts';
import { isNodeRequest } from './node-requests.ts';
import { unauthorizedPath, unauthorizedRequest } from './rbac/authorizer.ts';
import { queryOf, routeOf, type HttpAnswer, type HttpRequest } from './rest.ts';
import { identityOfToken } from './token.ts';
import { answerOf, failureAnswer, textAnswer } from './wire.ts';

/**
 * The server's port: HTTP requests of programs in Pods and of `kubectl get --raw`. Who asks shows a
 * service account's token, a client certificate, or nothing, and may do what their roles say.
 *
 * Simplified: a watch is answered once, when there is something to tell or its time is over, with
 * the events so far and a bookmark from which the client goes on.
 */
const ANONYMOUS: Identity = {
  name: 'system:anonymous',
  groups: ['system:unauthenticated'],
};

/** How long a watch waits when the client does not say. */
const WATCH_MS = 30 * 60_000;

interface Asked {
  readonly service: string;
  readonly request: ApiRequest;
}

/** Waits for the answer of a watch or a kubelet. */
const waitFor: Program<Asked, HttpAnswer> = function* ({ service, request }) {
  return answerOf(request, yield* ask<Result<unknown>>(service, request));
};

const askOnly: Program<Asked> = function* ({ service, request }) {
  return yield* ask<unknown>(service, request);
};

/** Gathers a log until its end. */
const gather: Program<Asked & { readonly reader: string }, HttpAnswer> = function* (args) {
  const { service, request, reader } = args;
  const stream = yield* open();
  const body = { ...(request.body as object), stream };
  const pid = yield* start(reader, { service, request: { ...request, body } });
  let text = '';
  for (;;) {
    const chunks = yield* read<NodeChunk>(stream);
    if (!chunks) break;
    for (const chunk of chunks) text += chunk.text;
  }
  const ending = yield* join(pid);
  const answer = ('result' in ending ? ending.result : undefined) as
    Result<unknown> | NodeFailure | undefined;
  if (!answer || answer.ok) return textAnswer(200, text);
  return failureAnswer('failure' in answer ? answer.failure : nodeFailure(answer));
};

const nodeFailure = ({ code, message }: NodeFailure): Failure => ({
  reason: code === 400 ? 'BadRequest' : 'InternalError',
  code,
  message,
});

export class HttpDoor {
  readonly #backend: Backend;
  readonly #processes: Processes;
  readonly #service: string;

  /** @param service where requests for objects are asked that are not answered at once */
  constructor(backend: Backend, processes: Processes, service: string) {
    this.#backend = backend;
    this.#processes = processes;
    this.#service = service;
    processes.program(`${service}/http-wait`, waitFor);
    processes.program(`${service}/http-ask`, askOnly);
    processes.program(`${service}/http-gather`, gather);
  }

  answer(http: HttpRequest, asker: Waiter): HttpAnswer | typeof LATER {
    const who = this.#identify(http);
    if (!who) return failureAnswer(unauthorized());
    const identity = who === ADMIN ? undefined : who;
    const user = identity ? identity.name : ADMIN;
    const route = routeOf(http, user, identity);
    if (route.to === 'failure') return failureAnswer(route.failure);
    if (route.to === 'document') return this.#document(http, identity);
    return this.#objects(route.request, route.apiVersion, asker);
  }

  /** Who asks; undefined for a token that is none. */
  #identify({ headers = {}, certificate }: HttpRequest): Identity | typeof ADMIN | undefined {
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    if (token !== undefined) return identityOfToken(this.#backend, token);
    return certificate ?? ANONYMOUS;
  }

  #document({ path, query = '', method }: HttpRequest, identity: Identity | undefined): HttpAnswer {
    const clean = path.length > 1 ? path.replace(/\/$/, '') : path;
    const verb = method === 'HEAD' ? 'get' : method.toLowerCase();
    const refused = unauthorizedPath(this.#backend.store, identity, verb, clean);
    if (refused) return failureAnswer(refused);
    const isVerbose = queryOf(query).has('verbose');
    return documentOf(clean, isVerbose, this.#backend.outage('kubectl') === undefined);
  }

  #objects(given: ApiRequest, apiVersion: string, asker: Waiter): HttpAnswer | typeof LATER {
    const backend = this.#backend;
    const outage = backend.outage(given.user);
    if (outage) return failureAnswer(outage);
    const request = { ...given, fieldValidation: given.fieldValidation ?? ('Warn' as const) };
    const refused = unauthorizedRequest(backend.store, request);
    if (refused) return failureAnswer(refused);
    if (request.subresource === 'log') {
      const args = { service: this.#service, request, reader: `${this.#service}/http-ask` };
      return this.#processes.delegate(asker, `${this.#service}/http-gather`, args);
    }
    if (request.verb === 'watch' || isNodeRequest(request)) return this.#wait(request, asker);
    return answerOf(request, handle(backend, request), apiVersion);
  }

  /** A watch without a version begins with what is there. */
  #wait(request: ApiRequest, asker: Waiter): HttpAnswer | typeof LATER {
    const { verb, resourceVersion, timeoutMs = WATCH_MS } = request;
    if (verb === 'watch' && (resourceVersion === undefined || resourceVersion === '0')) {
      const listed = handle(this.#backend, {
        ...request,
        verb: 'list',
        resourceVersion: undefined,
      });
      return answerOf(request, asAdded(listed as Result<Listed>));
    }
    const asked = { ...request, ...(verb === 'watch' && { timeoutMs }) };
    const args = { service: this.#service, request: asked };
    return this.#processes.delegate(asker, `${this.#service}/http-wait`, args);
  }
}

interface Listed {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
}

const asAdded = (listed: Result<Listed>): Result<unknown> =>
  listed.ok
    ? {
        ok: true,
        value: {
          resourceVersion: listed.value.resourceVersion,
          events: listed.value.items.map((object) => ({ type: 'ADDED', object })),
        },
      }
    : listed;
