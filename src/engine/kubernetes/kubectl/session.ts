import {
  ask,
  now,
  read,
  sleep,
  unread,
  write,
  type Call,
  type Resumption,
  type Self,
} from '../../sim/process.ts';
import type { CommandLine } from '../../machine/command.ts';
import type { ApiRequest, ListAnswer, WatchAnswer } from '../api/requests.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import type { Failure, Result } from '../apimachinery/status.ts';
import type { Configuration } from './configuration.ts';
import type { Flags } from './flags.ts';
import { errorText, problem, refused, type Problem } from './problems.ts';

/** One run of kubectl: its words, its streams, and requests to the API server. */
export type Step<T> = Generator<Call, T, Resumption>;

/** Model figures: kubectl's way to the server, and how long it waits for one that is silent. */
const REQUEST_MS = 2;
const DIAL_TIMEOUT_MS = 30_000;

/** Ends the command, as `os.Exit` does; caught where it began. */
export class Exit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.exitCode = exitCode;
  }
}

export class Session {
  readonly self: Self;
  readonly line: CommandLine;
  /** `create deployment`. */
  readonly path: string;
  readonly flags: Flags;
  readonly words: readonly string[];
  /** How many words stand before `--`; -1 when there is none. */
  readonly dash: number;
  readonly configuration: Configuration;
  /** Warnings that were printed already. */
  readonly warned = new Set<string>();
  /** The service of the API server, once it was found. */
  server = '';

  constructor(
    self: Self,
    line: CommandLine,
    command: { path: string; flags: Flags; args: readonly string[]; dash: number },
    configuration: Configuration,
  ) {
    this.self = self;
    this.line = line;
    this.path = command.path;
    this.flags = command.flags;
    this.words = command.args;
    this.dash = command.dash;
    this.configuration = configuration;
  }

  get args(): { readonly words: readonly string[]; readonly flags: Flags } {
    return { words: this.words, flags: this.flags };
  }

  get namespace(): string {
    return this.configuration.namespace;
  }

  /** A line that is typed or comes through a pipe; '' at the end of the input. */
  *readLine(): Step<string> {
    let text = '';
    for (;;) {
      const chunks = yield* read<string>(this.self.stdin);
      if (!chunks) return text;
      text += chunks.join('');
      const end = text.indexOf('\n');
      if (end === -1) continue;
      if (end + 1 < text.length) yield* unread(this.self.stdin, text.slice(end + 1));
      return text.slice(0, end);
    }
  }
}

type Asked = Omit<ApiRequest, 'user'>;

/** The service that answers for the server of the kubeconfig; ends when there is none. */
export function* serverOf(session: Session): Step<string> {
  if (session.server !== '') return session.server;
  const { server, problem: why } = session.configuration;
  if (why !== undefined) return yield* dieWith(session, why);
  const door = yield* ask<{ ok: true; cluster: string } | { ok: false; refused: boolean }>(
    'kubernetes/door',
    { machine: session.line.machine, server },
  );
  if (door.ok) {
    session.server = `apiserver/${door.cluster}`;
    return session.server;
  }
  const host = server.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  if (door.refused) {
    const hint = 'did you specify the right host or port?';
    return yield* dieWith(session, `The connection to the server ${host} was refused - ${hint}`);
  }
  const limitMs = session.flags.durationMs('request-timeout');
  yield* sleep(limitMs > 0 ? limitMs : DIAL_TIMEOUT_MS);
  const why2 =
    limitMs > 0
      ? 'net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)'
      : `dial tcp ${host}: i/o timeout`;
  return yield* dieWith(session, `Unable to connect to the server: ${why2}`);
}

/**
 * Why no server answers, in the words of Go's network library; undefined when one is there, or when
 * nobody even says no.
 */
export function* unreachable(session: Session): Step<string | undefined> {
  const { server, problem: why } = session.configuration;
  if (session.server !== '' || why !== undefined) return undefined;
  const door = yield* ask<{ ok: true; cluster: string } | { ok: false; refused: boolean }>(
    'kubernetes/door',
    { machine: session.line.machine, server },
  );
  if (door.ok || !door.refused) return undefined;
  const host = server.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
  const address = host.replace(/^localhost(?=:|$)/, '127.0.0.1');
  return `dial tcp ${address}: connect: connection refused`;
}

export function* request<T>(session: Session, asked: Asked): Step<Result<T>> {
  const server = yield* serverOf(session);
  yield* sleep(REQUEST_MS);
  const { identity } = session.configuration;
  const body = { ...asked, user: 'kubectl', ...(identity && { identity }) };
  const answer = yield* ask<Result<T>>(server, body);
  if (answer.ok) yield* warn(session, answer.warnings ?? []);
  return answer;
}

