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
