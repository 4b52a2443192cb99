import { describe, expect, it } from 'vitest';
import { machine } from './machine-fixture.ts';

/** Each row was typed at a prompt of GNU bash 5.2 (`bash -i`). */
const rows: readonly [story: string, script: string, told: string][] = [
  ['stands for a command', 'alias e=echo\ne a b', 'a b\n'],
  ['stands for several', "alias e='echo 1; echo'\ne 2", '1\n2\n'],
  ['counts from the next line on', 'alias e="echo x"; e\ne', 'bash: e: command not found\nx\n'],
  ['is not looked up in itself', "alias echo='echo a'\necho b", 'a b\n'],
  ['is looked up in another', "alias e=echo\nalias f='e 1'\nf 2", '1 2\n'],
  ['leaves quoted words', 'alias e=echo\n\\e a\n"e" a', twice('bash: e: command not found\n')],
  ['leaves later words', 'alias a=b\necho a', 'a\n'],
  ['looks on behind a blank', "alias e='echo '\nalias a=b\ne a a", 'b a\n'],
  ['stands behind pipes and signs', 'alias e=echo\ntrue && e a | cat', 'a\n'],
  ['stands within $( )', 'alias e=echo\necho $(e a) `e b`', 'a b\n'],
  ['stands within compounds', 'alias e=echo\nfor i in 1 2; do e $i; done', '1\n2\n'],
  ['stands behind assignments', "alias e='env'\nX=1 e | grep ^X", 'X=1\n'],
  ['may begin a compound', "alias t='if true; then'\nt echo a; fi", 'a\n'],
  ['is shown with quotes', `alias e="echo 'x'"\nalias e`, `alias e='echo '\\''x'\\'''\n`],
  ['is taken away', 'alias e=echo\nunalias e\ne', 'bash: e: command not found\n'],
  [
    'is not there',
    'alias e\nunalias e',
    'bash: alias: e: not found\nbash: unalias: e: not found\n',
  ],
  ['is described', 'alias e=echo\ntype e; type -t e', "e is aliased to `echo'\nalias\n"],
  ['is there from the start on Ubuntu', 'alias ll', "alias ll='ls -alF'\n"],
];

function twice(text: string): string {
  return text + text;
}

describe('an alias', () => {
  it.each(rows)('%s', (_, script, told) => {
    expect(machine().run(script).text).toBe(told);
  });
});

describe('in a script', () => {
  it('bash looks up none, dash does', () => {
    const script = (shell: string) => `${shell} -c 'alias e=echo\ne a'`;
    expect(machine().run(script('bash')).text).toBe('bash: line 2: e: command not found\n');
    expect(machine().run(script('dash')).text).toBe('a\n');
  });
});
