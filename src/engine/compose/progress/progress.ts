import type { Invocation, Step } from '../../docker/cli/invocation.ts';
import { WHOLE, type Resource } from './resource.ts';
import { finalView, type Task } from './view.ts';

/**
 * How far a command is (docker/compose v5.5 `cmd/display/{plain,tty,json,quiet}.go`): on a terminal
 * a view of all things, else a line for each news, both on stderr.
 *
 * Simplified: the view is printed once, as it stands at the end; nothing is drawn over.
 */
export type Mode = 'tty' | 'plain' | 'json' | 'quiet';

const JSON_STATUS = { working: 'Working', done: 'Done', warning: 'Warning', error: 'Error' };

export class Progress {
  readonly mode: Mode;
  readonly #call: Invocation;
  readonly #detached: boolean;
  #operation = '';
  #tasks = new Map<string, Task>();

  constructor(call: Invocation, mode: Mode, detached: boolean) {
    this.#call = call;
    this.mode = mode;
    this.#detached = detached;
  }

  /** Runs what the view is of; it is shown at the end, however that comes. */
  *during<T>(operation: string, steps: Step<T>): Step<T> {
    this.#operation = operation;
    try {
      return yield* steps;
    } finally {
      yield* this.#finish();
    }
  }

  /** Lets the view appear before something else is printed. */
  *#finish(): Step<void> {
    const operation = this.#operation;
    this.#operation = '';
    if (this.mode !== 'tty' || this.#tasks.size === 0) return;
    const nowMs = yield* this.#call.now();
    yield* this.#call.err(finalView(operation, [...this.#tasks.values()], nowMs));
  }

  *on(...news: readonly Resource[]): Step<void> {
    for (const one of news) yield* this.#tell(one);
  }

  *#tell(news: Resource): Step<void> {
    const { id, text, details = '', status } = news;
    switch (this.mode) {
      case 'quiet':
        return;
      case 'plain':
        return yield* this.#call.err(` ${id} ${text} ${details}\n`);
      case 'json': {
        const from = news.parent === undefined ? {} : { parent_id: news.parent };
        const said = { status: JSON_STATUS[status], text, ...(details && { details }) };
        const line = { id, ...from, ...said };
        return yield* this.#call.err(`${JSON.stringify(line)}\n`);
      }
      case 'tty':
        return yield* this.#note(news);
    }
  }

  *#note(news: Resource): Step<void> {
    const { id, text, details = '' } = news;
    if (id === WHOLE) return yield* this.#call.err(`${details}\n`);
    // Lines of the log are about to come between them.
    const isStart = text === 'Starting' || text === 'Started';
    if (isStart && this.#operation !== 'start' && !this.#detached) return;
    const nowMs = yield* this.#call.now();
    const before = this.#tasks.get(id);
    const isOver = news.status !== 'working';
    this.#tasks.set(id, {
      ...news,
      startMs: before?.startMs ?? nowMs,
      endMs: isOver && before?.status !== news.status ? nowMs : (before?.endMs ?? nowMs),
    });
    if (this.#operation === '') yield* this.#call.err(`${id} ${text} ${details}\n`);
  }
}
