import { describe, expect, it } from 'vitest';
import { runOf, type WorldJournal, type WorldRun } from './link/world-run.ts';
import { openWorld, openWorldAtOnce } from './open-world.ts';
import { Session } from './session.ts';
import { SECOND } from './sim/clock.ts';
import { ENGINE_VERSION } from './version.ts';
import type { ShellAction } from './world.ts';

function lived(): { readonly session: Session; readonly run: WorldRun } {
  const session = new Session({ preset: 'host', seed: 4 });
  session.write('notes', 'one\n');
  session.type('docker run -d --name web nginx:alpine; sleep 5');
  return { session, run: runOf(session.timeline) };
}

const { session: theirs, run } = lived();
const withJournal = (change: Partial<WorldJournal>): WorldRun => ({
  ...run,
  journal: { ...run.journal, ...change },
});

describe('a world that somebody sent', () => {
  it('is lived again to the same state, and goes on from there', () => {
    const opened = openWorldAtOnce(run);
    if (opened.kind !== 'same') expect.unreachable(opened.kind);
    const line = 'docker exec web cat /etc/hostname; cat notes; sleep 3';
    expect(opened.session.type(line)).toEqual(theirs.type(line));
    expect(opened.session.timeline.hash()).toBe(theirs.timeline.hash());
  });

  it('names both engines when it led somewhere else', () => {
    for (const other of [{ ...run, hash: '0000000000000' }, withJournal({ seed: 5 })]) {
      const older = { ...other, journal: { ...other.journal, engine: '0.0.1' } };
      expect(openWorldAtOnce(older)).toMatchObject({
        ...{ kind: 'changed', made: '0.0.1', now: ENGINE_VERSION },
      });
    }
  });

  it('of an older engine is the same when it led to the same', () => {
    expect(openWorldAtOnce(withJournal({ engine: '0.0.1' })).kind).toBe('same');
  });

  it('is refused where it cannot be lived', () => {
    const [save, shell] = run.journal.entries;
    const elsewhere = { ...shell!, action: { ...shell!.action, machine: 'node-9' } };
    const apart = { ...save!, action: { ...save!.action, machine: 'node-9' } };
    expect(openWorldAtOnce(withJournal({ world: 'nowhere' }))).toMatchObject({ why: 'preset' });
    expect(openWorldAtOnce(withJournal({ world: 'constructor' }))).toMatchObject({ why: 'preset' });
    for (const entry of [elsewhere, apart]) {
      expect(openWorldAtOnce(withJournal({ entries: [entry] }))).toMatchObject({
        ...{ kind: 'refused', why: 'machine', made: ENGINE_VERSION },
      });
    }
  });

  it('types on every machine, whichever is the first to have a prompt', () => {
    const session = new Session({ preset: 'registry', seed: 1 });
    const { timeline, world } = session;
    timeline.dispatch({ type: 'shell', machine: 'prod', line: 'hostname' } as ShellAction);
    timeline.advance(SECOND);
    const opened = openWorldAtOnce(runOf(timeline));
    if (opened.kind !== 'same') expect.unreachable(opened.kind);
    const there = opened.session.world.terminals;
    expect(there.screen('prod').toArray()).toEqual(world.terminals.screen('prod').toArray());
    expect(there.row('prod').printed.last()?.text).toBe('prod\n');
  });

  it('lets whoever waits breathe and give up, however long it would take', () => {
    const years = { timeMs: 3_000_000_000_000, sequence: Number.MAX_SAFE_INTEGER };
    const opening = openWorld({ ...withJournal({ world: 'cluster', entries: [] }), moment: years });
    const began = performance.now();
    const [first, second] = [opening.next(), opening.next()];
    expect(performance.now() - began).toBeLessThan(10_000);
    expect([first.done, second.done]).toEqual([false, false]);
    expect(Number(second.value)).toBeGreaterThan(Number(first.value));
  });

  it('that sleeps for years where nothing happens is there at once', () => {
    const later = { ...run.moment, timeMs: 3_000_000_000_000 };
    expect(openWorldAtOnce({ ...withJournal({ entries: [] }), moment: later }).kind).toBe(
      'changed',
    );
  });
});
