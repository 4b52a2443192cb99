import type { SystemInfo } from '../../docker/api.ts';
import { naturalOrder } from '../../docker/cli/commands/container-look.ts';
import { inspectAll, type Found } from '../../docker/cli/commands/inspect.ts';
import { printRows } from '../../docker/cli/commands/printing.ts';
import type { CommandHandlers } from '../../docker/cli/commands.ts';
import {
  NODE_HEADINGS,
  NODE_TABLE,
  nodeRow,
  type NodeRow,
} from '../../docker/cli/formatter/swarm.ts';
import { listFormat } from '../../docker/cli/formatter/list-format.ts';
import { filterQuery, query, type Invocation, type Step } from '../../docker/cli/invocation.ts';
import { pairs } from '../../docker/cli/options/key-values.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import type { Value } from '../../go/template/value.ts';
import type { NodeAvailability, NodeRole, NodeSpec, TaskWire } from '../api.ts';
import type { NodeWire } from '../wire/node.ts';
import { problemOf, say } from './lines.ts';
import { prettyNode } from './node-pretty.ts';
import { printTasks } from './task-list.ts';

/** `docker node` (docker/cli v29.7 `cli/command/node`). */
const FORMS = {
  table: NODE_TABLE,
  raw:
    'node_id: {{.ID}}\nhostname: {{.Hostname}}\nstatus: {{.Status}}\n' +
    'availability: {{.Availability}}\nmanager_status: {{.ManagerStatus}}\n',
};

function* list(call: Invocation): Step<number> {
  const { flags } = call;
  const answer = yield* call.get<NodeWire[]>('/nodes', filterQuery(flags.all('filter')));
  const problem = problemOf(answer);
  if (problem !== undefined) return yield* call.fail(problem);
  let own = '';
  if (answer.body.length > 0 && !flags.has('quiet')) {
    const info = yield* call.get<SystemInfo>('/info');
    own = info.body.Swarm.NodeID;
  }
  const nodes = [...answer.body].sort((a, b) =>
    naturalOrder(a.Description.Hostname, b.Description.Hostname),
  );
  const format = listFormat(flags.text('format'), flags.has('quiet'), FORMS);
  const rows = nodes.map((node) => nodeRow(rowOf(node, own)));
  return yield* printRows(call, format, rows, NODE_HEADINGS);
}

function rowOf({ ID, Description, Status, Spec, ManagerStatus }: NodeWire, own: string): NodeRow {
  return {
    ...{ id: ID, self: ID === own, hostname: Description.Hostname, status: Status.State },
    availability: Spec.Availability,
    manager: ManagerStatus ? (ManagerStatus.Leader ? 'leader' : ManagerStatus.Reachability) : '',
    engine: Description.Engine.EngineVersion,
    tls: 'TrustRoot' in Description.TLSInfo ? 'Ready' : 'Unknown',
  };
}

/** A node's name; `self` is the node that is asked. */
function* reference(call: Invocation, text: string): Step<string | Refused> {
  if (text !== 'self') return text;
  const info = yield* call.get<SystemInfo>('/info');
  const problem = problemOf(info);
  if (problem !== undefined) return refuse(problem);
  if (info.body.Swarm.NodeID !== '') return info.body.Swarm.NodeID;
  const failure = problemOf(yield* call.get('/nodes'));
  return refuse(failure ?? 'node ID not found in /info');
}

function* find(call: Invocation, text: string): Step<NodeWire | Refused> {
  const name = yield* reference(call, text);
  if (isRefused(name)) return name;
  const answer = yield* call.get<NodeWire>(`/nodes/${name}`);
  const problem = problemOf(answer);
  return problem === undefined ? answer.body : refuse(problem);
}

function* inspect(call: Invocation): Step<number> {
  const { flags, args } = call;
  const format = flags.has('pretty') ? 'pretty' : flags.text('format');
  if (format.startsWith('pretty') && format !== 'pretty') {
    return yield* call.fail('cannot supply extra formatting options to the pretty template');
  }
  if (format !== 'pretty') {
    const look = function* (name: string): Step<Refused | Found> {
      const node = yield* find(call, name);
      return isRefused(node) ? node : { value: node as unknown as Value, type: 'swarm.Node' };
    };
    return yield* inspectAll(call, look, { syntaxError: 1 });
  }
  for (const name of args) {
    const node = yield* find(call, name);
    if (isRefused(node)) return yield* call.fail(node.refused);
    yield* say(call, prettyNode(node));
  }
  return 0;
}

