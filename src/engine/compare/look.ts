import { http } from '../net/http.ts';
import { SECOND } from '../sim/clock.ts';
import { ask, now, sleep, type Program } from '../sim/process.ts';
import type { Entry } from './platforms/platform.ts';
import { WORKSTATION } from './typing.ts';

/** Somebody who looks for a text in the answers, to see when a change has taken effect. */
export interface Looking {
  readonly entries: readonly Entry[];
  readonly path: string;
  readonly text: string;
  /** Given up after so long. */
  readonly windowMs: number;
}

export const LOOK_PROGRAM = 'compare/look';

/** It was not seen in time. */
export const UNSEEN = -1;

const EVERY_MS = SECOND;

/** Asks the entries in turn, once a second. Gives the milliseconds it took, or `UNSEEN`. */
export const look: Program<Looking, number> = function* ({ entries, path, text, windowMs }) {
  const startedMs = yield* now();
  for (let i = 0; ; i++) {
    const passedMs = (yield* now()) - startedMs;
    if (passedMs >= windowMs) return UNSEEN;
    const { machine, port } = entries[i % entries.length]!;
    const ip = yield* ask<string>('net/resolve', { name: machine, place: WORKSTATION });
    const from = { machine: WORKSTATION, name: 'client' };
    const request = { method: 'GET', path, host: 'bookshelf' };
    const outcome = yield* http(from, { ip, port }, request, { timeoutMs: EVERY_MS, quiet: true });
    if (outcome.ok && new TextDecoder().decode(outcome.response.body).includes(text)) {
      return passedMs;
    }
    yield* sleep(EVERY_MS);
  }
};
