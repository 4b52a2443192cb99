import { panelStrings, type PanelWords } from '../../../i18n/panels.ts';
import type { ClusterCensus } from './cluster-census.ts';
import { clusterBranch, type Branch } from './cluster-objects.ts';
import { dockerBranch, hasDaemon } from './docker-objects.ts';
import { censusOf, lookAt, type LookedAt } from './looked-at.ts';
import type { BranchAnswer, BranchAsk, Look, ObjectRow } from './messages.ts';
import { swarmBranch } from './swarm-objects.ts';

/** At most so many lines of a branch are told at once. */
const LINES_LIMIT = 500;

/** The open branches of the tree, each as far as it is shown. */
export function objects(
  look: Look & { readonly branches: readonly BranchAsk[] },
): Promise<readonly BranchAnswer[]> {
  const words = panelStrings[look.locale];
  return lookAt(look, (at) => {
    const census = censusOf(at);
    return look.branches.map((asked) => {
      const ask = { ...asked, count: Math.min(asked.count, LINES_LIMIT) };
      const { total, rows } = branchOf(at, census, ask, words);
      return { id: ask.id, from: ask.from, total, rows };
    });
  });
}

function branchOf(
  at: LookedAt,
  census: ClusterCensus | undefined,
  ask: BranchAsk,
  words: PanelWords,
): Branch {
  const { world } = at;
  const [head] = ask.id.split('|');
  if (head === '') return whole(roots(at, words));
  if (head === 'swarm') return world.hasSwarm ? swarmBranch(world, ask, words) : whole([]);
  if (head === 'docker' || head === 'compose') {
    const rows = dockerBranch(world, ask.id, words);
    return { total: rows.length, rows: rows.slice(ask.from, ask.from + ask.count) };
  }
  return census ? clusterBranch(world, census, ask, words) : whole([]);
}

const whole = (rows: readonly ObjectRow[]): Branch => ({ total: rows.length, rows });

/** What there is at all: the cluster, swarms, and the machines that have Docker. */
function roots({ world }: LookedAt, words: PanelWords): ObjectRow[] {
  const rows: ObjectRow[] = [];
  if (world.cluster) rows.push({ id: 'k8s', label: words.cluster, opens: true });
  for (const swarm of world.hasSwarm ? world.swarm.rooms.locals.swarms() : []) {
    rows.push({ id: `swarm|${swarm}`, label: `${words.swarm} ${swarm.slice(0, 12)}`, opens: true });
  }
  for (const { name, docker } of world.machines) {
    if (!docker) continue;
    const isUp = hasDaemon(world, name);
    rows.push({
      ...{ id: `docker|${name}`, label: name, opens: isUp },
      ref: { object: `machine ${name}`, machine: name },
      state: isUp ? 'running' : 'failed',
      word: isUp ? 'dockerd' : words.daemonDown,
    });
  }
  return rows;
}
