import { close, Interrupt, join, open, read, start } from '../../../sim/process.ts';
import type { NodeChunk } from '../../api/node-requests.ts';
import type { Pod } from '../../api/pod.ts';
import type { Result } from '../../apimachinery/status.ts';
import { runningTimeoutOf } from '../options.ts';
import { containerOf, objectNamed, podsOf } from '../pods.ts';
import { refused } from '../problems.ts';
import {
  beginRequest,
  check,
  dieWith,
  fatal,
  print,
  printError,
  type Session,
  type Step,
} from '../session.ts';
import { oneFound } from '../targets.ts';

/** `kubectl exec` and `kubectl attach` (staging/src/k8s.io/kubectl/pkg/cmd/{exec,attach}, v1.36). */
export function* exec(session: Session): Step<number> {
  const { flags, words, dash } = session;
  const fromFile = flags.all('filename').length > 0;
  if ((words.length === 0 || dash === 0) && !fromFile) {
    yield* fatal(session, 'pod, type/name or --filename must be specified');
  }
  if (dash === -1 && words.length > (fromFile ? 0 : 1)) {
    yield* fatal(
      session,
      'exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead\n' +
        "See 'kubectl exec -h' for help and examples",
    );
  }
  const argv = fromFile ? words.slice(Math.max(dash, 0)) : words.slice(1);
  if (argv.length === 0) {
    yield* fatal(session, 'you must specify at least one command for the container');
  }
  yield* runningTimeoutOf(session);
  const pod = fromFile ? yield* podOfFile(session) : yield* firstPod(session, words[0] ?? '');
  const { name, namespace = '' } = pod.metadata;
  if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') {
    const { phase } = pod.status;
    yield* fatal(
      session,
      `cannot exec into a container in a completed pod; current phase is ${phase}`,
    );
  }
  // A container that is named is the server's to find.
  const named = flags.text('container');
  const container = named || (yield* containerOf(session, pod, '', flags.has('quiet')));
  return yield* connect(session, { namespace, name }, 'exec', { container, argv });
}

/** A Pod of what a manifest names. */
function* podOfFile(session: Session): Step<Pod> {
  const { object } = yield* oneFound(session, { words: [] });
  const [pod] = yield* podsOf(session, object!);
  return pod ?? (yield* fatal(session, 'timed out waiting for the condition'));
}

/** The one Pod that a word names, or the first of what it names. */
export function* firstPod(session: Session, word: string): Step<Pod> {
  const { object } = yield* objectNamed(session, word);
  const [pod] = yield* podsOf(session, object!);
  return pod ?? (yield* fatal(session, 'timed out waiting for the condition'));
}

export function* attach(session: Session): Step<number> {
  const { flags, words } = session;
  if (words.length === 0) yield* fatal(session, 'at least 1 argument is required for attach');
  if (words.length > 2) {
    yield* fatal(
      session,
      `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${words.length}: [${words.join(' ')}]`,
    );
  }
  yield* runningTimeoutOf(session);
  const word = words.length === 2 ? words.join('/') : (words[0] ?? '');
  const pod = yield* firstPod(session, word);
  const { phase } = pod.status;
  if (phase === 'Succeeded' || phase === 'Failed') {
    yield* fatal(
      session,
      `cannot attach a container in a completed pod; current phase is ${phase}`,
    );
  }
  const { name, namespace = '' } = pod.metadata;
  const named = flags.text('container');
  const quiet = flags.has('quiet');
  const container = yield* containerOf(session, pod, named, quiet, 'not found in');
  if (!flags.has('quiet') && flags.has('stdin')) {
    yield* printError(session, "If you don't see a command prompt, try pressing enter.\n");
  }
  return yield* connect(session, { namespace, name }, 'attach', { container });
}

interface Ending {
  readonly ok: boolean;
  readonly exitCode?: number;
  readonly message?: string;
}

/**
 * Runs or watches a process in a container; its exit code is kubectl's. `otherwise` is done where
 * the node refuses; left out, that is said and ends kubectl.
 */
export function* connect(
  session: Session,
  { namespace, name }: { namespace: string; name: string },
  subresource: 'exec' | 'attach',
  options: Readonly<Record<string, unknown>>,
  otherwise?: (why: string) => Step<void>,
): Step<number> {
  const { flags, self } = session;
  const stream = yield* open();
  const tty = flags.has('tty');
  const stdin = flags.has('stdin') ? self.stdin : undefined;
  const body = { ...options, tty, ...(stdin !== undefined && { stdin }), stream };
  const asked = {
    verb: 'create' as const,
    resource: 'pods' as const,
    subresource,
    namespace,
    name,
  };
  const args = yield* beginRequest(session, { ...asked, body }, stream);
  const pid = yield* start('kubectl/request', args);
  try {
    for (;;) {
      const chunks = yield* read<NodeChunk>(stream);
      if (!chunks) break;
      for (const chunk of chunks) {
        if (chunk.stream === 'stderr' && !tty) yield* printError(session, chunk.text);
        else yield* print(session, chunk.text);
      }
    }
  } catch (error) {
    if (error instanceof Interrupt) yield* close(stream);
    throw error;
  }
  const ending = (yield* join(pid)).result as Ending | Result<unknown> | undefined;
  if (!ending) return 1;
  if ('failure' in ending) yield* check(session, [refused(ending.failure)]);
  const { ok, exitCode = 0, message = '' } = ending as Ending;
  if (!ok) {
    const why = `Internal error occurred: ${message}`;
    if (!otherwise) return yield* dieWith(session, `error: ${why}`);
    yield* otherwise(why);
    return 0;
  }
  if (exitCode !== 0 && subresource === 'exec') {
    return yield* dieWith(session, `command terminated with exit code ${exitCode}`, exitCode);
  }
  return exitCode;
}
