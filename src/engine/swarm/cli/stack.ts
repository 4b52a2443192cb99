import { printStack } from '../../compose-file/stack.ts';
import { naturalOrder } from '../../docker/cli/commands/container-look.ts';
import { printRows } from '../../docker/cli/commands/printing.ts';
import type { CommandHandlers } from '../../docker/cli/commands.ts';
import { STACK_TABLE, SWARM_FILE_HEADINGS } from '../../docker/cli/formatter/swarm.ts';
import { filterQuery, query, type Invocation, type Step } from '../../docker/cli/invocation.ts';
import { goQuote } from '../../go/quote.ts';
import { isRefused } from '../../go/refused.ts';
import { Subject } from '../../go/template/value.ts';
import type { TaskWire } from '../api.ts';
import { STACK_LABEL } from '../stack/namespace.ts';
import type { ServiceWire } from '../wire/service.ts';
import { problemOf } from './lines.ts';
import { printServices, serviceFormat } from './service.ts';
import { deploy } from './stack-deploy.ts';
import { readStack } from './stack-files.ts';
import { remove } from './stack-remove.ts';
import { printTasks } from './task-list.ts';

/** `docker stack` (docker/cli v29.7 `cli/command/stack`). */
const ofStack = (stack: string): string => `label=${STACK_LABEL}=${stack}`;

/** With a name that is one: not empty, nor blanks and quotes alone. */
const named =
  (run: (call: Invocation) => Step<number>) =>
  (call: Invocation): Step<number> => {
    const bad = call.args.find((name) => name.replace(/["'\s]/g, '') === '');
    return bad === undefined ? run(call) : call.fail(`invalid stack name: ${goQuote(bad)}`);
  };

function* list(call: Invocation): Step<number> {
  const filters = filterQuery([`label=${STACK_LABEL}`]);
  const answer = yield* call.get<ServiceWire[]>('/services', filters);
  const problem = problemOf(answer);
  if (problem !== undefined) return yield* call.fail(problem);
  const counts = new Map<string, number>();
  for (const { Spec } of answer.body) {
    const stack = Spec.Labels[STACK_LABEL] ?? '';
    counts.set(stack, (counts.get(stack) ?? 0) + 1);
  }
  const rows = [...counts]
    .sort(([a], [b]) => naturalOrder(a, b))
    .map(
      ([name, services]) =>
        new Subject('*stack.stackContext', { Name: () => name, Services: () => String(services) }),
    );
  const format = call.flags.text('format');
  const shown = format === '' || format === 'table' ? STACK_TABLE : format;
  return yield* printRows(call, shown, rows, SWARM_FILE_HEADINGS);
}

function* tasks(call: Invocation): Step<number> {
  const { flags, args } = call;
  const [stack = ''] = args;
  const filters = filterQuery([...flags.all('filter'), ofStack(stack)]);
  const answer = yield* call.get<TaskWire[]>('/tasks', filters);
  const problem = problemOf(answer);
  if (problem !== undefined) return yield* call.fail(problem);
  if (answer.body.length === 0) return yield* call.fail(`nothing found in stack: ${stack}`);
  return yield* printTasks(call, answer.body, {
    truncate: !flags.has('no-trunc'),
    quiet: flags.has('quiet'),
    resolve: !flags.has('no-resolve'),
    format: flags.text('format'),
  });
}

function* services(call: Invocation): Step<number> {
  const { flags, args } = call;
  const [stack = ''] = args;
  const quiet = flags.has('quiet');
  const asked = {
    ...filterQuery([...flags.all('filter'), ofStack(stack)]),
    ...query({ status: !quiet }),
  };
  const answer = yield* call.get<ServiceWire[]>('/services', asked);
  const problem = problemOf(answer);
  if (problem !== undefined) return yield* call.fail(problem);
  if (answer.body.length === 0) {
    yield* call.err(`Nothing found in stack: ${stack}\n`);
    return 0;
  }
  return yield* printServices(call, answer.body, serviceFormat(flags.text('format'), quiet));
}

function* config(call: Invocation): Step<number> {
  const skipInterpolation = call.flags.has('skip-interpolation');
  const loaded = yield* readStack(call, { skipInterpolation });
  if (isRefused(loaded)) return yield* call.fail(loaded.refused);
  yield* call.out(printStack(loaded));
  return 0;
}

export const stackCommands: CommandHandlers = {
  'stack config': config,
  'stack deploy': named(deploy),
  'stack ls': list,
  'stack ps': named(tasks),
  'stack rm': named(remove),
  'stack services': named(services),
};
