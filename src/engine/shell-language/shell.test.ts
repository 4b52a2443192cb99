import { describe, expect, it } from 'vitest';
import { MachineFiles } from '../machine/files.ts';
import { Kernel } from '../sim/kernel.ts';
import type { Ending } from '../sim/process.ts';
import { Processes } from '../sim/processes.ts';
import { parseScript } from './parse.ts';
import { shellRun, type ShellResult } from './run.ts';
import { TOOL_COMMANDS, TOOLS } from './tools.ts';

function machine() {
  const kernel = new Kernel({ seed: 5 });
  const processes = new Processes(kernel);
  const files = new MachineFiles(kernel, processes);
  files.addMachine('dev');
  processes.program('shell/run', shellRun);
  for (const [name, tool] of Object.entries(TOOLS)) processes.program(name, tool);
  const endings: Ending[] = [];
  kernel.event<{ ending: Ending }>('test/ended', ({ ending }) => endings.push(ending));
  files.write('dev', '/home/dev/notes.txt', 'first\n');
  const begin = (script: string) => {
    const out = processes.openStream();
    const args = { machine: 'dev', script, cwd: '/home/dev', env: { HOME: '/home/dev' } };
    const pid = processes.spawn(
      'shell/run',
      { ...args, commands: TOOL_COMMANDS },
      { io: { stdout: out, stderr: out }, then: { event: 'test/ended', payload: {} } },
    );
    return { out, pid };
  };
  const run = (script: string) => {
    const { out } = begin(script);
    kernel.advanceUntil(() => endings.length > 0, 100_000);
    const result = endings.pop()?.result as ShellResult;
    return { ...result, text: processes.takeStream(out).join('') };
  };
  return { kernel, processes, files, run, begin, endings };
}

describe('a shell', () => {
  it('takes words, quotes, variables and joins them as POSIX has it', () => {
    const { run } = machine();
    expect(run('A="two words"; echo $A "$A" \'$A\' "${B:-none}" a\\ b').text).toBe(
      'two words two words $A none a b\n',
    );
    expect(run('echo one # not this\necho "#" two').text).toBe('one\n# two\n');
    expect(run('false; echo $?; true && echo yes || echo no').text).toBe('1\nyes\n');
    expect(run('! false && echo turned').text).toBe('turned\n');
    expect(run('X=1 echo "$X"').text).toBe('\n');
  });

  it('writes, appends and reads files, and hands text through pipes', () => {
    const { run, files } = machine();
    expect(run('echo two >> notes.txt && cat notes.txt').text).toBe('first\ntwo\n');
    run('echo new > notes.txt; cat nosuch 2> errors.txt');
    expect(files.read('dev', '/home/dev/notes.txt')?.content).toBe('new\n');
    expect(files.read('dev', '/home/dev/errors.txt')?.content).toContain('No such file');
    expect(run('cat < notes.txt | cat').text).toBe('new\n');
  });

  it('moves virtual time by waiting and keeps its directory and variables', () => {
    const { kernel, run } = machine();
    const result = run('sleep 1.5; sleep 2s; cd /home; export A=b; pwd');
    expect(kernel.now).toBe(3500);
    expect(result).toMatchObject({ cwd: '/home', env: { A: 'b' }, text: '/home\n', exitCode: 0 });
  });

  it('says in the words of bash what it does not know', () => {
    const { run } = machine();
    expect(run('foo --bar')).toMatchObject({
      text: 'bash: foo: command not found\n',
      exitCode: 127,
    });
    expect(run('constructor').exitCode).toBe(127);
    expect(run('echo a && && b').text).toBe("bash: syntax error near unexpected token `&&'\n");
    expect(run('echo "open')).toMatchObject({ exitCode: 2 });
    expect(run('exit 3; echo never')).toMatchObject({ text: '', exitCode: 3 });
  });

  it('hands an interrupt to the command that runs, and goes on from a checkpoint', () => {
    const { kernel, processes, begin, endings } = machine();
    const { pid } = begin('sleep 60; echo never');
    kernel.advance(10);
    const middle = kernel.checkpoint();
    processes.signal(pid, 'SIGINT');
    kernel.advance(1000);
    expect(endings.pop()?.result).toMatchObject({ exitCode: 130 });
    kernel.restore(middle);
    kernel.advance(70_000);
    expect(endings.pop()?.result).toMatchObject({ exitCode: 0 });
  });

  it('answers hostile text with words, never with an exception', () => {
    const { run, files } = machine();
    expect(run('echo "$constructor${toString:-none}$__proto__"').text).toBe('none\n');
    expect(run('pwd;'.repeat(20_000)).text).toContain('script of more than 10000 commands');
    expect(run('x'.repeat(1_100_000)).text).toBe('bash: script too long\n');
    expect(run(`echo ${'"'.repeat(99_999)}`).text).toContain('unexpected EOF while looking for');
    expect(run(`echo ${"'a'$A".repeat(50_000)}`).text.length).toBe(50_001);
    expect(run(`cat /${'d/'.repeat(10_000)}f`).text).toContain('No such file or directory');
    expect(run('('.repeat(50_000)).text).toContain("syntax error near unexpected token `('");
    expect(run('echo a > ""; echo b > /; echo c > /home').text).toBe(
      'bash: : No such file or directory\nbash: /: Is a directory\nbash: /home: Is a directory\n',
    );
    expect(run('cd notes.txt; /home; cat /home').text).toBe(
      'bash: cd: notes.txt: Not a directory\nbash: /home: Is a directory\ncat: /home: Is a directory\n',
    );
    files.write('dev', '/home/dev/go.sh', 'x', 0o755);
    run('echo y > go.sh; cp go.sh went.sh');
    expect(files.read('dev', '/home/dev/went.sh')).toMatchObject({ content: 'y\n', mode: 0o755 });
  });

  it('waits long without losing count', () => {
    const { run } = machine();
    expect(run('sleep x').text).toBe(
      "sleep: invalid time interval ‘x’\nTry 'sleep --help' for more information.\n",
    );
    const { begin, kernel, endings } = machine();
    begin(`sleep ${'9'.repeat(30)}d`);
    kernel.advance(2 ** 30);
    expect(endings).toEqual([]);
  });

  it('keeps the lines of its commands', () => {
    const parsed = parseScript('a\n\nb &&\n c\n');
    expect(parsed.ok && parsed.script.lists.map(({ line }) => line)).toEqual([1, 3]);
  });
});
