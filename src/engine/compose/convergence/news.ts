import { titleOf } from '../containers.ts';
import { done, working, type Resource } from '../progress/resource.ts';
import type { Operation, Plan, PlanNode } from './plan.ts';

/** What is told of a plan's nodes (docker/compose v5.5 `pkg/compose/executor_events.go`). */
const VERBS: Readonly<Partial<Record<Operation['type'], readonly [string, string]>>> = {
  CreateContainer: ['Creating', 'Created'],
  CreateNetwork: ['Creating', 'Created'],
  CreateVolume: ['Creating', 'Created'],
  RemoveContainer: ['Removing', 'Removed'],
  RemoveNetwork: ['Removing', 'Removed'],
  RemoveVolume: ['Removing', 'Removed'],
  StartContainer: ['Starting', 'Started'],
  StopContainer: ['Stopping', 'Stopped'],
};

const KIND = /(Network|Volume|Container)$/;

function idOf(operation: Operation): string {
  if ('container' in operation) return titleOf(operation.container);
  const [kind = ''] = KIND.exec(operation.type) ?? [];
  return `${kind} ${operation.name}`;
}

interface Group {
  id: string;
  total: number;
  begun: number;
  ended: number;
}

/** Nodes of a group appear as one thing. */
export class GroupNews {
  readonly #groups = new Map<string, Group>();

  constructor({ nodes }: Plan) {
    for (const { group, operation } of nodes) {
      if (group === '') continue;
      const known = this.#groups.get(group) ?? { id: '', total: 0, begun: 0, ended: 0 };
      known.total += 1;
      if (known.id === '' && 'container' in operation) known.id = titleOf(operation.container);
      this.#groups.set(group, known);
    }
  }

  begin(node: PlanNode): Resource[] {
    const group = this.#groups.get(node.group);
    if (!group) return told(node.operation, 0);
    group.begun += 1;
    return group.begun === 1 ? [working(group.id || node.group, 'Recreate')] : [];
  }

  end(node: PlanNode): Resource[] {
    const group = this.#groups.get(node.group);
    if (!group) return told(node.operation, 1);
    group.ended += 1;
    return group.ended === group.total ? [done(group.id || node.group, 'Recreated')] : [];
  }

  fail({ operation, group }: PlanNode, text: string): Resource[] {
    const shown = this.#groups.get(group)?.id;
    const own = 'container' in operation ? titleOf(operation.container) : operation.resource;
    return [{ id: shown || own, status: 'error', text }];
  }
}

function told(operation: Operation, at: 0 | 1): Resource[] {
  const verbs = VERBS[operation.type];
  if (!verbs) return [];
  return [at === 0 ? working(idOf(operation), verbs[0]) : done(idOf(operation), verbs[1])];
}
