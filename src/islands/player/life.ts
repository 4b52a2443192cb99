import { signal, type ReadonlySignal } from '@preact/signals';
import { connectEngine, type Engine } from '../engine-room/connect.ts';
import type { RunData } from '../engine-room/run-messages.ts';
import type { Progress } from '../engine-room/world-messages.ts';

/** How far the engine beside the page is with a run. */
export type Stage = 'unlived' | 'living' | 'lived' | 'failed';

/**
 * The life of a run beside the page. A figure moves without it, by its film; the engine is fetched and
 * the run lived when somebody is about to ask what only the world can tell.
 */
export interface Life {
  /** Answers about the run once it was lived, and has it lived when it is asked before. */
  readonly engine: Engine;
  readonly stage: ReadonlySignal<Stage>;
  /** How many events were lived so far. */
  readonly events: ReadonlySignal<number>;
  /** Lives it, unless it was or is being lived. @throws (rejects) when the engine failed; again tries again */
  live(): Promise<void>;
  end(): void;
}

/** The page's name of a figure's run. */
export const nameOf = ({ figure }: RunData): string => `run/${figure}`;

export function lifeOf(data: RunData): Life {
  const name = nameOf(data);
  const stage = signal<Stage>('unlived');
  const events = signal(0);
  let living: Promise<Engine> | undefined;
  async function begin(): Promise<Engine> {
    stage.value = 'living';
    try {
      const engine = connectEngine();
      const stop = engine.hear(name, ({ kind, body }) => {
        if (kind === 'progress') events.value = (body as Progress).events;
      });
      await engine.ask('run/open', { run: name, data }).finally(stop);
      stage.value = 'lived';
      return engine;
    } catch (error) {
      living = undefined;
      stage.value = 'failed';
      throw error;
    }
  }
  const lived = (): Promise<Engine> => (living ??= begin());
  return {
    stage,
    events,
    engine: {
      ask: async (what, body) => (await lived()).ask(what, body),
      hear: (about, listener) => connectEngine().hear(about, listener),
    },
    live: async () => {
      await lived();
    },
    end() {
      // One that failed has nothing to close.
      living?.then((engine) => engine.ask('run/close', { run: name })).catch(() => undefined);
    },
  };
}
