import type { Told, Wire } from './port.ts';
import { serve } from './serve.ts';

/**
 * A wire to an engine in the same thread, for where there is no worker: tests, and a page opened
 * from a file. What passes is copied as between threads, so that what could not pass is found out.
 */
export function makeWire(): Wire {
  const listeners: ((told: Told) => void)[] = [];
  const answer = serve((told) => {
    const copy = structuredClone(told);
    for (const listener of listeners) listener(copy);
  });
  return {
    send: (asked) => void Promise.resolve(structuredClone(asked)).then(answer),
    listen: (listener) => listeners.push(listener),
  };
}
