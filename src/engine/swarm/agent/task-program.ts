import type { ContainerInspect } from '../../docker/api.ts';
import { exec, now } from '../../sim/process.ts';
import type { PortConfig } from '../api.ts';
import { compareStates, type TaskStateName, type TaskStatus } from '../task.ts';
import { askAgent, type AgentTask, type Step } from './agent-request.ts';
import { Controller, type Outcome } from './controller.ts';

/**
 * The life of a task on its machine: one step after another from where it stands towards what is
 * desired, each reported (moby/swarmkit v2.1 `agent/exec/controller.go`, `Do`). It ends when there
 * is nothing to do; when something else is desired, it is started again. For every step the program
 * begins anew, so that what a task was told long ago is not kept.
 */
export interface TaskArgs {
  readonly machine: string;
  readonly id: string;
  /** A stream for events of the container; whoever starts the program closes it. */
  readonly events: number;
  /** Whether they are written to it already. */
  readonly listens?: boolean;
  /** Whether the container that runs has a check, once that is known. */
  readonly isChecked?: boolean;
}

const PROGRAM = 'swarm/task';

export function* runTask(args: TaskArgs): Step<void> {
  const { machine, id, events } = args;
  const known = yield* askAgent<AgentTask | undefined>({ op: 'task', machine, id });
  if (!known) return;
  const controller = new Controller(machine, known.task, events, args.listens);
  if (isAwaited(known) && args.isChecked === undefined) {
    const isChecked = yield* controller.isChecked();
    yield* exec(PROGRAM, { ...args, isChecked });
  }
  const status = yield* step(controller, known, args.isChecked ?? false);
  if (!status) return;
  yield* askAgent({ op: 'status', machine, id, status });
  const { listens } = controller;
  yield* exec(PROGRAM, { machine, id, events, listens } satisfies TaskArgs);
}

/** It runs, as it should. */
const isAwaited = ({ task, status }: AgentTask): boolean =>
  status.state === 'running' && compareStates(task.desired, 'shutdown') < 0;

/** Takes a task's container away, when nobody wants the task any more. */
export function* removeTask({ machine, id, events }: TaskArgs): Step<void> {
  const known = yield* askAgent<AgentTask | undefined>({ op: 'task', machine, id });
  if (!known) return;
  yield* new Controller(machine, known.task, events).remove();
}

/** The next status; undefined when there is nothing to do. */
function* step(
  controller: Controller,
  known: AgentTask,
  isChecked: boolean,
): Step<TaskStatus | undefined> {
  const { task, status } = known;
  const { desired } = task;
  const { state } = status;
  if (compareStates(desired, 'shutdown') >= 0) {
    if (compareStates(state, 'complete') >= 0) return undefined;
    return yield* done(controller, known, yield* controller.shutDown(), 'shutdown', 'shutdown');
  }
  if (compareStates(state, desired) > 0) return undefined;
  if (state === 'preparing') {
    return yield* done(controller, known, yield* controller.prepare(), 'ready', 'prepared');
  }
  if (state === 'starting') {
    return yield* done(controller, known, yield* controller.start(), 'running', 'started');
  }
  if (state === 'running') {
    return yield* done(
      controller,
      known,
      yield* controller.wait(isChecked),
      'complete',
      'finished',
    );
  }
  if (compareStates(state, desired) >= 0) return undefined;
  if (compareStates(state, 'accepted') < 0) {
    return yield* done(controller, known, undefined, 'accepted', 'accepted');
  }
  if (state === 'accepted') {
    return yield* done(controller, known, undefined, 'preparing', 'preparing');
  }
  if (state === 'ready') {
    return yield* done(controller, known, undefined, 'starting', 'starting');
  }
  return undefined;
}

/** What a step came to: the next state, or an end by failure. */
function* done(
  controller: Controller,
  { status }: AgentTask,
  outcome: Outcome,
  state: TaskStateName,
  message: string,
): Step<TaskStatus> {
  const atMs = yield* now();
  const next: TaskStatus = outcome
    ? {
        ...{ state: compareStates(status.state, 'starting') < 0 ? 'rejected' : 'failed', atMs },
        ...{ message: status.message, err: outcome.err },
      }
    : { state, atMs, message };
  if (compareStates(next.state, 'starting') < 0 || next.state === 'rejected') return next;
  const seen = yield* controller.inspect();
  if (!seen) return { ...next, ...(status.container && { container: status.container }) };
  const ports = hostPorts(seen);
  const container = {
    id: seen.Id,
    pid: seen.State.Pid,
    exitCode: outcome?.exitCode ?? seen.State.ExitCode,
  };
  return { ...next, container, ...(ports.length > 0 && { ports }) };
}

function hostPorts({ NetworkSettings }: ContainerInspect): PortConfig[] {
  return Object.entries(NetworkSettings.Ports ?? {}).flatMap(([port, bindings]) => {
    const [target = '', protocol = 'tcp'] = port.split('/');
    return (bindings ?? []).map(({ HostPort = '' }) => ({
      Protocol: protocol as PortConfig['Protocol'],
      TargetPort: Number(target),
      PublishedPort: Number(HostPort),
      PublishMode: 'host' as const,
    }));
  });
}
