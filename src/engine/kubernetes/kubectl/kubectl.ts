import { ask, close, read, write } from '../../sim/process.ts';
import type { Command } from '../../machine/command.ts';
import type { NodeChunk } from '../api/node-requests.ts';
import type { Result } from '../apimachinery/status.ts';
import { handlerOf } from './commands.ts';
import { configure } from './configuration.ts';
import { resolve } from './resolve.ts';
import { Exit, Session } from './session.ts';

/**
 * kubectl: a program on a machine that asks the API server and prints what it answers, with the
 * words and exit codes of the real one (staging/src/k8s.io/kubectl, v1.36). What it knows of its
 * commands is data (`spec/`); how it reads and writes YAML is in `yaml/`, how it prints objects in
 * `printers/`, what its commands do in `commands/`.
 *
 * Simplified: where the client of a silent or refusing server repeats its errors with times and
 * line numbers of its source, only the last, plain sentence is printed.
 */
export const kubectl: Command = function* (line, self) {
  const resolved = resolve(line.argv.slice(1));
  if (resolved.kind === 'print') {
    if (resolved.out !== '')
      yield* write(self.stdout, resolved.out.replaceAll(HOME, homeOf(line.env)));
    if (resolved.err !== '') yield* write(self.stderr, resolved.err);
    return resolved.exitCode;
  }
  for (const note of resolved.notes) yield* write(self.stderr, `${note}\n`);
  const configuration = yield* configure(line, resolved.flags);
  const session = new Session(self, line, resolved, configuration);
  let exitCode: number;
  try {
    exitCode = yield* handlerOf(resolved.path)(session);
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    // Of `diff`, 1 says that there are differences.
    exitCode = resolved.path === 'diff' && error.exitCode === 1 ? 2 : error.exitCode;
  }
  const { size } = session.warned;
  if (exitCode === 0 && size > 0 && resolved.flags.has('warnings-as-errors')) {
    yield* write(self.stderr, `error: ${size} warning${size === 1 ? '' : 's'} received\n`);
    return 1;
  }
  return exitCode;
};

/** The home directory as the recorded help names it. */
const HOME = "'/root/.kube/cache'";
const homeOf = ({ HOME: home = '/root' }: Readonly<Record<string, string>>): string =>
  `'${home}/.kube/cache'`;

/** Asks the server and closes the stream of what it sends when the answer is there. */
export function* kubectlRequest(args: { server: string; body: unknown; stream: number }) {
  const response = yield* ask<Result<unknown>>(args.server, args.body);
  yield* close(args.stream);
  return response;
}

interface Relay {
  readonly from: number;
  readonly to: number;
  readonly pid: number;
  /** Stands before every line. */
  readonly prefix: string;
}

/** Copies one of several logs, line by line; null tells that it has ended. */
export function* kubectlRelay({ from, to, prefix }: Relay) {
  let rest = '';
  for (;;) {
    const chunks = yield* read<NodeChunk>(from);
    if (!chunks) break;
    const lines = (rest + chunks.map(({ text }) => text).join('')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield* write(to, `${prefix}${line}\n`);
  }
  if (rest !== '') yield* write(to, `${prefix}${rest}\n`);
  yield* write(to, null);
}

/** Every program that kubectl is made of, by name. */
export const KUBECTL_PROGRAMS = {
  'kubectl/cli': kubectl,
  'kubectl/request': kubectlRequest,
  'kubectl/relay': kubectlRelay,
};
