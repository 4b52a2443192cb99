import { MachineFiles } from '../machine/files.ts';
import { Kernel } from '../sim/kernel.ts';
import type { Ending } from '../sim/process.ts';
import { Processes } from '../sim/processes.ts';
import { addShell, TOOL_COMMANDS } from './programs.ts';
import type { Flavour } from './state.ts';

/** For tests: a machine with a shell and its tools, and nothing else. */
export function machine() {
  const kernel = new Kernel({ seed: 5 });
  const processes = new Processes(kernel);
  const files = new MachineFiles(kernel, processes);
  files.addMachine('dev');
  addShell(processes, {});
  const endings: Ending[] = [];
  kernel.event<{ ending: Ending }>('test/ended', ({ ending }) => {
    endings.push(ending);
  });
  const home = '/root';
  const begin = (script: string, options: { flavour?: Flavour; input?: string } = {}) => {
    const out = processes.streams.open();
    const stdin = processes.streams.open();
    if (options.input !== undefined) processes.streams.write(stdin, options.input);
    processes.streams.close(stdin);
    const flavour = options.flavour ?? 'bash';
    const args = { machine: 'dev', script, cwd: home, env: { HOME: home }, flavour, name: flavour };
    const pid = processes.spawn(
      'shell/run',
      { ...args, commands: TOOL_COMMANDS },
      { io: { stdin, stdout: out, stderr: out }, then: { event: 'test/ended', payload: {} } },
    );
    return { out, pid };
  };
  /** Runs to the end, an hour at most; what was written to both outputs, and how it ended. */
  const run = (script: string, options: { flavour?: Flavour; input?: string } = {}) => {
    const { out } = begin(script, options);
    const texts: unknown[] = [];
    const ended = kernel.advanceUntil(() => {
      texts.push(...processes.streams.take(out));
      return endings.length > 0;
    }, 3_600_000);
    texts.push(...processes.streams.take(out));
    const ending = endings.pop();
    return { text: texts.join(''), code: ending?.result, signal: ending?.signal, ended };
  };
  return { kernel, processes, files, run, begin, endings };
}
