import { describe, expect, it } from 'vitest';
import { machine } from './machine-fixture.ts';

/** Each row was run in GNU bash 5.2; `told` is what it printed. */
const rows: readonly [story: string, script: string, told: string][] = [
  [
    'elements',
    'a=(1 2 3); echo $a ${a[1]} ${a[-1]} ${#a[@]}; a+=(x y); a[1]=Z; echo "${a[*]}"; echo ${!a[@]}',
    '1 2 3 3\n1 Z 3 x y\n0 1 2 3 4\n',
  ],
  [
    'words stay whole',
    'a=("one two" three); for x in "${a[@]}"; do echo "[$x]"; done; b=("${a[@]}" new); echo "${#b[@]} ${b[2]}"',
    '[one two]\n[three]\n3 new\n',
  ],
  [
    'gaps',
    "a=(); echo ${#a[@]}; a[5]=x; a[2]=y; echo ${!a[@]} ${a[@]:3}; unset 'a[2]'; echo ${#a[@]}",
    '0\n2 5 x\n1\n',
  ],
  [
    'slices and changes',
    'c=(a.txt b.txt c.txt); echo ${c[@]:1} "${c[@]:0:2}" ${c[@]%.txt} ${c[@]/./-} ${c[9]:-none}',
    'b.txt c.txt a.txt b.txt a b c a-txt b-txt c-txt none\n',
  ],
  [
    'counting',
    'ids=($(seq 3)); n=0; for ((i=0;i<${#ids[@]};i++)); do n=$((n+ids[i])); done; ((ids[0]++)); echo $n ${ids[0]}',
    '6 2\n',
  ],
  [
    'local arrays',
    'f() { local -a l=(1 2); echo ${#l[@]}; }; f; echo ${#l[@]}; g() { local x=$(echo a b); echo "$x"; }; g',
    '2\n0\na b\n',
  ],
  [
    'associative arrays',
    'declare -A m=([a]=1); m[b c]=2; k=a; echo ${m[$k]} "${m[b c]}" ${#m[@]}; unset "m[a]"; echo ${!m[@]}',
    '1 2 2\nb c\n',
  ],
  [
    'declare -p',
    `a=(1 "x y"); declare -p a; b='"'; declare -p b`,
    'declare -a a=([0]="1" [1]="x y")\ndeclare -- b="\\""\n',
  ],
  [
    'read -a and mapfile',
    'read -ra p <<< "a b  c"; IFS=, read -ra q <<< 1,2; mapfile -t l < <(seq 3); echo ${p[2]} ${q[1]} ${#l[@]} ${l[2]}',
    'c 2 3 3\n',
  ],
  [
    'what the shell keeps',
    'false | true | (exit 3); echo ${PIPESTATUS[@]}; [[ v1.2 =~ ^v([0-9]+)\\.([0-9]+)$ ]]; echo ${BASH_REMATCH[2]}; f() { echo $FUNCNAME; }; f',
    '1 0 3\n2\nf\n',
  ],
  [
    'files of commands',
    'paste <(seq 2) <(echo a; echo b); ls /tmp/sh-np.* 2> x || cat x | wc -l',
    '1\ta\n2\tb\n1\n',
  ],
  [
    'options',
    'while getopts "ab:" o -a -b v x; do echo "$o ${OPTARG-}"; done; echo $OPTIND; set -- -z; getopts :a o; echo "$o $OPTARG"',
    'a \nb v\n4\n? \n',
  ],
  [
    'errors',
    'set -u; a=(); echo "${a[@]}" ok; echo ${a[1]}; echo never',
    'ok\nbash: a[1]: unbound variable\n',
  ],
  [
    'ERR traps',
    "trap 'echo trapped $?' ERR; if false; then :; fi; (exit 4); echo on",
    'trapped 4\non\n',
  ],
  ['SECONDS', 'SECONDS=0; sleep 3; echo $SECONDS; (( SECONDS >= 3 )) && echo late', '3\nlate\n'],
];

describe('arrays and what came with bash', () => {
  it.each(rows)('%s', (_, script, told) => {
    expect(machine().run(script).text).toBe(told);
  });

  it('has none of them in sh', () => {
    const { run } = machine();
    expect(run('a=(1 2)', { flavour: 'dash' }).text).toContain('Syntax error: "(" unexpected');
  });
});
