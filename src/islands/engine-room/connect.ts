import type { Handlers } from './handlers.ts';
import type { News, Wire } from './port.ts';
import { makeWire } from './worker-wire.ts';

type Body<K extends keyof Handlers> = Handlers[K] extends (body: infer B, ...rest: never) => unknown
  ? B
  : never;
type Answer<K extends keyof Handlers> = Handlers[K] extends (...all: never) => infer A
  ? Awaited<A>
  : never;

/** The engine as a page sees it. */
export interface Engine {
  /** @throws (rejects) when the handler threw, or no engine could be had */
  ask<K extends keyof Handlers>(name: K, body: Body<K>): Promise<Answer<K>>;
  /** Hears news about a world or run. @returns what ends it */
  hear(about: string, listener: (news: News) => void): () => void;
}

/** An engine at the other end of a wire. */
export function engineOver({ send, listen, onBreak }: Wire): Engine {
  const waiting = new Map<
    number,
    { resolve: (answer: never) => void; reject: (e: Error) => void }
  >();
  const listeners = new Map<string, Set<(news: News) => void>>();
  let last = 0;
  onBreak?.((fault) => {
    for (const { reject } of waiting.values()) reject(new Error(fault));
    waiting.clear();
  });
  listen((told) => {
    if ('news' in told) {
      for (const listener of listeners.get(told.news.about) ?? []) listener(told.news);
      return;
    }
    const who = waiting.get(told.id);
    waiting.delete(told.id);
    if ('fault' in told) who?.reject(new Error(told.fault));
    else who?.resolve(told.answer as never);
  });
  return {
    ask: (name, body) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        send({ id: last, ask: name, body });
      }),
    hear(about, listener) {
      const all = listeners.get(about) ?? new Set();
      listeners.set(about, all.add(listener));
      return () => all.delete(listener);
    },
  };
}

let shared: Engine | undefined;

/** The page's engine; the worker is made when somebody first asks for it, and after it broke. */
export function connectEngine(): Engine {
  if (shared) return shared;
  const wire = makeWire();
  wire.onBreak?.(() => (shared = undefined));
  return (shared = engineOver(wire));
}
