import { ask, close, write } from '../../sim/process.ts';
import type { Command } from '../../machine/command.ts';
import type { EngineRequest, EngineResponse } from '../api.ts';
import { handlerOf, type CommandHandlers } from './commands.ts';
import { Invocation } from './invocation.ts';
import { resolve } from './resolve.ts';

/**
 * The docker command line: understands its words, asks the daemon by the Engine API and prints what
 * comes back as docker/cli v29 prints it. What it knows of its commands is data (`spec/`); values
 * of flags are read in `options/`, commands stand in `commands/`, tables and templates in
 * `formatter/` and `template/`; other rooms bring handlers of their own.
 */
export const dockerCli = (others: CommandHandlers = {}): Command =>
  function* (line, self) {
    const resolved = resolve(line.argv.slice(1), line.env);
    if (resolved.out !== '') yield* write(self.stdout, resolved.out);
    if (resolved.kind === 'print') {
      if (resolved.err !== '') yield* write(self.stderr, resolved.err);
      return resolved.exitCode;
    }
    return yield* handlerOf(resolved.path, others)(new Invocation(line, self, resolved));
  };

/** Asks the daemon and closes the stream of its progress when the answer is there. */
export function* request(args: { service: string; request: EngineRequest; stream: number }) {
  const response = yield* ask<EngineResponse>(args.service, args.request);
  yield* close(args.stream);
  return response;
}
