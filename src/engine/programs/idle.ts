import type { ProgramModel } from './program.ts';

/** A program whose inside is not modelled: it runs until it is told to end. */
export const IDLE: ProgramModel = {
  plan: () => ({
    steps: [],
    signals: { SIGTERM: { exitCode: 143, afterMs: 1 }, SIGINT: { exitCode: 130, afterMs: 1 } },
    memoryBytes: 20_000_000,
  }),
};
