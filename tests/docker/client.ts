import { dockerCli, request } from '../../src/engine/docker/cli/docker.ts';
import { SWARM_COMMANDS } from '../../src/engine/swarm/cli/commands.ts';
import { dockerService } from '../../src/engine/docker/api.ts';
import { MachineFiles } from '../../src/engine/machine/files.ts';
import { Kernel } from '../../src/engine/sim/kernel.ts';
import { Processes } from '../../src/engine/sim/processes.ts';

/** What a command of docker prints and gives back where no daemon can be reached. */
export interface ClientAnswer {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
}

/** As the client of version 28 said it; 29 has a longer sentence. */
const NO_DAEMON =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?';
const MACHINE = 'dev';
const LIMIT_MS = 60_000;

/** Words as a shell splits them: quotes of either kind, nothing else. */
export const wordsOf = (line: string): string[] =>
  (line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? []).map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_all, a?: string, b?: string) => a ?? b ?? ''),
  );

const HOME = '/root';

/** Files of the home directory, where the command is typed, and variables beside `HOME`. */
export interface ClientRoom {
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs the real program of the command line in a world without a daemon. */
export function askClient(line: string, { files = {}, env = {} }: ClientRoom = {}): ClientAnswer {
  const kernel = new Kernel({ seed: 1 });
  const processes = new Processes(kernel);
  const rooms = new MachineFiles(kernel, processes);
  rooms.addMachine(MACHINE);
  for (const [path, text] of Object.entries(files)) rooms.write(MACHINE, `${HOME}/${path}`, text);
  processes.service(dockerService(MACHINE), () => ({ status: 0, body: { message: NO_DAEMON } }));
  processes.program('docker/cli', dockerCli(SWARM_COMMANDS));
  processes.program('docker/request', request);
  const endings: { result?: unknown }[] = [];
  kernel.event<{ ending: { result?: unknown } }>('test/ended', ({ ending }) =>
    endings.push(ending),
  );
  const stdin = processes.streams.open();
  processes.streams.close(stdin);
  const io = { stdin, stdout: processes.streams.open(), stderr: processes.streams.open() };
  const args = { machine: MACHINE, argv: wordsOf(line), env: { HOME, ...env }, cwd: HOME };
  processes.spawn('docker/cli', args, { io, then: { event: 'test/ended', payload: {} } });
  kernel.advanceUntil(() => endings.length > 0, LIMIT_MS);
  return {
    stdout: processes.streams.take(io.stdout).join(''),
    stderr: processes.streams.take(io.stderr).join(''),
    code: Number(endings[0]?.result ?? -1),
  };
}
