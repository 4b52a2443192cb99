import type { Told, Wire } from './port.ts';

/** A wire to a worker of its own. The offline edition, which can load no worker, has `here-wire.ts`. */
export function makeWire(): Wire {
  const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module' });
  return {
    send: (asked) => worker.postMessage(asked),
    listen: (listener) => {
      worker.addEventListener('message', ({ data }: MessageEvent<Told>) => listener(data));
    },
    onBreak: (listener) => {
      worker.addEventListener('error', ({ message }) => listener(message), { once: true });
    },
  };
}