function* tasks(call: Invocation): Step<number> {
  const { flags, args } = call;
  const problems: string[] = [];
  const found: TaskWire[] = [];
  for (const name of args.length === 0 ? ['self'] : args) {
    const node = yield* find(call, name);
    if (isRefused(node)) {
      problems.push(node.refused);
      continue;
    }
    const filters = filterQuery([...flags.all('filter'), `node=${node.ID}`]);
    const answer = yield* call.get<TaskWire[]>('/tasks', filters);
    const problem = problemOf(answer);
    if (problem === undefined) found.push(...answer.body);
    else problems.push(problem);
  }
  if (problems.length > 0 && found.length === 0) return yield* call.joined(problems);
  const code = yield* printTasks(call, found, {
    truncate: !flags.has('no-trunc'),
    quiet: flags.has('quiet'),
    resolve: !flags.has('no-resolve'),
    format: flags.text('format'),
  });
  return code === 0 ? yield* call.joined(problems) : code;
}

type Change = (spec: NodeSpec) => NodeSpec | Refused | undefined;

/** Changes nodes one after another; the first that fails ends it. */
function* change(
  call: Invocation,
  names: readonly string[],
  of: (node: NodeWire) => ReturnType<Change>,
  words: { readonly done: (name: string) => string; readonly same?: (id: string) => string },
): Step<number> {
  for (const name of names) {
    const answer = yield* call.get<NodeWire>(`/nodes/${name}`);
    const problem = problemOf(answer);
    if (problem !== undefined) return yield* call.fail(problem);
    const { ID, Version } = answer.body;
    const spec = of(answer.body);
    if (isRefused(spec)) return yield* call.fail(spec.refused);
    if (!spec) {
      yield* say(call, words.same?.(ID) ?? '');
      continue;
    }
    const version = { version: String(Version.Index) };
    const failure = problemOf(yield* call.post(`/nodes/${ID}/update`, version, spec));
    if (failure !== undefined) return yield* call.fail(failure);
    yield* say(call, words.done(name));
  }
  return 0;
}

const toRole =
  (Role: NodeRole) =>
  ({ Spec }: NodeWire): NodeSpec | undefined =>
    Spec.Role === Role ? undefined : { ...Spec, Role };

const promote = (call: Invocation): Step<number> =>
  change(call, call.args, toRole('manager'), {
    done: (name) => `Node ${name} promoted to a manager in the swarm.`,
    same: (id) => `Node ${id} is already a manager.`,
  });

const demote = (call: Invocation): Step<number> =>
  change(call, call.args, toRole('worker'), {
    done: (name) => `Manager ${name} demoted in the swarm.`,
    same: (id) => `Node ${id} is already a worker.`,
  });

function update(call: Invocation): Step<number> {
  const { flags, args } = call;
  const merged = ({ Spec }: NodeWire): NodeSpec | Refused => {
    const labels = { ...Spec.Labels, ...pairs(flags.all('label-add')) };
    const gone = flags.all('label-rm');
    const missing = gone.find((key) => !Object.hasOwn(labels, key));
    if (missing !== undefined) return refuse(`key ${missing} doesn't exist in node's labels`);
    const kept = Object.entries(labels).filter(([key]) => !gone.includes(key));
    return {
      ...Spec,
      Labels: Object.fromEntries(kept),
      ...(flags.changed('role') && { Role: flags.text('role') as NodeRole }),
      ...(flags.changed('availability') && {
        Availability: flags.text('availability') as NodeAvailability,
      }),
    };
  };
  return change(call, args.slice(0, 1), merged, { done: (name) => name });
}

function* remove(call: Invocation): Step<number> {
  const problems: string[] = [];
  for (const name of call.args) {
    const answer = yield* call.ask({
      method: 'DELETE',
      path: `/nodes/${name}`,
      query: query({ force: call.flags.has('force') }),
    });
    const problem = problemOf(answer);
    if (problem === undefined) yield* say(call, name);
    else problems.push(problem);
  }
  return yield* call.joined(problems);
}

export const nodeCommands: CommandHandlers = {
  'node demote': demote,
  'node inspect': inspect,
  'node ls': list,
  'node promote': promote,
  'node ps': tasks,
  'node rm': remove,
  'node update': update,
};
