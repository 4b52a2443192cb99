import type { NetworkSummary } from '../../docker/api.ts';
import { filterQuery, type Invocation, type Step } from '../../docker/cli/invocation.ts';
import type { TaskWire } from '../api.ts';
import { STACK_LABEL } from '../stack/namespace.ts';
import { compareStates } from '../task-state.ts';
import type { FileWire } from '../wire/file.ts';
import type { ServiceWire } from '../wire/service.ts';
import { problemOf, say } from './lines.ts';

/** `docker stack rm` (docker/cli v29.7 `cli/command/stack/remove.go`). */
const KINDS = ['services', 'networks', 'secrets', 'configs'] as const;
type Kind = (typeof KINDS)[number];

interface Resource {
  readonly id: string;
  readonly name: string;
}

type Listed = ServiceWire | FileWire | NetworkSummary;

const POLL_MS = 200;
/** Model figure: managers agree, and their leader lets go of the tasks. */
const AGREED_MS = 5;

const resourceOf = (row: Listed): Resource =>
  'Spec' in row ? { id: row.ID, name: row.Spec.Name } : { id: row.Id, name: row.Name };

/** What a stack has of a kind. */
export function* resourcesOfStack(
  call: Invocation,
  kind: Kind,
  stack: string,
): Step<{ readonly rows: readonly Resource[] } | { readonly problem: string }> {
  const filters = filterQuery([`label=${STACK_LABEL}=${stack}`]);
  const answer = yield* call.get<Listed[]>(`/${kind}`, filters);
  const problem = problemOf(answer);
  return problem === undefined ? { rows: answer.body.map(resourceOf) } : { problem };
}

export function* remove(call: Invocation): Step<number> {
  const problems: string[] = [];
  for (const stack of call.args) {
    const found: Partial<Record<Kind, readonly Resource[]>> = {};
    for (const kind of KINDS) {
      const listed = yield* resourcesOfStack(call, kind, stack);
      if ('problem' in listed) return yield* call.fail(listed.problem);
      found[kind] = listed.rows;
    }
    if (KINDS.every((kind) => (found[kind] ?? []).length === 0)) {
      yield* call.err(`Nothing found in stack: ${stack}\n`);
      continue;
    }
    let hasError = false;
    for (const kind of ['services', 'secrets', 'configs', 'networks'] as const) {
      hasError = (yield* removeAll(call, kind, found[kind] ?? [])) || hasError;
    }
    if (hasError) problems.push(`failed to remove some resources from stack: ${stack}`);
    else if (!call.flags.has('detach') && call.flags.changed('detach')) yield* ended(call, stack);
  }
  return yield* call.joined(problems);
}

/** Whether something could not be removed. */
export function* removeAll(call: Invocation, kind: Kind, rows: readonly Resource[]): Step<boolean> {
  const what = kind.slice(0, -1);
  let hasError = false;
  const sorted = kind === 'services' ? [...rows].sort((a, b) => (a.name < b.name ? -1 : 1)) : rows;
  for (const { id, name } of sorted) {
    yield* say(call, `Removing ${what} ${name}`);
    const problem = problemOf(yield* call.ask({ method: 'DELETE', path: `/${kind}/${id}` }));
    yield* call.pause(AGREED_MS);
    if (problem === undefined) continue;
    hasError = true;
    yield* call.err(`Failed to remove ${what} ${id}: ${problem}`);
  }
  return hasError;
}

/** Waits until every task has ended. */
function* ended(call: Invocation, stack: string): Step<void> {
  const filters = filterQuery([`label=${STACK_LABEL}=${stack}`]);
  for (;;) {
    const answer = yield* call.get<TaskWire[]>('/tasks', filters);
    if (problemOf(answer) !== undefined) return;
    const isOver = ({ Status }: TaskWire): boolean => compareStates(Status.State, 'running') > 0;
    if (answer.body.every(isOver)) return;
    yield* call.pause(POLL_MS);
  }
}
