import { describe, expect, it } from 'vitest';
import { machine } from './machine-fixture.ts';

/** Each row was run with GNU coreutils 9, grep 3.8, sed 4.9, mawk 1.3 and jq; f holds four lines. */
const F = 'b 2\na 10\nc 1\na 10\n';
const J =
  '{"name":"web","n":3,"items":[{"m":{"name":"x"},"ok":true},{"m":{"name":"y"}}],"tags":["a","b"]}';

const rows: readonly [tool: string, script: string, told: string][] = [
  [
    'sort',
    'sort -u f; sort -k2 -n f | head -1; sort -rn -k2,2 f | tail -1',
    'a 10\nb 2\nc 1\nc 1\nc 1\n',
  ],
  ['uniq', 'sort f | uniq -c; sort f | uniq -d', '      2 a 10\n      1 b 2\n      1 c 1\na 10\n'],
  ['wc', 'wc f; wc -l < f; cat f | wc -l; wc -w f f', ' 4  8 18 f\n4\n4\n 8 f\n 8 f\n16 total\n'],
  [
    'head and tail',
    'head -n 1 f; tail -n 1 f; tail -n +4 f; head -n -3 f',
    'b 2\na 10\na 10\nb 2\n',
  ],
  [
    'head of a device without end',
    'head -c 3000000 /dev/zero | wc -c; head -c 100000 /dev/urandom > r; wc -c < r',
    '3000000\n100000\n',
  ],
  [
    'cut',
    "cut -d' ' -f2 f | head -1; echo a,b,c | cut -d, -f1,3; echo abc | cut -c2-",
    '2\na,c\nbc\n',
  ],
  [
    'tr',
    "echo hello | tr a-z A-Z; echo aabb | tr -d a; echo aabb | tr -s ab; echo 'a b' | tr ' ' '\\n'",
    'HELLO\nbb\nab\na\nb\n',
  ],
  [
    'grep',
    "grep -c a f; grep -n 1 f | head -1; grep -o '[0-9]*' f | head -1; grep -vE '^(a|b)' f; grep -w 1 f; grep zz f; echo $?",
    '2\n2:a 10\n2\nc 1\nc 1\n1\n',
  ],
  ['grep of no file', 'grep x nosuch; echo $?', 'grep: nosuch: No such file or directory\n2\n'],
  [
    'sed',
    "sed -n 2p f; sed -E 's/([a-z]) ([0-9]+)/\\2-\\1/;q' f; sed '/a/d;s/b/X/' f; sed -n '$=' f; sed 's|c|/&|;1,3d' f",
    'a 10\n2-b\nX 2\nc 1\n4\na 10\n',
  ],
  [
    'fold',
    String.raw`for t in 'aaa bbb ccc ddd' 'abcdefghijkl' 'a\tb c' 'aaaaaaaa bbb'; do printf "$t\n" | fold -s -w 8; done; echo abcde | fold -w2; echo | fold -w x`,
    'aaa bbb \nccc ddd\nabcdefgh\nijkl\na\t\nb c\naaaaaaaa\n bbb\nab\ncd\ne\n' +
      'fold: invalid number of columns: ‘x’\n',
  ],
  [
    'sed adds lines',
    String.raw`printf 'a\n' | sed 'a\  b'; printf 'a\n' | sed 'a  b'; printf 'a\n' | sed 'i\
  b'`,
    'a\n  b\na\nb\n  b\na\n',
  ],
  [
    'sed -i',
    "cp f g; sed -i 's/a/Z/' g; head -2 g; sed 's/a' f",
    "b 2\nZ 10\nsed: -e expression #1, char 3: unterminated `s' command\n",
  ],
  [
    'awk',
    `awk '{s+=$2} END {print s, NR}' f; awk '$2>5 {print $1, NF}' f; echo 'a:b' | awk -F: '{print $2}'; awk 'BEGIN{printf "%5.2f|%-3s|%03d\\n", 3.14159, "a", 7}'`,
    '23 4\na 2\na 2\nb\n 3.14|a  |007\n',
  ],
  [
    'awk arrays',
    `awk '{c[$1]++} END {for (k in c) print k, c[k]}' f | sort; awk '{gsub(/1/,"X"); print; exit}' f`,
    'a 2\nb 1\nc 1\nb 2\n',
  ],
  [
    'jq',
    `jq -r '.items[] | select(.ok) | .m.name' j; jq -c '.items | map(.m.name)' j; jq '.tags | length' j; jq -r '"\\(.name)-\\(.n+1)"' j; jq .missing j; jq -c keys j`,
    'x\n["x","y"]\n2\nweb-4\nnull\n["items","n","name","tags"]\n',
  ],
  [
    'jq printing',
    `jq .tags j; echo '{"a":{}}' | jq -c .; jq '.name.x' j; echo $?`,
    '[\n  "a",\n  "b"\n]\n{"a":{}}\njq: error (at j:1): Cannot index string with "x"\n5\n',
  ],
  [
    'base64 and sums',
    'echo -n hi | base64; echo aGk= | base64 -d; echo; echo -n hi | md5sum',
    'aGk=\nhi\n49f68a5c8493ec2c0bf489821c21fc3b  -\n',
  ],
  ['seq', 'seq -s, 3; seq 5 -2 1; seq -w 9 10', '1,2,3\n5\n3\n1\n09\n10\n'],
  [
    'printf',
    `printf '%s-%03d\\n' a 7 b 8; printf '%d\\n' x; echo $?`,
    'a-007\nb-008\nbash: printf: x: invalid number\n0\n1\n',
  ],
  [
    'xargs',
    `echo a b c | xargs -n2 echo x; printf '1\\n2\\n' | xargs -I{} echo '<{}>'; echo | xargs -r echo no`,
    'x a b\nx c\n<1>\n<2>\n',
  ],
  [
    'find',
    "mkdir -p a/b; touch a/x.txt a/b/y.txt; find a -name '*.txt' | sort; find a -type d -maxdepth 1; find a -type f -exec basename {} \\;",
    'a/b/y.txt\na/x.txt\na\na/b\ny.txt\nx.txt\n',
  ],
  [
    'rm, cp and mv',
    'mkdir d; rm d; cp d e; cp nosuch e; mv nosuch e; rmdir d; rm nosuch; rm -f nosuch; mkdir a/b/c',
    "rm: cannot remove 'd': Is a directory\ncp: -r not specified; omitting directory 'd'\ncp: cannot stat 'nosuch': No such file or directory\nmv: cannot stat 'nosuch': No such file or directory\nrm: cannot remove 'nosuch': No such file or directory\nmkdir: cannot create directory ‘a/b/c’: No such file or directory\n",
  ],
  [
    'cp -r and chmod',
    'mkdir -p s/t; echo q > s/t/u; cp -r s z; cat z/t/u; chmod 750 z/t/u; stat -c %a z/t/u; chmod u-x,o+r z/t/u; stat -c %A z/t/u',
    'q\n750\n-rw-r-xr--\n',
  ],
  [
    'ls',
    'mkdir l; cd l; touch b a .h; ls; ls -a; ls -l | head -2; ls nosuch; echo $?',
    "a\nb\n.\n..\n.h\na\nb\ntotal 0\n-rw-r--r-- 1 root root 0 Jan  5 00:00 a\nls: cannot access 'nosuch': No such file or directory\n2\n",
  ],
  [
    'date',
    "date -u -d @0 +%FT%TZ; date; date -d '2026-01-05 + 1 day' '+%a %j'",
    '1970-01-01T00:00:00Z\nMon Jan  5 00:00:00 UTC 2026\nTue 006\n',
  ],
  [
    'diff',
    'echo x > p; echo y > q; diff p q; diff -u p q | tail -n +3; diff p p',
    '1c1\n< x\n---\n> y\n@@ -1 +1 @@\n-x\n+y\n',
  ],
  [
    'env',
    'env -i A=1 env; A=2 printenv A; env nosuch; echo $?',
    'A=1\n2\nenv: ‘nosuch’: No such file or directory\n127\n',
  ],
  [
    'timeout',
    'timeout 1 sleep 5; echo $?; timeout 5 false; echo $?; timeout x true; echo $?',
    '124\n1\n' +
      "timeout: invalid time interval ‘x’\nTry 'timeout --help' for more information.\n125\n",
  ],
  [
    'tee and tac',
    'echo hi | tee t1 t2; cat t1 t2; tac f | head -1; echo abc | rev',
    'hi\nhi\nhi\na 10\ncba\n',
  ],
  ['basename and dirname', 'basename /a/b.txt .txt; dirname /a/b; dirname x', 'b\n/a\n.\n'],
  [
    'sleep',
    'sleep x; sleep',
    "sleep: invalid time interval ‘x’\nTry 'sleep --help' for more information.\nsleep: missing operand\nTry 'sleep --help' for more information.\n",
  ],
  [
    'options',
    'cat -Q; head -n',
    "cat: invalid option -- 'Q'\nTry 'cat --help' for more information.\nhead: option requires an argument -- 'n'\nTry 'head --help' for more information.\n",
  ],
];

describe('small tools', () => {
  for (const [tool, script, told] of rows) {
    it(`do as GNU's: ${tool}`, () => {
      const { files, run } = machine();
      files.write('dev', '/root/f', F);
      files.write('dev', '/root/j', J);
      expect(run(script).text).toBe(told);
    });
  }

  it('follow a file that grows', () => {
    const { run } = machine();
    expect(
      run('echo a > log; (sleep 2; echo b >> log) & timeout 5 tail -f log; echo $?').text,
    ).toBe('a\nb\n124\n');
  });

  it('read no more than they need', () => {
    const { run } = machine();
    expect(run("printf '1\\n2\\n3\\n' | { head -1; cat; }").text).toBe('1\n2\n3\n');
  });
});
