import { describe, expect, it } from 'vitest';
import { Session } from '../../src/engine/session.ts';
import { MINUTE, SECOND } from '../../src/engine/sim/clock.ts';
import type { ShellAction } from '../../src/engine/world.ts';

/** Before anything of the line was done; while it begins; when it has long begun. */
const MOMENTS_MS = [0, 1, 5, 30, 150, 500, 2 * SECOND];

interface Case {
  readonly preset: string;
  readonly machine: string;
  readonly before: string;
  readonly lines: readonly string[];
}

const CASES: readonly Case[] = [
  {
    preset: 'host',
    machine: 'host',
    before: 'docker run -d --name web nginx:alpine',
    lines: [
      'docker exec -it web sh',
      'docker run -it --rm alpine',
      'docker run -i --rm alpine cat',
      'docker attach web',
      'docker logs -f web',
    ],
  },
  {
    preset: 'cluster',
    machine: 'workstation',
    before: 'kubectl run web --image=nginx:alpine',
    lines: [
      'kubectl exec -it web -- sh',
      'kubectl run x -it --rm --image=alpine -- sh',
      'kubectl get pods -w',
    ],
  },
];

/** Somebody at a prompt where a command has been before that took the keyboard. */
function person({ preset, machine, before }: Case, line: string) {
  const session = new Session({ preset, seed: 1 });
  const { timeline, world } = session;
  const wait = (ms: number): void => timeline.advance(timeline.moment.timeMs + ms);
  const type = (text: string): void => {
    timeline.dispatch({ type: 'shell', machine, line: text } as ShellAction);
  };
  const isFree = (): boolean => !world.terminals.isBusy(machine);
  const interrupt = (): void => {
    for (let times = 0; times < 2 && (times === 0 || !isFree()); times++) {
      session.interrupt();
      for (let seconds = 0; seconds < 15 && !isFree(); seconds++) wait(SECOND);
    }
  };
  const last = () => world.terminals.screen(machine).toArray().at(-1);
  type(before);
  wait(MINUTE);
  type(line);
  wait(10 * SECOND);
  type('\u0004');
  wait(SECOND);
  interrupt();
  return { type, wait, isFree, interrupt, last };
}

describe.each(CASES)('Ctrl+C at a prompt of $preset', (where) => {
  it.each(where.lines)('gives the keyboard back from %s', (line) => {
    const { type, wait, isFree, interrupt, last } = person(where, line);
    for (const afterMs of MOMENTS_MS) {
      type(line);
      if (afterMs > 0) wait(afterMs);
      interrupt();
      expect(isFree(), `free again after ${afterMs} ms`).toBe(true);
      type(`echo after ${afterMs}`);
      wait(SECOND);
      expect(last()).toMatchObject({ text: `after ${afterMs}\n` });
    }
  });
});
