import { expect, it } from 'vitest';
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
