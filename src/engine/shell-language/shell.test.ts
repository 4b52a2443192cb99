import { describe, expect, it } from 'vitest';
import { machine } from './machine-fixture.ts';

/** Each row was run in GNU bash 5.2 with coreutils 9; `told` is what it printed. */
const rows: readonly [story: string, script: string, told: string][] = [
  [
    'quotes',
    `A="two words"; echo $A "$A" '$A' a\\ b "it's" $'x\\ty'`,
    "two words two words $A a b it's x\ty\n",
  ],
  [
    'defaults',
    'echo ${B:-none} ${B:=set} $B ${B:+there} ${C+x}. ${#B}',
    'none set set there . 3\n',
  ],
  [
    'trims',
    'p=/a/b/c.tar.gz; echo ${p##*/} ${p%.*} ${p%%.*} ${p#*/}',
    'c.tar.gz /a/b/c.tar /a/b/c a/b/c.tar.gz\n',
  ],
  [
    'replaces',
    's=hello; echo ${s/l/L} ${s//l/L} ${s^} ${s:1:3} ${s: -2}',
    'heLlo heLLo Hello ell lo\n',
  ],
  [
    'arithmetic',
    'n=1; echo $(( (1+2)*3 )) $((n+=5)) $((n++)) $n $((2**10)) $((0x1f))',
    '9 6 6 7 1024 31\n',
  ],
  ['substitutions', 'echo "$(echo "a $(echo b)")" `echo c`', 'a b c\n'],
  [
    'splitting',
    'x="a  b"; set -- $x "$x"; echo $# "$2"; for i; do echo "[$i]"; done',
    '3 b\n[a]\n[b]\n[a  b]\n',
  ],
  ['braces', 'echo {1..3} a{b,c}d {c..a} {01..03}', '1 2 3 abd acd c b a 01 02 03\n'],
  [
    'loops',
    'for i in 1 2 3; do [ $i = 2 ] && continue; echo $i; done; n=0; while :; do n=$((n+1)); [ $n -gt 2 ] && break; done; echo $n',
    '1\n3\n3\n',
  ],
  ['counting', 'for ((i=0;i<3;i++)); do printf "$i "; done', '0 1 2 '],
  [
    'case',
    'for f in a.md b.txt c; do case $f in *.md) echo md;; *.txt|x) echo txt;; *) echo other;; esac; done',
    'md\ntxt\nother\n',
  ],
  [
    'functions',
    'f() { local z=$1; echo "$z $#"; return 3; }; z=0; f 1 2; echo $? $z',
    '1 2\n3 0\n',
  ],
  [
    'here-documents',
    'x=5; cat <<E; cat <<"Q"; cat <<-T\n$x $(echo y)\nE\n$x\nQ\n\ttab\n\tT\necho end',
    '5 y\n$x\ntab\nend\n',
  ],
  ['subshells', 'a=1; (a=2; cd /; echo $a); echo $a; { a=3; }; echo $a', '2\n1\n3\n'],
  [
    'status',
    'false; echo $?; ! false; echo $?; true && echo t || echo f; false || echo f',
    '1\n0\nt\nf\n',
  ],
  [
    'pipes',
    'echo a b | { read x y; echo "$y $x"; }; false | true; echo $?; set -o pipefail; false | true; echo $?',
    'b a\n0\n1\n',
  ],
  [
    'set -e',
    '(set -e; false || true; if false; then :; fi; echo still; false; echo never); echo $?',
    'still\n1\n',
  ],
  [
    '[[ ]]',
    '[[ abc == a* && 3 -gt 2 && ! -f x ]] && echo y; [[ abc =~ ^a(b|x)c$ ]] && echo z',
    'y\nz\n',
  ],
  [
    'traps',
    "trap 'echo bye' EXIT; trap 'echo got' USR1; kill -USR1 $$; echo after",
    'got\nafter\nbye\n',
  ],
  ['eval', `x='echo $y'; y=2; eval "$x"; eval 'z=3'; echo $z`, '2\n3\n'],
  ['read', `while IFS=: read -r a b; do echo "$b-$a"; done <<< $'1:2\\n3:4'`, '2-1\n4-3\n'],
  ['descriptors', 'exec 3>&1; echo three >&3; { echo o; echo e >&2; } 2>/dev/null', 'three\no\n'],
  ['set -x', 'set -x; echo "a b" c', "+ echo 'a b' c\na b c\n"],
  ['arguments', 'set -- a b c; shift; echo "$@" "${@:2}" $#', 'b c c 2\n'],
];

