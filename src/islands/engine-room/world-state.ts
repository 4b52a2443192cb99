import { compareMoments, type Journal } from '../../engine/sim/journal.ts';
import type { Action } from '../../engine/sim/kernel.ts';
import type { World } from '../../engine/world.ts';
import type { Begun } from './world-source.ts';
import type { BranchState, PromptState, WorldMachine, WorldState } from './world-messages.ts';

/** Of a world with more machines only those have a prompt that were given one, Docker's or kubectl's. */
const PROMPTS_LIMIT = 20;

/** The machines of a world, as its page may know them. */
export function machinesOf({ machines }: World): readonly WorldMachine[] {
  const few = machines.length <= PROMPTS_LIMIT;
  return machines.map(({ name, shell = false, docker = false, node }) => ({
    name,
    hasPrompt: few || shell,
    hasDocker: docker,
    isNode: node !== undefined,
  }));
}

/** How a world stands now. */
export function stateOf(
  { session, given }: Begun,
  startMs: number,
  machines: readonly WorldMachine[],
): WorldState {
  const { timeline, world } = session;
  const { moment, branch } = timeline;
  const { entries } = branch.journal;
  const done = entries.filter((entry) => compareMoments(entry.moment, moment) < 0).length;
  const prompts: Record<string, PromptState> = {};
  for (const { name, hasPrompt } of machines) {
    if (hasPrompt) prompts[name] = promptOf(world, name);
  }
  return {
    ...{ moment, startMs, prompts },
    end: branch.end,
    inThePast: timeline.inThePast,
    branch: branch.id,
    branches: timeline.branches().map(({ id, from, end, journal }): BranchState => ({
      ...{ id, end, acts: actsOf(journal, given) },
      ...(from && { from }),
    })),
    done: Math.max(0, done - given),
  };
}

function promptOf({ terminals }: World, machine: string): PromptState {
  const { cwd, busy, continues, exitCode } = terminals.row(machine);
  return { cwd, busy, continues, exitCode, reads: terminals.isRead(machine) };
}

const known = new WeakMap<Journal['entries'], BranchState['acts']>();

function actsOf({ entries }: Journal, given: number): BranchState['acts'] {
  const already = known.get(entries);
  if (already) return already;
  const acts = entries
    .slice(given)
    .map(({ moment, action }) => ({ timeMs: moment.timeMs, text: textOf(action) }));
  known.set(entries, acts);
  return acts;
}

function textOf(action: Action): string {
  const { line, path, type } = action as { line?: string; path?: string; type: string };
  return line ?? path ?? (type === 'interrupt' ? '^C' : type);
}
