import { listFormat } from '../../docker/cli/formatter/list-format.ts';
import { naturalOrder } from '../../docker/cli/commands/container-look.ts';
import { printRows } from '../../docker/cli/commands/printing.ts';
import { TASK_HEADINGS, TASK_TABLE, taskRow } from '../../docker/cli/formatter/swarm.ts';
import { isTable } from '../../docker/cli/formatter/write.ts';
import { ofText } from '../../docker/cli/formatter/time.ts';
import { failed, type Invocation, type Step } from '../../docker/cli/invocation.ts';
import type { TaskWire } from '../api.ts';
import type { NodeWire } from '../wire/node.ts';
import type { ServiceWire } from '../wire/service.ts';

/**
 * A table of tasks, those of one slot under each other, the newest first (docker/cli v29.7
 * `cli/command/task/print.go`, `cli/command/idresolver`). `docker node ps`, `service ps` and
 * `stack ps` print it.
 */
export interface TaskListOptions {
  readonly truncate: boolean;
  readonly quiet: boolean;
  /** Names in place of ids. */
  readonly resolve: boolean;
  readonly format: string;
}

const FORMS = {
  table: TASK_TABLE,
  raw:
    'id: {{.ID}}\nname: {{.Name}}\nimage: {{.Image}}\nnode: {{.Node}}\n' +
    'desired_state: {{.DesiredState}}\ncurrent_state: {{.CurrentState}}\nerror: {{.Error}}\n' +
    'ports: {{.Ports}}\n',
};

export function* printTasks(
  call: Invocation,
  tasks: readonly TaskWire[],
  options: TaskListOptions,
): Step<number> {
  const names = new Map<string, string>();
  const nowMs = yield* call.now();
  const listed: { task: TaskWire; name: string; node: string }[] = [];
  for (const task of tasks) {
    const { ServiceID, NodeID = '', Slot } = task;
    const service = yield* nameOf(call, 'services', ServiceID, options, names);
    const node = NodeID === '' ? '' : yield* nameOf(call, 'nodes', NodeID, options, names);
    listed.push({ task, name: `${service}.${Slot ?? NodeID}`, node });
  }
  listed.sort((a, b) =>
    a.name === b.name
      ? ofText(b.task.CreatedAt) - ofText(a.task.CreatedAt)
      : naturalOrder(a.name, b.name),
  );
  const format = listFormat(options.format, options.quiet, FORMS);
  const indent = isTable(format) ? ' \\_ ' : '';
  const rows = listed.map(({ task, name, node }, i) => {
    const { Spec, Status, DesiredState } = task;
    return taskRow(
      {
        ...{ id: task.ID, node, desired: DesiredState, state: Status.State },
        name: listed[i - 1]?.name === name ? indent + name : name,
        image: Spec.ContainerSpec.Image,
        stateAgeMs: nowMs - ofText(Status.Timestamp),
        error: Status.Err ?? '',
        ports: (Status.PortStatus.Ports ?? []).map((port) => ({ PublishedPort: 0, ...port })),
      },
      options.truncate,
    );
  });
  return yield* printRows(call, format, rows, TASK_HEADINGS);
}

/** What the id of a service or a node is called; asked once. */
function* nameOf(
  call: Invocation,
  kind: 'services' | 'nodes',
  id: string,
  { resolve }: TaskListOptions,
  names: Map<string, string>,
): Step<string> {
  if (!resolve) return id;
  const known = names.get(id);
  if (known !== undefined) return known;
  const answer = yield* call.get<ServiceWire | NodeWire>(`/${kind}/${id}`);
  const found = failed(answer) ? undefined : answer.body;
  const own = found?.Spec.Name ?? '';
  const host = found && 'Description' in found ? found.Description.Hostname : '';
  const name = own !== '' ? own : host !== '' ? host : id;
  names.set(id, name);
  return name;
}
