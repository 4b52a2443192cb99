import type { TaskObject } from '../objects.ts';
import { MAX_FAILURES } from './failures.ts';
import { withTask, type NodeInfo, type NodeUsage } from './node-info.ts';
import { Pipeline } from './pipeline.ts';
import { spreadTree, type SpreadTree } from './spread-tree.ts';

/**
 * Gives nodes to tasks of one service and one version of it, which differ in nothing that counts
 * (moby/swarmkit v2.1 `manager/scheduler/scheduler.go`, `scheduleTaskGroup`).
 */
export interface Nodes {
  /** By id; what tasks are given is added to it. */
  readonly infos: Map<string, NodeInfo>;
  /** How often tasks like this one failed on a node of late. */
  failures(node: string, task: TaskObject): number;
}

export interface Placed {
  readonly task: TaskObject;
  readonly node: string;
}

export interface Placing {
  readonly placed: readonly Placed[];
  readonly unplaced: readonly TaskObject[];
  /** Why nodes were left out; '' when there is none at all. */
  readonly explanation: string;
}

export function placeGroup(tasks: readonly TaskObject[], nodes: Nodes): Placing {
  const [first] = tasks;
  if (!first) return { placed: [], unplaced: [], explanation: '' };
  const group = new Group(first, tasks, nodes);
  const { service, spec } = first;
  const tree = spreadTree([...nodes.infos.values()], service, spec.Placement?.Preferences);
  group.placeOnTree(tasks.length, tree);
  return group.placing();
}

class Group {
  readonly #waiting: TaskObject[];
  readonly #placed: Placed[] = [];
  readonly #nodes: Nodes;
  readonly #pipeline: Pipeline;
  readonly #failures = new Map<string, number>();
  readonly #first: TaskObject;

  constructor(first: TaskObject, tasks: readonly TaskObject[], nodes: Nodes) {
    this.#first = first;
    this.#waiting = [...tasks];
    this.#nodes = nodes;
    this.#pipeline = new Pipeline(first);
  }

  placing(): Placing {
    const explanation = this.#waiting.length === 0 ? '' : this.#pipeline.explain();
    return { placed: this.#placed, unplaced: this.#waiting, explanation };
  }

  #failuresOn(node: string): number {
    const known = this.#failures.get(node);
    if (known !== undefined) return known;
    const count = this.#nodes.failures(node, this.#first);
    this.#failures.set(node, count);
    return count;
  }

  /** Fewer failures when there are many, then fewer tasks of the service, then fewer in all. */
  #compare(a: NodeInfo, b: NodeInfo): number {
    const [failuresA, failuresB] = [this.#failuresOn(a.node.id), this.#failuresOn(b.node.id)];
    if ((failuresA >= MAX_FAILURES || failuresB >= MAX_FAILURES) && failuresA !== failuresB) {
      return failuresA - failuresB;
    }
    const { service } = this.#first;
    const own = ({ services }: NodeUsage): number => services[service] ?? 0;
    return own(a.usage) - own(b.usage) || a.usage.active - b.usage.active;
  }

  /** Places up to so many tasks; gives how many. Branches are filled until they are even. */
  placeOnTree(count: number, tree: SpreadTree): number {
    if (!tree.next) return this.#placeOnLeaf(count, tree);
    const full = new Set<SpreadTree>();
    let [placed, usableTasks, isConverging] = [0, tree.tasks, true];
    while (placed !== count && full.size !== tree.next.size && isConverging) {
      const total = usableTasks + count - placed;
      const branches = tree.next.size - full.size;
      const share = Math.floor(total / branches);
      let remainder = total % branches;
      isConverging = false;
      for (const branch of tree.next.values()) {
        if (full.has(branch)) continue;
        const { tasks } = branch;
        if (tasks > share || (tasks === share && remainder === 0)) continue;
        isConverging = true;
        const wanted = share - tasks + (remainder > 0 ? 1 : 0);
        const got = this.placeOnTree(wanted, branch);
        if (got < wanted) {
          full.add(branch);
          usableTasks -= tasks;
        } else if (remainder > 0) {
          remainder -= 1;
        }
        placed += got;
      }
    }
    return placed;
  }

  #placeOnLeaf(count: number, { infos }: SpreadTree): number {
    const now = infos.map((info) => this.#nodes.infos.get(info.node.id) ?? info);
    const usable = now
      .filter((info) => this.#pipeline.passes(info))
      .sort((a, b) => this.#compare(a, b))
      .slice(0, this.#waiting.length);
    return usable.length === 0 ? 0 : this.#placeInTurn(count, usable);
  }

  /** First up to the level of the next node, then one each in turn. */
  #placeInTurn(count: number, infos: NodeInfo[]): number {
    const failed = new Set<number>();
    let [placed, turn] = [0, 0];
    while (placed < count) {
      const task = this.#waiting.shift();
      if (!task) break;
      const at = turn % infos.length;
      const info = this.#give(task, infos[at]!);
      infos[at] = info;
      placed += 1;
      if (placed === count) break;
      const next = infos[turn + 1];
      if (!next || this.#compare(next, info) < 0) turn += 1;
      const from = turn;
      for (;;) {
        const i = turn % infos.length;
        if (!failed.has(i) && this.#pipeline.passes(infos[i]!)) break;
        failed.add(i);
        turn += 1;
        if (turn - from === infos.length) return placed;
      }
    }
    return placed;
  }

  #give(task: TaskObject, { node }: NodeInfo): NodeInfo {
    const before = this.#nodes.infos.get(node.id)?.usage;
    const assigned: TaskObject = { ...task, node: node.id };
    this.#placed.push({ task, node: node.id });
    const usage = withTask(before!, assigned, 1);
    const info = { node, usage };
    this.#nodes.infos.set(node.id, info);
    return info;
  }
}
