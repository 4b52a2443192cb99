import {
  ask,
  now,
  sleep,
  write,
  type Call,
  type Resumption,
  type Self,
} from '../../sim/process.ts';
import type { CommandLine } from '../../machine/command.ts';
import type { ApiRequest, ListAnswer, WatchAnswer } from '../api/requests.ts';
import type { KubeObject } from '../apimachinery/object.ts';
import { parseGoDuration } from '../apimachinery/duration.ts';
import type { Failure, Result } from '../apimachinery/status.ts';
import type { Arguments } from './arguments.ts';

/** One run of kubectl: its words, its streams, and requests to the API server. */
export type Step<T> = Generator<Call, T, Resumption>;

/** Model figure: kubectl's way to the server. */
const REQUEST_MS = 2;

export interface Session {
  readonly self: Self;
  readonly line: CommandLine;
  readonly args: Arguments;
  readonly namespace: string;
}

type Asked = Omit<ApiRequest, 'user'>;

function* request<T>({ line }: Session, asked: Asked): Step<Result<T>> {
  yield* sleep(REQUEST_MS);
  const cluster = line.env.KUBERNETES_CLUSTER ?? 'main';
  return yield* ask<Result<T>>(`apiserver/${cluster}`, { ...asked, user: 'kubectl' });
}

export const call = (session: Session, asked: Asked): Step<Result<KubeObject>> =>
  request<KubeObject>(session, asked);

export const list = (session: Session, asked: Omit<Asked, 'verb'>): Step<Result<ListAnswer>> =>
  request<ListAnswer>(session, { ...asked, verb: 'list' });

/** Waits for changes after a resource version. */
export const changes = (session: Session, asked: Omit<Asked, 'verb'>): Step<Result<WatchAnswer>> =>
  request<WatchAnswer>(session, { ...asked, verb: 'watch' });

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

/** `--timeout` in milliseconds, 0 for none; an error's words when it is no length of time. */
export function timeLimit({ args, line }: Session): number | string {
  const text = args.flags.get('timeout') ?? '0s';
  const limitMs = parseGoDuration(text);
  if (limitMs !== undefined) return limitMs;
  const missing = /^\d+$/.test(text) ? 'missing unit in' : 'invalid';
  const why = `time: ${missing} duration ${JSON.stringify(text)}`;
  const command = line.argv.slice(0, line.argv[1] === 'rollout' ? 3 : 2).join(' ');
  return (
    `error: invalid argument ${JSON.stringify(text)} for "--timeout" flag: ${why}\n` +
    `See '${command} --help' for usage.`
  );
}

export function* print({ self }: Session, text: string): Step<void> {
  yield* write(self.stdout, text);
}

/** Prints to standard error; gives exit code 1. */
export function* complain({ self }: Session, text: string): Step<number> {
  yield* write(self.stderr, `${text}\n`);
  return 1;
}

/** How kubectl prints a refusal of the server; exit code 1. */
export function refuse(session: Session, failure: Failure, what?: string): Step<number> {
  const { reason, message, details } = failure;
  if (reason === 'Invalid' && details) {
    const causes = (details.causes ?? []).map(({ field, message: why }) => `${field}: ${why}`);
    const text = causes.length === 1 ? causes.join('') : causes.map((c) => `\n* ${c}`).join('');
    return complain(session, `The ${details.kind} "${details.name}" is invalid: ${text}`);
  }
  const where = what === undefined ? '' : `${what}: `;
  if (what !== undefined) {
    return complain(session, `Error from server (${reason}): ${where}${message}`);
  }
  return complain(session, `Error from server (${reason}): ${message}`);
}

export { now };
