import { runOf } from '../../engine/link/world-run.ts';
import { encodeWorld, type EncodedWorld } from '../../engine/link/world-link.ts';
import { writeWorldFile } from '../../engine/link/world-file.ts';
import { FAULT_TEXT } from '../../engine/machine/files.ts';
import { resolvePath } from '../../engine/machine/command.ts';
import { contentBytes } from '../../engine/oci/entry.ts';
import { atOnce } from '../../engine/sim/breath.ts';
import { compareMoments } from '../../engine/sim/journal.ts';
import type { Moment } from '../../engine/sim/kernel.ts';
import { travelling, travelOf } from '../../engine/travel.ts';
import { inFork } from '../../scenarios/challenges/fork.ts';
import type { Verdict } from '../../scenarios/challenges/judge-challenge.ts';
import { breathe, LEFT_OFF } from './breath.ts';
import { HeldWorld } from './held-world.ts';
import type { Room } from './port.ts';
import { prepareFor, readyFor, withPieces } from './pieces.ts';
import { hideSight, showSight } from './sights.ts';
import type {
  Completions,
  ForkAnswer,
  OpenedWorld,
  Progress,
  WorldHandlers,
  WorldState,
} from './world-messages.ts';
import { begin, presetOf, readSource } from './world-source.ts';

/** The worlds of a page, by the names that it gave them. */
const worlds = new Map<string, HeldWorld>();

interface Named {
  readonly world: string;
}

type Body<K extends keyof WorldHandlers> = Named & WorldHandlers[K]['body'];

/** So long a slice of `world/live` may take: what is left of a frame is the page's. */
const LIVE_MS = 12;
/** Between two looks at the clock. */
const EVENTS_AT_ONCE = 8;
const FILES_LIMIT = 2_000;

function held(name: string): HeldWorld {
  const found = worlds.get(name);
  if (!found) throw new Error(`there is no world ${name}`);
  return found;
}

function atPrompt({ world: name, machine }: Named & { readonly machine: string }): HeldWorld {
  const world = held(name);
  world.needPrompt(machine);
  return world;
}

async function open(
  { world: name, source, pieces }: Body<'world/open'>,
  room: Room,
): Promise<OpenedWorld> {
  close({ world: name });
  const read = await readSource(source);
  if (read.kind === 'refused') return read;
  await readyFor(presetOf(read), pieces);
  const told = (events: number): void =>
    room.tell({ about: name, kind: 'progress', body: { events } satisfies Progress });
  const begun = await withPieces(() => breathe(begin(read), told));
  if (begun.kind === 'refused') return begun;
  prepareFor(presetOf(read));
  const world = new HeldWorld(name, begun, room);
  const { session, changed, challenge } = begun;
  const { timeline } = session;
  worlds.set(name, world);
  showSight(name, {
    world: () => session.world,
    timeline,
    look: (at) => world.look(at),
    lookAlong: (work) => world.lookAlong(work),
  });
  const { world: preset, seed } = timeline.journal;
  world.tellNews();
  const { machines, state } = world;
  return {
    ...{ kind: 'open', preset, seed, machines, state },
    ...(challenge && { challenge: challenge.id }),
    ...(changed && { changed }),
  };
}

function close({ world: name }: Named): undefined {
  worlds.get(name)?.close();
  worlds.delete(name);
  hideSight(name);
}

async function type({ line, ...at }: Body<'world/type'>): Promise<WorldState> {
  const world = atPrompt(at);
  const { machine } = at;
  const { session } = world.begun;
  const wish = travelOf(line);
  const { busy, continues } = session.world.terminals.row(machine);
  if (!wish || busy || continues) return world.act(() => session.begin(line, machine));
  if (wish.to === 'undo' && world.state.done === 0) {
    world.say({ machine, line, text: 'drydock: nothing was done yet\n', exitCode: 1 });
    return world.state;
  }
  const { printed, exitCode } = await world.take(() => travelling(session.timeline, wish));
  const travels = wish.to !== 'here' && exitCode === 0;
  const { challenge } = world.begun;
  // As the lab's own links, it brings the exercise along.
  const isLink = wish.to === 'here' && exitCode === 0 && challenge !== undefined;
  const text = isLink ? printed.replace(/\n$/, `&challenge=${challenge.id}\n`) : printed;
  world.say({ machine, line, text, exitCode, ...(travels && { travels }) });
  return world.state;
}

function interrupt(at: Body<'world/interrupt'>): Promise<WorldState> {
  const world = atPrompt(at);
  const { session } = world.begun;
  const { timeline } = session;
  return world.act(() => {
    session.interrupt(at.machine);
    // What is due now is lived: a shell that only waits for a line would hear of it with the next one.
    const nowMs = timeline.moment.timeMs;
    const untilMs = performance.now() + LIVE_MS;
    for (let count = 1; timeline.step(nowMs); count++) {
      if (count % EVENTS_AT_ONCE === 0 && performance.now() >= untilMs) return;
    }
  });
}

function save({ path, content, ...at }: Body<'world/save'>): Promise<WorldState> {
  const world = atPrompt(at);
  const { session } = world.begun;
  const { machine } = at;
  return world.act(() => {
    const { kernel, files, terminals } = session.world;
    const whole = resolvePath(terminals.row(machine).cwd, path);
    let fault: ReturnType<typeof files.write>;
    atOnce(
      kernel.attempting(function* () {
        fault = files.write(machine, whole, content);
        return false;
      }),
    );
    if (fault) throw new Error(`${whole}: ${FAULT_TEXT[fault]}`);
    session.write(whole, content, machine);
  });
}

