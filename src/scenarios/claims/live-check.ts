import { Session } from '../../engine/session.ts';
import { PAGE_SEED } from '../page-seed.ts';
import type { Check } from './claim-table.ts';

/** What a step of a check came to. */
export interface LivedStep {
  readonly name?: string;
  readonly command: string;
  /** Without the last line end. */
  readonly printed: string;
  readonly exitCode: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** Types a check's commands in a fresh world, each after the one before has ended. */
export function liveCheck({ preset, files, steps }: Check): readonly LivedStep[] {
  const session = new Session({ preset, seed: PAGE_SEED });
  for (const [path, content] of Object.entries(files)) session.write(path, content);
  const { kernel } = session.world;
  return steps.map((step) => {
    const startMs = kernel.now;
    const { printed, exitCode } = session.type(step.command);
    return {
      ...step,
      printed: printed.replace(/\n$/, ''),
      exitCode,
      startMs,
      endMs: kernel.now,
    };
  });
}
