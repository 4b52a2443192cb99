import { KUBECTL_PROGRAMS } from '../../src/engine/kubernetes/kubectl/kubectl.ts';
import type { Command } from '../../src/engine/machine/command.ts';
import { MachineFiles } from '../../src/engine/machine/files.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import type { Program } from '../../src/engine/sim/process.ts';
import { Processes } from '../../src/engine/sim/processes.ts';

/** What a command of kubectl prints and leaves behind where no server can be reached. */
export interface ClientAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  /** Files that it changed, by their path from its directory. */
  readonly files?: Readonly<Record<string, string>>;
}

const MACHINE = 'dev';
const HOME = '/root';
const LIMIT_MS = 120_000;

/** Words as a shell splits them: quotes of both kinds, but not those within `{…}`; nothing else. */
export function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word = '';
  let begun = false;
  let quote = '';
  for (const char of line) {
    if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if ((char === '"' || char === "'") && !word.includes('{')) {
      quote = char;
      begun = true;
    } else if (char === ' ') {
      if (word !== '' || begun) words.push(word);
      word = '';
      begun = false;
    } else word += char;
  }
  if (word !== '' || begun) words.push(word);
  return words;
}

/**
 * Runs the real program of the command line in a world without a cluster.
 *
 * @param door what a kubeconfig's server answers: nothing listens unless a cluster is named
 */
export function askClient(
  line: string,
  files: Readonly<Record<string, string>> = {},
): ClientAnswer {
  const kernel = new Kernel({ seed: 1 });
  const processes = new Processes(kernel);
  const machine = new MachineFiles(kernel, processes);
  machine.addMachine(MACHINE);
  for (const [path, text] of Object.entries(files)) machine.write(MACHINE, `${HOME}/${path}`, text);
  processes.service('kubernetes/door', () => ({ ok: false, refused: true }));
  for (const [name, program] of Object.entries(KUBECTL_PROGRAMS)) {
    processes.program(name, program as Program<never> as Command);
  }
  const endings: { result?: unknown }[] = [];
  kernel.event<{ ending: { result?: unknown } }>('test/ended', ({ ending }) =>
    endings.push(ending),
  );
  const stdin = processes.streams.open();
  processes.streams.close(stdin);
  const io = { stdin, stdout: processes.streams.open(), stderr: processes.streams.open() };
  const args = { machine: MACHINE, argv: wordsOf(line), env: { HOME }, cwd: HOME };
  processes.spawn('kubectl/cli', args, { io, then: { event: 'test/ended', payload: {} } });
  kernel.advanceUntil(() => endings.length > 0, LIMIT_MS);
  const changed: Record<string, string> = {};
  for (const path of [...Object.keys(files), '.kube/config']) {
    const text = machine.read(MACHINE, `${HOME}/${path}`)?.content;
    if (text !== undefined && text !== files[path]) changed[path] = text;
  }
  return {
    stdout: processes.streams.take(io.stdout).join(''),
    stderr: processes.streams.take(io.stderr).join(''),
    code: Number(endings[0]?.result ?? -1),
    ...(Object.keys(changed).length > 0 && { files: changed }),
  };
}