function live({ world: name, byMs, whileBusy = false }: Body<'world/live'>): Promise<WorldState> {
  const world = held(name);
  const { timeline, world: lived } = world.begun.session;
  const prompts = world.machines.filter(({ hasPrompt }) => hasPrompt);
  const isOver = () => whileBusy && !prompts.some((one) => lived.terminals.isBusy(one.name));
  return world.slice(() => {
    const toMs = timeline.moment.timeMs + Math.max(0, Math.floor(byMs) || 0);
    const untilMs = performance.now() + LIVE_MS;
    for (let count = 1; !isOver(); count++) {
      if (!timeline.step(toMs)) return timeline.advance(toMs);
      if (count % EVENTS_AT_ONCE === 0 && performance.now() >= untilMs) return;
    }
  });
}

async function settle({ leave = false, ...at }: Body<'world/settle'>): Promise<WorldState> {
  const world = atPrompt(at);
  const { session } = world.begun;
  const work = () => session.waiting(at.machine, leave);
  while (!(await world.takeUp(work)));
  return world.state;
}

function seekMoment({ world: name, moment }: Named & { moment: Moment }): Promise<WorldState> {
  const world = held(name);
  const { timeline } = world.begun.session;
  return travelBy(world, () => {
    const { end } = timeline.branch;
    return timeline.seeking(compareMoments(moment, end) > 0 ? end : moment);
  });
}

async function travelBy(
  world: HeldWorld,
  way: () => Generator<number, unknown, void>,
): Promise<WorldState> {
  await world.take(way);
  return world.state;
}

function ask({ line, ...at }: Body<'world/ask'>): Promise<ForkAnswer> {
  const world = atPrompt(at);
  const { session } = world.begun;
  const steps = [{ command: line }];
  return world.take(() =>
    inFork(
      session,
      function* (fork): Generator<number, ForkAnswer, void> {
        const { lived, fault } = yield* fork.asking(steps);
        const { printed = '', exitCode = 1 } = lived[0] ?? {};
        return { printed: fault === undefined ? printed : `${fault}\n`, exitCode };
      },
      at.machine,
    ),
  );
}

type Served = {
  [K in keyof WorldHandlers]: (
    body: Body<K>,
    room: Room,
  ) => WorldHandlers[K]['answer'] | Promise<WorldHandlers[K]['answer']>;
};

const NOTHING_ASKED: Verdict = { met: false, begun: false, parts: [], broken: [] };

/** What pages ask of worlds: see world-messages.ts. */
export const worldHandlers = {
  'world/open': open,
  'world/close': close,
  'world/type': type,
  'world/interrupt': interrupt,
  'world/save': save,
  'world/read': ({ world, machine, path }: Body<'world/read'>): Promise<string | undefined> => {
    const { terminals, files } = atPrompt({ world, machine }).begun.session.world;
    const whole = () => resolvePath(terminals.row(machine).cwd, path);
    return held(world).look(() => files.read(machine, whole())?.content);
  },
  'world/files': ({ world, machine, directory }: Body<'world/files'>) => {
    const { terminals, files } = atPrompt({ world, machine }).begun.session.world;
    return held(world).look(() => {
      const top = resolvePath(terminals.row(machine).cwd, directory);
      const found: { readonly path: string; readonly bytes: number }[] = [];
      for (const [path, node] of files.nodes(machine, top)) {
        if (node.type !== 'file') continue;
        found.push({
          path: `${top === '/' ? '' : top}/${path}`,
          bytes: contentBytes(node.content),
        });
        if (found.length === FILES_LIMIT) break;
      }
      return found;
    });
  },
  'world/live': live,
  'world/settle': settle,
  'world/seek': ({ world: name, timeMs }: Body<'world/seek'>): Promise<WorldState> => {
    const world = held(name);
    const { timeline } = world.begun.session;
    return travelBy(world, () => timeline.seekingTime(Math.max(timeMs, world.startMs)));
  },
  'world/seek-moment': seekMoment,
  'world/undo': ({ world: name }: Named): Promise<WorldState> => {
    const world = held(name);
    if (world.state.done === 0) return Promise.resolve(world.state);
    return travelBy(world, () => world.begun.session.timeline.undoing());
  },
  'world/switch': ({ world: name, branch }: Body<'world/switch'>): Promise<WorldState> => {
    const world = held(name);
    return travelBy(world, () => world.begun.session.timeline.switchingTo(branch));
  },
  'world/link': ({ world }: Named): Promise<EncodedWorld> =>
    held(world).look(() => encodeWorld(runOf(held(world).begun.session.timeline))),
  'world/file': ({ world }: Named): Promise<string | undefined> =>
    held(world).look(() => writeWorldFile(runOf(held(world).begun.session.timeline))),
  'world/hash': ({ world }: Named): Promise<string> =>
    held(world).look(() => held(world).begun.session.timeline.hash()),
  'world/ask': ask,
  'world/complete': async ({
    line,
    caret,
    ...at
  }: Body<'world/complete'>): Promise<Completions> => {
    const world = atPrompt(at);
    const { complete } = await import('../../engine/completion/complete.ts');
    return world.look(() => complete(world.begun.session.world, at.machine, line, caret));
  },
  'world/judge': async ({ world: name }: Named): Promise<Verdict | undefined> => {
    const world = held(name);
    const number = ++world.judged;
    const { session, challenge } = world.begun;
    if (!challenge) return NOTHING_ASKED;
    const { judgingChallenge } = await import('../../scenarios/challenges/judge-challenge.ts');
    const judged = () => judgingChallenge(session, challenge);
    const verdict = await world.takeUnless(judged, () => world.judged !== number);
    return verdict === LEFT_OFF ? undefined : verdict;
  },
  'world/judge-no-more': ({ world: name }: Named): undefined => {
    held(name).judged += 1;
  },
} satisfies Served;
