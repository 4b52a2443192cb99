import { describe, expect, it } from 'vitest';
import { runScript } from './script-run.ts';
import { createWorld } from './world.ts';

/** What `npm run shell` does with a script on a machine with Docker. */
function play(text: string, preset = 'host') {
  const world = createWorld({ preset, seed: 2 });
  const shown: string[] = [];
  const machine = preset === 'host' ? 'host' : 'node-1';
  const outcome = runScript(world, machine, text, (one) => shown.push(one));
  return { ...outcome, text: shown.join(''), seconds: Math.floor(world.kernel.now / 1000) };
}

describe('a script', () => {
  it('shows what both outputs say in the order it was written', () => {
    expect(play('echo one; nosuch; echo two >&2; echo three; (exit 6)')).toMatchObject({
      text: 'one\nbash: nosuch: command not found\ntwo\nthree\n',
      exitCode: 6,
    });
  });

  it('ends by Ctrl+C after a minute what would never end, and goes on', () => {
    const endless = 'while true; do :; done; echo "loop $?"\nsleep infinity\necho "sleep $?"';
    expect(play(`${endless}\nwatch -n 30 true`)).toMatchObject({ exitCode: 130 });
    const { text, seconds } = play(endless);
    expect(text).toBe('loop 130\nsleep 130\n');
    expect(seconds).toBe(120);
  });

  it('waits as long as it takes for what ends by itself', () => {
    const { text, seconds } = play('sleep 1h; echo "slept $?"; for i in 1 2; do sleep 40; done');
    expect(text).toBe('slept 0\n');
    expect(seconds).toBe(3680);
    expect(play('n=0; until [ $n -ge 30 ]; do sleep 10; n=$((n+1)); done; echo $n').text).toBe(
      '30\n',
    );
  });

  it('lets timeout end a command earlier', () => {
    expect(play('timeout 10s sleep infinity; echo $?')).toMatchObject({
      text: '124\n',
      seconds: 10,
    });
  });

  it('stops at exit, and tells mistakes where they stand', () => {
    expect(play('echo a\nexit 3\necho b')).toMatchObject({ text: 'a\n', exitCode: 3 });
    expect(play('echo a\nfi\necho b')).toMatchObject({
      text: "a\nbash: line 2: syntax error near unexpected token `fi'\nbash: line 2: `fi'\n",
      exitCode: 2,
    });
  });

  it('calculates with dates', () => {
    const day = 'date -d "2026-01-31 1 month" +%F; date -d 2026-03-01T00:00:00Z +%s';
    expect(play(day).text).toBe('2026-03-03\n1772323200\n');
  });

  it('reaches other machines', () => {
    expect(
      play('ssh node-2 "hostname; exit 4"; echo $?; ssh nobody true; echo $?', 'swarm').text,
    ).toBe('node-2\n4\nssh: Could not resolve hostname nobody: Name or service not known\n255\n');
  });

  it('follows a container until it is told to stop', () => {
    const { text } = play(
      'docker run -d --name web -p 80:80 nginx >/dev/null 2>&1\n' +
        'curl -s localhost | head -2\ndocker logs -f web >/dev/null 2>&1; echo $?\n' +
        'docker run --rm alpine sleep 90 2>/dev/null; echo $?',
    );
    expect(text).toBe('<!DOCTYPE html>\n<html>\n130\n0\n');
  });
});
