import { panelStrings } from '../../../i18n/panels.ts';
import { clusterBranch, type Branch } from './cluster-objects.ts';
import { dockerBranch } from './docker-objects.ts';
import { censusOf, lookAt, type LookedAt } from './looked-at.ts';
import type { BranchAnswer, BranchAsk, Look, ObjectRow } from './messages.ts';
import { swarmBranch } from './swarm-objects.ts';

/** At most so many lines of a branch are told at once. */
const LINES_LIMIT = 500;

/** The open branches of the tree, each as far as it is shown. */
export async function objects(
  look: Look & { readonly branches: readonly BranchAsk[] },
): Promise<readonly BranchAnswer[]> {
  const at = await lookAt(look);
  const census = await censusOf(at);
  const words = panelStrings[look.locale];
  return look.branches.map((asked) => {
    const ask = { ...asked, count: Math.min(asked.count, LINES_LIMIT) };
    const { total, rows } = branch(ask);
    return { id: ask.id, from: ask.from, total, rows };
  });

  function branch(ask: BranchAsk): Branch {
    const [head] = ask.id.split('|');
    if (head === '') return whole(roots(at, words));
    if (head === 'swarm') return swarmBranch(at.world, ask, words);
    if (head === 'docker' || head === 'compose') {
      const rows = dockerBranch(at.world, ask.id, words);
      return { total: rows.length, rows: rows.slice(ask.from, ask.from + ask.count) };
    }
    return census ? clusterBranch(at.world, census, ask) : whole([]);
  }
}

const whole = (rows: readonly ObjectRow[]): Branch => ({ total: rows.length, rows });

/** What there is at all: the cluster, swarms, and the machines that have Docker. */
function roots({ world }: LookedAt, words: (typeof panelStrings)['ko']): ObjectRow[] {
  const rows: ObjectRow[] = [];
  if (world.cluster) rows.push({ id: 'k8s', label: words.cluster, opens: true });
  for (const swarm of world.swarm.rooms.locals.swarms()) {
    rows.push({ id: `swarm|${swarm}`, label: `${words.swarm} ${swarm.slice(0, 12)}`, opens: true });
  }
  for (const { name, docker } of world.machines) {
    if (!docker) continue;
    const isUp = world.swarm.rooms.docker.containers.phase(name) === 'up';
    rows.push({
      ...{ id: `docker|${name}`, label: name, opens: isUp },
      ref: { object: `machine ${name}`, machine: name },
      state: isUp ? 'running' : 'failed',
      word: isUp ? 'dockerd' : words.daemonDown,
    });
  }
  return rows;
}
