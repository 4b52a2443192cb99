import { describe, expect, it } from 'vitest';
import { Session } from './session.ts';
import { SECOND } from './sim/clock.ts';
import type { ShellAction } from './world.ts';

function person(machine = 'host') {
  const session = new Session({ preset: machine === 'host' ? 'host' : 'swarm', seed: 1 });
  const { timeline, world } = session;
  const type = (line: string): void => {
    timeline.dispatch({ type: 'shell', machine, line } as ShellAction);
    timeline.advance(timeline.moment.timeMs + SECOND);
  };
  const screen = () => world.terminals.screen(machine).toArray();
  return { session, type, screen, terminals: world.terminals };
}

describe('what stands at a prompt', () => {
  it('is what was typed and what was printed, in this order', () => {
    const { type, screen } = person();
    type('mkdir a && cd a');
    type('cat <<X\nb\nX');
    type('cat');
    type('c');
    expect(screen()).toEqual([
      { timeMs: 0, typed: 'command', text: 'mkdir a && cd a', cwd: '/root' },
      { timeMs: 1000, typed: 'command', text: 'cat <<X\nb\nX', cwd: '/root/a' },
      { timeMs: 1000, stream: 'stdout', text: 'b\n' },
      { timeMs: 2000, typed: 'command', text: 'cat', cwd: '/root/a' },
      { timeMs: 3000, typed: 'input', text: 'c', cwd: '/root/a' },
      { timeMs: 3000, stream: 'stdout', text: 'c\n' },
    ]);
  });

  it('goes back with time', () => {
    const { session, type, screen } = person();
    type('echo a');
    const before = screen();
    type('echo b');
    session.timeline.undo();
    expect(screen()).toEqual(before);
  });

  it('has no part in what the world is', () => {
    const { session, screen, terminals } = person();
    const hash = session.timeline.hash();
    terminals.interrupt('host');
    expect(screen()).toEqual([{ timeMs: 0, typed: 'interrupt' }]);
    expect(session.timeline.hash()).toBe(hash);
  });
});

describe('Ctrl+D', () => {
  it('ends what a command reads, and the shell goes on', () => {
    const { type, screen, terminals } = person();
    type('x=kept; wc -c');
    expect(terminals.isRead('host')).toBe(true);
    type('four');
    type('\u0004');
    expect(terminals.isRead('host')).toBe(false);
    type('echo $x');
    expect(screen().flatMap((one) => ('stream' in one ? one.text : []))).toEqual(['5\n', 'kept\n']);
    expect(screen().filter((one) => 'typed' in one && one.typed === 'end')).toHaveLength(1);
  });

  it('comes behind the lines that are still on their way', () => {
    const { session, terminals, screen } = person();
    for (const line of ['wc -c', 'four', '\u0004']) terminals.type('host', line);
    session.timeline.advance(SECOND);
    expect(terminals.isBusy('host')).toBe(false);
    expect(screen().flatMap((one) => ('stream' in one ? one.text : []))).toEqual(['5\n']);
  });

  it('is forgotten with a command that did not read', () => {
    const { session, type, terminals } = person();
    for (const line of ['sleep 1', '\u0004']) terminals.type('host', line);
    session.timeline.advance(2 * SECOND);
    type('x=kept; wc -c');
    expect(terminals.isRead('host')).toBe(true);
  });

  it('is nothing where no command runs', () => {
    const { type, screen } = person();
    type('\u0004');
    expect(screen()).toEqual([]);
  });
});

describe('Ctrl+C', () => {
  it('leaves a line that is not complete', () => {
    const { session, type, terminals } = person();
    type('cat <<X');
    expect(terminals.row('host').continues).toBe(true);
    session.interrupt();
    session.timeline.advance(session.timeline.moment.timeMs + SECOND);
    expect(terminals.row('host')).toMatchObject({ continues: false, exitCode: 130 });
  });
});

describe('Ctrl+C before the next line', () => {
  it('keeps the next line apart from what was dropped', () => {
    const { session, type, terminals, screen } = person();
    type('echo "unclosed');
    session.interrupt();
    // Time passes on a page only while a prompt is busy.
    expect(terminals.isBusy('host')).toBe(true);
    session.timeline.advance(session.timeline.moment.timeMs);
    expect(terminals.row('host')).toMatchObject({ busy: false, continues: false });
    type('echo next');
    expect(screen().flatMap((one) => ('stream' in one ? one.text : []))).toEqual(['next\n']);
  });

  it('does nothing at a free prompt', () => {
    const { session, type, terminals } = person();
    type('true');
    session.interrupt();
    expect(terminals.isBusy('host')).toBe(false);
  });
});

describe('a command that prints without end', () => {
  it('is ended, and the prompt is free again', () => {
    const { type, terminals, screen } = person();
    type('seq 1000000000');
    expect(terminals.row('host')).toMatchObject({ busy: false, exitCode: 130 });
    const texts = screen().flatMap((one) => ('stream' in one ? one.text : []));
    expect(texts.some((text) => text.includes('ended as by Ctrl+C'))).toBe(true);
    expect(texts.join('').length).toBeLessThan(40_000_000);
    type('echo after');
    expect(screen().at(-1)).toMatchObject({ text: 'after\n' });
  });
});

describe('a machine without a shell of its preset', () => {
  it('has one when somebody types there', () => {
    const { type, screen } = person('node-2');
    type('hostname; pwd');
    expect(screen().slice(1)).toMatchObject([{ text: 'node-2\n' }, { text: '/root\n' }]);
  });
});
