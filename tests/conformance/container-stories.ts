import type { CreateBody } from '../../src/engine/docker/api.ts';
import { createWorld, type ShellAction } from '../../src/engine/world.ts';
import { smallDaemon } from '../docker/small-daemon.ts';
import { operation, operationOf, sameValue, type Operation, type Verdict } from './adapter.ts';

/** Rows about containers that need a daemon: what is done, and what it came to. */
const Image = 'busybox:latest';
const NAME = 'subject';
const MINUTE_MS = 60_000;

type Values = Readonly<Record<string, unknown>>;

function daemon() {
  const small = smallDaemon();
  small.stock('busybox');
  return small;
}

const policyOf = (text = ''): CreateBody['HostConfig'] => {
  const [Name = '', count = '0'] = text.split(':');
  return Name === '' ? {} : { RestartPolicy: { Name, MaximumRetryCount: Number(count) } };
};

const idle: CreateBody = { Image, Cmd: ['sleep', '100000'] };
/** Handles SIGTERM, which the first process of a container does not do by itself. */
const handles = (script: string): CreateBody => ({
  Image,
  Cmd: ['sh', '-c', `trap "${script}" TERM; while true; do sleep 1; done`],
});

function holds(got: Values, expect: Values): Verdict {
  return { holds: Object.keys(expect).every((key) => sameValue(got[key], expect[key])), got };
}

function said(text: string | undefined, { errorContains, errorKind }: Values, status: number) {
  const kinds: Readonly<Record<number, string>> = { 404: 'not-found', 409: 'conflict' };
  const isKind = errorKind === undefined || kinds[status] === errorKind;
  const wanted = typeof errorContains === 'string' ? errorContains : '';
  return (text ?? '').includes(wanted) && isKind;
}

interface KillRow {
  readonly signal?: string | null;
  readonly state?: string;
  readonly restart?: string;
  readonly stopSignal?: string;
}

function killed({ signal, state, restart, stopSignal }: KillRow, byDefault?: string) {
  const { create, post, inspect, pass } = daemon();
  const own = stopSignal === undefined ? {} : { StopSignal: stopSignal };
  const body = restart === undefined ? idle : { ...handles('exit 0'), ...own };
  create({ ...body, HostConfig: policyOf(restart) }, NAME);
  if (state !== 'created') post(`/containers/${NAME}/start`);
  pass(2_000);
  const sent = signal ?? byDefault;
  const query: Record<string, string> = sent === undefined ? {} : { signal: sent };
  const answer = post(`/containers/${NAME}/kill`, query);
  pass(5_000);
  return { answer, state: inspect(NAME).State.Status };
}

const kills: readonly Operation[] = [
  operation<KillRow, Values>(/^docker kill(?: -s (\S+))?$/, (row) => {
    const named = /-s (\S+)$/.exec(operationOf(row))?.[1];
    const { answer, state } = killed(row.input, named);
    const { errorContains, stillRunning, ...rest } = row.expect;
    const got = { state, message: answer.body.message };
    if (errorContains === undefined) return holds(got, rest);
    const isSaid = said(answer.body.message, row.expect, answer.status);
    return { holds: isSaid && (stillRunning !== true || state === 'running'), got };
  }),
];

interface StopRow {
  readonly timeoutSeconds: number;
}

const stops: readonly Operation[] = [
  operation<StopRow, Values>('docker stop', ({ input, expect }) => {
    const { run, post, inspect } = daemon();
    run({ Image, Cmd: ['sh', '-c', 'sleep 10; exit 42'] }, NAME);
    post(`/containers/${NAME}/stop`, { t: String(input.timeoutSeconds) });
    return holds({ exitCode: inspect(NAME).State.ExitCode }, expect);
  }),
  operation<{ cmd: string[]; restart: string }, Values>('run then docker stop', (row) => {
    const { run, post, inspect, pass } = daemon();
    run({ Image, Cmd: row.input.cmd, HostConfig: policyOf(row.input.restart) }, NAME);
    pass(3_000);
    const before = inspect(NAME).State.Status;
    post(`/containers/${NAME}/stop`);
    pass(MINUTE_MS);
    const after = inspect(NAME).State.Running ? 'running' : 'stopped';
    const { beforeStop, afterStop } = row.expect;
    const isBefore = (beforeStop as string[]).includes(before);
    return { holds: isBefore && after === afterStop, got: { before, after } };
  }),
  operation<{ cmd: string[]; restart: string }, Values>('run', ({ input, expect }) => {
    const { run, inspect, pass, post } = daemon();
    run({ Image, Cmd: input.cmd, HostConfig: policyOf(input.restart) }, NAME);
    pass(2 * MINUTE_MS);
    const { State, RestartCount } = inspect(NAME);
    const manual = post(`/containers/${NAME}/start`).status === 204;
    const got = {
      state: State.Status,
      finalState: State.Status,
      exitCode: State.ExitCode,
      restartCount: RestartCount,
      manualRestartAllowed: manual,
    };
    return holds(got, expect);
  }),
  operation<{ condition: string }, { waitExitCode: number }>(
    'docker restart while a client waits',
    ({ input, expect }) => {
      const { run, begin, post, answers, pass } = daemon();
      run(handles('exit 5'), NAME);
      pass(2_000);
      const condition: Record<string, string> =
        input.condition === 'default' ? {} : { condition: input.condition };
      begin({ method: 'POST', path: `/containers/${NAME}/wait`, query: condition });
      pass(10);
      post(`/containers/${NAME}/restart`);
      const waited = answers.find(({ body }) => 'StatusCode' in (body as object));
      return holds(
        { waitExitCode: (waited?.body as { StatusCode?: number } | undefined)?.StatusCode },
        { ...expect },
      );
    },
  ),
];