function* warn(session: Session, warnings: readonly string[]): Step<void> {
  for (const text of warnings) {
    if (session.warned.has(text)) continue;
    session.warned.add(text);
    yield* write(session.self.stderr, `Warning: ${text}\n`);
  }
}

/** Ends when the kubeconfig and the flags over it say nothing that can be followed. */
export function* checkConfiguration(session: Session): Step<void> {
  const { problem: why, serverProblem } = session.configuration;
  if (why !== undefined) yield* dieWith(session, serverProblem ?? why);
}

/** Makes sure that there is a server, where only discovery would ask it. */
export function* connect(session: Session): Step<void> {
  yield* serverOf(session);
}

/** What the program `kubectl/request` needs to ask while kubectl reads the stream. */
export function* beginRequest(
  session: Session,
  asked: Asked,
  stream: number,
): Step<{ server: string; body: unknown; stream: number }> {
  const server = yield* serverOf(session);
  yield* sleep(REQUEST_MS);
  const { identity } = session.configuration;
  const body = { ...asked, user: 'kubectl', ...(identity && { identity }) };
  return { server, body, stream };
}

export const call = (session: Session, asked: Asked): Step<Result<KubeObject>> =>
  request<KubeObject>(session, asked);

export const list = (session: Session, asked: Omit<Asked, 'verb'>): Step<Result<ListAnswer>> =>
  request<ListAnswer>(session, { ...asked, verb: 'list' });

/** Waits for changes after a resource version. */
export const changes = (session: Session, asked: Omit<Asked, 'verb'>): Step<Result<WatchAnswer>> =>
  request<WatchAnswer>(session, { ...asked, verb: 'watch' });

/** One object as it is now, and the version of the server from which to watch it. */
export function* observe(
  session: Session,
  { resource, namespace, name }: Pick<ApiRequest, 'resource' | 'namespace' | 'name'>,
): Step<Result<{ readonly object?: KubeObject; readonly resourceVersion: string }>> {
  const fieldSelector = [{ field: 'metadata.name', operator: '=' as const, value: name ?? '' }];
  const answer = yield* list(session, { resource, namespace, fieldSelector });
  if (!answer.ok) return answer;
  const { items, resourceVersion } = answer.value;
  const [object] = items;
  return { ok: true, value: { resourceVersion, ...(object && { object }) } };
}

/** What kubectl says when a wait takes too long. */
export const TIMED_OUT = 'timed out waiting for the condition';

/** Waits for changes until a moment, if there is one; undefined when it has passed. */
export function* changesUntil(
  session: Session,
  asked: Omit<Asked, 'verb'>,
  endMs: number | undefined,
): Step<Result<WatchAnswer> | undefined> {
  if (endMs === undefined) return yield* changes(session, asked);
  const leftMs = endMs - (yield* now());
  if (leftMs <= 0) return undefined;
  return yield* changes(session, { ...asked, timeoutMs: leftMs });
}

export function* print({ self }: Session, text: string): Step<void> {
  if (text !== '') yield* write(self.stdout, text);
}

export function* printError({ self }: Session, text: string): Step<void> {
  if (text !== '') yield* write(self.stderr, text);
}

/** Prints to standard error; gives exit code 1. */
export function* complain({ self }: Session, text: string): Step<number> {
  yield* write(self.stderr, `${text}\n`);
  return 1;
}

/** Prints words as they are and ends. */
export function* dieWith({ self }: Session, text: string, exitCode = 1): Step<never> {
  if (text !== '') yield* write(self.stderr, text.endsWith('\n') ? text : `${text}\n`);
  throw new Exit(exitCode);
}

/** `error: …`, and the end. */
export const fatal = (session: Session, message: string, exitCode = 1): Step<never> =>
  dieWith(session, errorText([problem(message)]), exitCode);

/** Ends with what went wrong, if anything did. */
export function* check(session: Session, problems: readonly Problem[], exitCode = 1): Step<void> {
  if (problems.length > 0) yield* dieWith(session, errorText(problems), exitCode);
}

export const fail = (session: Session, failure: Failure, exitCode = 1): Step<never> =>
  dieWith(session, errorText([refused(failure)]), exitCode);

/** Wrong usage, with a hint where to read more. */
export const misused = (session: Session, message: string, exitCode = 1): Step<never> =>
  fatal(session, `${message}\nSee 'kubectl ${session.path} -h' for help and examples`, exitCode);

/** Lets time pass. */
export const sleepFor = (delayMs: number): Step<void> => sleep(delayMs);

export { now };
