import { ask, close, join, open, read, start, write, type Self } from '../../sim/process.ts';
import type { Command, CommandLine } from '../../machine/command.ts';
import { dockerService, type EngineRequest, type EngineResponse } from '../api.ts';
import { parseLine, type Flags } from './arguments.ts';
import { build } from './build.ts';
import { images, pull, push, removeImages, tag } from './images.ts';
import { kill, logs, list, removeContainers, run, startContainers, stop } from './containers.ts';
import type { Invocation, Step } from './invocation.ts';

/**
 * The docker command line: understands its words, asks the daemon, prints what comes back as
 * docker/cli v29 prints it. Progress goes to the terminal as it comes.
 */
const HANDLERS: Readonly<Record<string, (call: Invocation) => Step<number>>> = {
  build,
  push,
  pull,
  tag,
  images,
  rmi: removeImages,
  run,
  ps: list,
  start: startContainers,
  stop,
  kill,
  rm: removeContainers,
  logs,
};

const HELP = `Usage:  docker [OPTIONS] COMMAND

A self-sufficient runtime for containers
`;

export const docker: Command = function* (line, self) {
  if (line.argv.length === 1) {
    yield* write(self.stderr, HELP);
    return 0;
  }
  const parsed = parseLine(line.argv.slice(1));
  if (!parsed.ok) {
    yield* write(self.stderr, parsed.message);
    return parsed.exitCode;
  }
  const handler = Object.hasOwn(HANDLERS, parsed.command) ? HANDLERS[parsed.command] : undefined;
  if (!handler) return 1;
  return yield* handler(invocation(line, self, parsed.flags, parsed.args));
};

function invocation(
  line: CommandLine,
  self: Self,
  flags: Flags,
  args: readonly string[],
): Invocation {
  const service = dockerService(line.machine);
  return {
    line,
    flags,
    args,
    out: (text) => write(self.stdout, text),
    err: (text) => write(self.stderr, text),
    ask: <T>(request: EngineRequest) => ask<EngineResponse<T>>(service, request),
    *streamed<T>(request: EngineRequest, to: 'stdout' | 'stderr') {
      // The request waits in a process of its own while this one copies what it writes.
      const stream = yield* open();
      const args = { service, request: { ...request, stream }, stream };
      const pid = yield* start('docker/request', args);
      for (;;) {
        const chunks = yield* read<string>(stream);
        if (!chunks) break;
        yield* write(self[to], chunks.join(''));
      }
      const ending = yield* join(pid);
      return ending.result as EngineResponse<T>;
    },
  };
}

/** Asks the daemon and closes the stream of its progress when the answer is there. */
export function* request(args: { service: string; request: EngineRequest; stream: number }) {
  const response = yield* ask<EngineResponse>(args.service, args.request);
  yield* close(args.stream);
  return response;
}