describe('a shell', () => {
  for (const [story, script, told] of rows) {
    it(`does as bash with ${story}`, () => {
      expect(machine().run(script).text).toBe(told);
    });
  }

  it('looks for file names', () => {
    const { run } = machine();
    run('mkdir d; touch d/a.txt d/b.txt d/c.md d/.hidden');
    expect(run('echo d/*.txt d/? "d/*" nosuch*; cd d; echo * [ab]*').text).toBe(
      'd/a.txt d/b.txt d/? d/* nosuch*\na.txt b.txt c.md a.txt b.txt\n',
    );
  });

  it('says in the words of each shell what it does not know', () => {
    const { run } = machine();
    expect(run('foo --bar')).toMatchObject({ text: 'bash: foo: command not found\n', code: 127 });
    expect(run('foo', { flavour: 'ash' }).text).toBe('ash: foo: not found\n');
    expect(run('constructor').code).toBe(127);
    expect(run('echo a && && b').text).toBe(
      "bash: line 1: syntax error near unexpected token `&&'\nbash: line 1: `echo a && && b'\n",
    );
    expect(run('echo a (b)').text).toContain('near unexpected token `(');
    expect(run('if :; then :; fi echo a').text).toContain('near unexpected token `echo');
    expect(run('which ls nosuch')).toMatchObject({ text: '/usr/bin/ls\n', code: 1 });
    expect(run('set -u; echo $1').text).toBe('bash: $1: unbound variable\n');
    expect(run('echo one\nif true; then')).toMatchObject({
      text: 'one\nbash: line 2: syntax error: unexpected end of file\n',
      code: 2,
    });
    expect(run('echo > nodir/x; cd nodir; echo > /root').text).toBe(
      'bash: nodir/x: No such file or directory\n' +
        'bash: cd: nodir: No such file or directory\nbash: /root: Is a directory\n',
    );
    expect(run('echo ${x:?is missing}; echo never').text).toBe('bash: x: is missing\n');
    expect(run('echo $((1/0))').text).toContain('division by 0');
  });

  it('runs scripts from files, by their first line', () => {
    const { run, files } = machine();
    files.write('dev', '/root/go.sh', '#!/bin/bash\necho "$0 $1"\nnosuch\nexit 7\n', 0o755);
    expect(run('./go.sh x; echo $?').text).toBe(
      './go.sh x\n./go.sh: line 3: nosuch: command not found\n7\n',
    );
    files.write('dev', '/root/plain', 'echo plain\n');
    expect(run('./plain').text).toBe('bash: ./plain: Permission denied\n');
    expect(run('sh plain; bash -c \'echo "$1" $0\' a b; . ./plain').text).toBe(
      'plain\nb a\nplain\n',
    );
  });

  it('keeps jobs in the background and waits for them', () => {
    const { run, kernel } = machine();
    expect(run('sleep 5 & sleep 2 & wait; echo done').text).toBe('done\n');
    expect(kernel.now).toBe(5000);
    expect(run('(exit 4) & wait $!; echo $?; sleep 100 & kill $!; wait $!; echo $?').text).toBe(
      '4\n143\n',
    );
    expect(run('sleep 9 & jobs; kill %1; wait %1; echo $?').text).toBe(
      '[1]+  Running                 sleep 9 &\n143\n',
    );
  });

  it('ends a writer whose reader has gone', () => {
    const { run, kernel } = machine();
    expect(run('set -o pipefail; yes | head -2; echo $?').text).toBe('y\ny\n141\n');
    expect(kernel.now).toBeLessThan(1000);
    expect(run('yes | sleep 1; echo $?').text).toBe('0\n');
  });

  it('hands an interrupt to the command that runs, and goes on from a checkpoint', () => {
    const { kernel, processes, begin, endings } = machine();
    const { pid } = begin('trap "echo caught" TERM; sleep 60; echo end');
    kernel.advance(10);
    const middle = kernel.checkpoint();
    processes.signal(pid, 'SIGINT');
    kernel.advance(1000);
    expect(endings.pop()).toEqual({ signal: 'SIGINT' });
    kernel.restore(middle);
    kernel.advance(70_000);
    expect(endings.pop()).toEqual({ result: 0 });
  });
});

describe('a shell under hostile text', () => {
  it('lets time pass in an endless loop', () => {
    const { begin, kernel, endings } = machine();
    begin('while true; do :; done');
    kernel.advance(5000);
    expect(endings).toEqual([]);
  });

  it('bounds forks, recursion, nesting and expansions', () => {
    const { run } = machine();
    expect(run(':() { : | : & }; :; wait').ended).toBe(true);
    expect(run('f() { f; }; f').text).toContain('maximum function nesting level exceeded');
    expect(run(`echo ${'$('.repeat(5000)}`).text).toContain('nested too deeply');
    expect(run('echo {1..99999999} | wc -c').text).toBe('14\n');
    expect(run(`echo ${'{a,b}'.repeat(30)}`).text).toContain('brace expansion');
    expect(run('('.repeat(50_000)).text).toContain('nested too deeply');
    expect(run(`echo ${'"'.repeat(99_999)}`).text).toContain('unexpected EOF');
    expect(run(`cat /${'d/'.repeat(10_000)}f`).code).toBe(1);
    expect(run('x=a; for i in {1..40}; do x=$x$x; done; echo ${#x}').text).toContain('too long');
  });

  it('matches expressions that take other engines for ever', () => {
    const { run } = machine();
    const text = 'a'.repeat(2000);
    expect(
      run(`echo ${text}b | grep -cE '^(a+)+$'; [[ ${text} == *a*a*a*a*b ]]; echo $?`).text,
    ).toBe('0\n1\n');
  });
});
