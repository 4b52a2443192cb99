import { describe, expect, it } from 'vitest';
import type { ScreenText } from '../../engine/terminal.ts';
import { BLOCK_LINES, LINES_LIMIT, promptText, Screen } from './screen.ts';
import { textOf } from './screen-line.ts';

const out = (text: string): ScreenText => ({ timeMs: 0, stream: 'stdout', text });
const err = (text: string): ScreenText => ({ timeMs: 0, stream: 'stderr', text });
const typed = (text: string, cwd = '/root'): ScreenText => ({
  ...{ timeMs: 0, typed: 'command', text, cwd },
});

function screenOf(...texts: readonly ScreenText[]): Screen {
  const screen = new Screen();
  screen.show(0, texts);
  return screen;
}

const linesOf = (screen: Screen): string[] =>
  screen.lines.map((line) => `${line.prompt ? `${line.prompt} ` : ''}${textOf(line)}`);
const printed = (text: string): string[] => linesOf(screenOf(out(text)));

describe('a screen', () => {
  it('has what was typed behind its prompt, and what was printed', () => {
    const texts = [typed('echo a'), out('a\n'), typed('cat <<X\nb\nX', '/root/shop'), out('b\n')];
    expect(linesOf(screenOf(...texts))).toEqual([
      ...['~ $ echo a', 'a', '~/shop $ cat <<X', '> b', '> X', 'b'],
    ]);
    expect(['/root', '/rootless', '/'].map(promptText)).toEqual(['~ $', '/rootless $', '/ $']);
  });

  it('joins what is printed in pieces, and begins a command on a line of its own', () => {
    const screen = screenOf(typed('x'), out('a'), err('b'), out('\nc'), typed('y'));
    expect(linesOf(screen)).toEqual(['~ $ x', 'ab', 'c', '~ $ y']);
  });

  it('has what a command reads where it was asked for, and ^C', () => {
    const screen = screenOf(
      ...[
        typed('read'),
        out('Name: '),
        { timeMs: 0, typed: 'input', text: 'Kim', cwd: '/' } as const,
      ],
      ...[out('hello\nwait'), { timeMs: 0, typed: 'interrupt' } as const],
    );
    expect(linesOf(screen)).toEqual(['~ $ read', 'Name: Kim', 'hello', 'wait^C']);
  });

  it('writes over what stands there, as \\r and \\b say', () => {
    expect(printed('10%\r100%\n')).toEqual(['100%']);
    expect(printed('100%\r 9\n')).toEqual([' 90%']);
    expect(printed('abc\b\bX\n')).toEqual(['aXc']);
    expect(printed('long line\r\x1b[Kshort\n')).toEqual(['short']);
    expect(printed('a\r\nb\r\n')).toEqual(['a', 'b']);
  });

  it('moves up and down, as tools do that show how far they are', () => {
    expect(printed('one: 1\ntwo: 1\n\x1b[2A\rone: 2\n\x1b[1Bend\n')).toEqual([
      ...['one: 2', 'two: 1', 'end'],
    ]);
  });

  it('begins anew from its upper corner on, below the command', () => {
    const screen = screenOf(typed('docker stats'), out('\x1b[Ha 1\x1b[K\nb 1\x1b[K\n\x1b[J'));
    screen.show(2, [out('\x1b[Ha 2\x1b[K\n\x1b[J')]);
    expect(linesOf(screen)).toEqual(['~ $ docker stats', 'a 2']);
  });

  it('is empty after clear', () => {
    const screen = screenOf(typed('ls'), out('a\n'), typed('clear'), out('\x1b[H\x1b[2J\x1b[3J'));
    expect(linesOf(screen)).toEqual([]);
    screen.show(screen.length, [typed('ls')]);
    expect(linesOf(screen)).toEqual(['~ $ ls']);
  });

  it('has colours as classes, and never as something else', () => {
    const [line] = screenOf(out('\x1b[1;31mred\x1b[0m \x1b[92mgreen\x1b[39m<b>\n')).lines;
    expect(line?.spans).toEqual([
      { text: 'red', look: 'is-bold ink-1' },
      { text: ' ', look: '' },
      { text: 'green', look: 'ink-10' },
      { text: '<b>', look: '' },
    ]);
    expect(screenOf(out('\x1b[38;5;200;1mx\x1b[22my\n')).lines[0]?.spans).toEqual([
      { text: 'x', look: 'is-bold' },
      { text: 'y', look: '' },
    ]);
  });

  it('goes back as far as it is told, and on from there', () => {
    const screen = screenOf(typed('a'), out('1\n2'), out('\n3\n'), typed('b'));
    screen.show(2, [out(' and\n'), typed('c')]);
    expect(linesOf(screen)).toEqual(['~ $ a', '1', '2 and', '~ $ c']);
    expect(screen.length).toBe(4);
    expect(screen.printedFrom(1)).toBe('1\n2 and\n');
    expect(screen.commands).toEqual(['a', 'c']);
  });

  it('hides what stands elsewhere', () => {
    const screen = screenOf(typed('a'), out('1\n'), typed('b'));
    screen.hide(2);
    expect(linesOf(screen)).toEqual(['~ $ b']);
    screen.show(3, [out('2\n')]);
    expect(linesOf(screen)).toEqual(['~ $ b', '2']);
    screen.show(1, [out('3\n')]);
    expect(linesOf(screen)).toEqual([]);
  });

  it('drops the oldest lines, and touches only what changed', () => {
    const screen = screenOf(out('x\n'.repeat(LINES_LIMIT + 3 * BLOCK_LINES - 1)));
    expect(screen.dropped).toBe(3 * BLOCK_LINES);
    const before = screen.blocks.map(({ version }) => version);
    screen.show(1, [out('last')]);
    expect(linesOf(screen).at(-1)).toBe('last');
    const after = screen.blocks.map(({ version }) => version);
    expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
    expect(after.at(-1)).not.toBe(before.at(-1));
  });

  it('is read aloud once, without what only looks', () => {
    const screen = screenOf(typed('a'), out('\x1b[31mred\x1b[0m\n'));
    expect(screen.takeHeard()).toBe('red\n');
    expect(screen.takeHeard()).toBe('');
  });

  it('tells what was said of time itself, until time is turned', () => {
    const screen = screenOf(typed('a'), out('1\n'));
    screen.say({ machine: 'host', line: 'drydock undo', text: 'undone: a\n', exitCode: 0 });
    expect(linesOf(screen).slice(2)).toEqual(['$ drydock undo', 'undone: a']);
  });

  it('takes any text', () => {
    for (const text of [
      '\x1b',
      '\x1b[',
      '\x1b[999A',
      '\x1b[99999999999999B',
      '\x1b[;H',
      '\b\b\x1b[2J',
    ]) {
      expect(() => screenOf(out(text), out('a\n'))).not.toThrow();
    }
    expect(printed('\x1b[5;5Hx').length).toBeLessThan(10);
  });
});
