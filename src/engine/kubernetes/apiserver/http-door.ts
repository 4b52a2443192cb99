import type { Waiter } from '../../sim/process.ts';
import type { LATER } from '../../sim/processes.ts';
import type { ApiRequest } from '../api/requests.ts';
import type { Backend } from './backend.ts';
import type { HttpAnswer, HttpRequest } from './rest.ts';

export class HttpDoor {
  readonly #backend: Backend;
  readonly #ask: (request: ApiRequest, asker: Waiter) => unknown;
  constructor(backend: Backend, ask: (request: ApiRequest, asker: Waiter) => unknown) {
    this.#backend = backend;
    this.#ask = ask;
  }
  answer(_request: HttpRequest, _asker: Waiter): HttpAnswer | typeof LATER {
    this.#backend;
    this.#ask;
    return { status: 501, headers: {}, body: '' };
  }
}
