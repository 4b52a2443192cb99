import { findPreset, PRESET_NAMES } from '../../engine/presets.ts';
import { Session } from '../../engine/session.ts';
import { PAGE_SEED } from '../../scenarios/page-seed.ts';
import type { PageFence, TranscriptFence, TypedCommand } from './fences.ts';

/** A transcript as the engine prints it. */
export interface Replayed {
  readonly fence: TranscriptFence;
  readonly commands: readonly TypedCommand[];
}

/** Why a transcript cannot be lived, and at which line of the page. */
export class TranscriptFault extends Error {
  override name = 'TranscriptFault';
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

/** Lives the fences of a page from the top: files are written and commands typed in their worlds. */
export function replay(fences: readonly PageFence[]): Replayed[] {
  const sessions = new Map<string, Session>();
  return fences.flatMap((fence) => {
    let session = sessions.get(fence.world);
    if (!session) sessions.set(fence.world, (session = open(fence.world, fences)));
    if (fence.kind === 'file') {
      session.write(fence.path, fence.text);
      return [];
    }
    const commands = fence.commands.map((command) => {
      const { printed } = session.type(command.text);
      return { ...command, printed: printed.replace(/\n$/, '') };
    });
    return [{ fence, commands }];
  });
}

function open(name: string, fences: readonly PageFence[]): Session {
  const isOf = (fence: PageFence): fence is TranscriptFence =>
    fence.kind === 'transcript' && fence.world === name;
  const named = fences.filter(isOf).find(({ preset }) => preset !== undefined);
  const preset = named?.preset ?? 'host';
  if (!findPreset(preset)) {
    const names = PRESET_NAMES.join(', ');
    throw new TranscriptFault(named?.from ?? 1, `There is no preset ${preset}, only ${names}.`);
  }
  return new Session({ preset, seed: PAGE_SEED });
}