interface RemoveRow {
  readonly state: string;
}

/** A container in a state, and what a remove without force says. */
function removed(state: string) {
  const { run, post, pass, call, inspect } = daemon();
  const restarts = state === 'restarting';
  run(restarts ? { Image, Cmd: ['false'], HostConfig: policyOf('always') } : idle, NAME);
  if (state === 'paused') post(`/containers/${NAME}/pause`);
  if (restarts) pass(20_000);
  const is = inspect(NAME).State.Status;
  const answer = call({ method: 'DELETE', path: `/containers/${NAME}` });
  return { is, status: answer.status, message: answer.body.message ?? '' };
}

const removals: readonly Operation[] = [
  operation<RemoveRow, Values>('docker rm (no --force)', ({ input, expect }) => {
    const got = removed(input.state);
    return { holds: got.is === input.state && said(got.message, expect, got.status), got };
  }),
  operation<unknown, { errorShape: string }>(/^docker rm NAME (\w+)$/, (row) => {
    const state = /(\w+)$/.exec(operationOf(row))?.[1] ?? '';
    const { message } = removed(state);
    return { holds: message === row.expect.errorShape.replace(/\bNAME\b/g, NAME), got: message };
  }),
  operation<{ newName: string }, Values>('docker rename', ({ input, expect }) => {
    const { create, post } = daemon();
    create(idle, NAME);
    const answer = post(`/containers/${NAME}/rename`, { name: input.newName });
    return { holds: said(answer.body.message, expect, answer.status), got: answer.body };
  }),
  operation<unknown, Values>('docker rename to its own name', ({ expect }) => {
    const { create, post } = daemon();
    create(idle, NAME);
    const answer = post(`/containers/${NAME}/rename`, { name: NAME });
    return { holds: said(answer.body.message, expect, answer.status), got: answer.body };
  }),
];

interface DaemonRow {
  readonly restart: string;
  readonly onlyCreated: boolean;
}

function afterRestart({ restart, onlyCreated }: DaemonRow, liveRestore: boolean, killed: boolean) {
  const { create, post, docker, machine, inspect, pass } = daemon();
  create({ ...idle, HostConfig: policyOf(restart) }, NAME);
  if (!onlyCreated) post(`/containers/${NAME}/start`);
  pass(2_000);
  docker.stopDaemon(machine, { killed, liveRestore });
  pass(MINUTE_MS);
  docker.startDaemon(machine, { liveRestore });
  pass(MINUTE_MS);
  return inspect(NAME).State.Running;
}

const daemons: readonly Operation[] = [
  operation<DaemonRow, Values>('daemon killed or stopped, then started', ({ input, expect }) => {
    const got = [true, false].map((killed) => ({
      runningAfter: afterRestart(input, false, killed),
      runningAfterWithLiveRestore: afterRestart(input, true, killed),
    }));
    return { holds: got.every((one) => holds(one, expect).holds), got };
  }),
];

/** Types a line at the prompt of a machine with Docker. */
function typed(lines: readonly string[]): { code: number; text: string } {
  const { kernel, terminals } = createWorld({ preset: 'host', seed: 1 });
  let text = '';
  for (const line of lines) {
    const before = terminals.row('host').printed.length;
    const action: ShellAction = { type: 'shell', machine: 'host', line };
    kernel.dispatch(action);
    kernel.advanceUntil(() => !terminals.isBusy('host'), 10 * MINUTE_MS);
    text = terminals
      .row('host')
      .printed.toArray(before)
      .map((part) => part.text)
      .join('');
  }
  return { code: terminals.row('host').exitCode, text };
}

interface TypedRow {
  readonly cliExitCode: number;
  readonly stderrContains?: string;
  readonly errorContains?: string;
  readonly errorShape?: string;
}

function isTyped({ code, text }: { code: number; text: string }, expect: TypedRow): boolean {
  const { stderrContains = '', errorContains = '', errorShape } = expect;
  const shape = errorShape
    ?.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\b(NAME|FULL_ID)\b/g, '[\\w.-]+');
  return (
    code === expect.cliExitCode &&
    text.includes(stderrContains) &&
    text.includes(errorContains) &&
    (shape === undefined || new RegExp(shape).test(text))
  );
}

const lines: readonly Operation[] = [
  operation<{ value: string }, TypedRow>('docker run --pull', ({ input, expect }) => {
    const got = typed([`docker run --pull '${input.value}' busybox true`]);
    return { holds: isTyped(got, expect), got };
  }),
  operation<unknown, TypedRow>('docker run --name taken', ({ expect }) => {
    const create = 'docker create --name taken busybox true';
    const got = typed([create, 'docker run --name taken busybox true']);
    return { holds: isTyped(got, expect), got };
  }),
  // `docker run foo (no such image)`: a remark in brackets is not typed.
  operation<unknown, TypedRow>(/^docker run -?\w+/, (row) => {
    const got = typed([operationOf(row).replace(/ \(.*\)$/, '')]);
    return { holds: isTyped(got, row.expect), got };
  }),
];

export const containerStories: readonly Operation[] = [
  ...kills,
  ...stops,
  ...removals,
  ...daemons,
  ...lines,
];
