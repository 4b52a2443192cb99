import { expect, it } from 'vitest';
import { decodeWorld } from './link/world-link.ts';
import { openWorldAtOnce } from './open-world.ts';
import { Session } from './session.ts';
import { travels, typeScript } from './typed-script.ts';

function play(text: string): { text: string; exitCode: number } {
  const shown: string[] = [];
  const session = new Session({ preset: 'host', seed: 2 });
  const exitCode = typeScript(session, text, (one) => shown.push(one));
  return { text: shown.join(''), exitCode };
}

it('takes back one line after another, and then goes on from there', () => {
  const script =
    'echo one > a\necho two > a\ndrydock undo\ncat a\ndrydock undo\ndrydock undo\ncat a';
  expect(travels(script)).toBe(true);
  expect(play(script)).toEqual({
    text: 'undone: echo two > a\none\nundone: cat a\nundone: echo one > a\ncat: a: No such file or directory\n',
    exitCode: 1,
  });
});

it('types a command of several lines as one, and stops where the shell is left', () => {
  expect(play('x=5\nfor i in 1 2; do\n  echo $i $x\ndone\nexit 4\necho never')).toEqual({
    text: '1 5\n2 5\n',
    exitCode: 4,
  });
});

it('types a here-document with the command before it', () => {
  expect(play("cat > f <<'E'\n  echo $x\nE\nwc -l f; cat f").text).toBe('1 f\n  echo $x\n');
});

it('prints a link that opens the world as it is then, without what was taken back', () => {
  const { text } = play('echo one > a\ndrydock link\necho two > a\ndrydock undo\ndrydock link');
  const [before, undone, after] = text.split('\n');
  expect(before).toMatch(/^#v2\.[\w-]+$/);
  expect([undone, after]).toEqual(['undone: echo two > a', before]);
  const decoded = decodeWorld(before!);
  const opened = openWorldAtOnce(decoded.kind === 'world' ? decoded.run : expect.unreachable());
  if (opened.kind !== 'same') expect.unreachable(opened.kind);
  expect(opened.session.type('cat a').printed).toBe('one\n');
  expect(opened.session.type('drydock undo').printed).toBe('undone: cat a\n');
});

it('says when a link would not arrive, and what to do', () => {
  const session = new Session({ preset: 'host', seed: 2 });
  const noise = Array.from({ length: 6_000 }, (_, i) => ((i * i * 7919) % 9973).toString(36));
  session.write('noise.txt', noise.join(''));
  const { printed, exitCode } = session.type('drydock link');
  expect(printed).toMatch(/^drydock: a link .* \d{5} characters, .* keep it as a file\n$/);
  expect(exitCode).toBe(1);
  expect(session.type('echo a; drydock link').printed).toContain('goes on a line of its own');
  expect(session.type('drydock link host docker.io down').exitCode).toBe(0);
});
