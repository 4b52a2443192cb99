import { definitionOfKind } from '../../src/engine/kubernetes/api/schema/definitions.ts';
import { apiVersionOf, RESOURCES } from '../../src/engine/kubernetes/api/resources.ts';
import type { Random } from '../../src/engine/sim/random.ts';
import { randomManifest } from '../kubernetes/random-manifest.ts';
import { fault, mending, type Cast } from './kubernetes-faults.ts';
import { typed } from './kubernetes-typed.ts';
import { sensibleManifest } from './kubernetes-workloads.ts';

/**
 * What may happen at a cluster's prompt when several people have no plan: declarations, commands
 * about few names, faults and their mending, and time that passes.
 */
export interface Step {
  /** Saved as `x.json` before the line is typed. */
  readonly file?: string;
  readonly line: string;
}

export function randomStep(random: Random, cast: Cast): Step {
  const roll = random.integer(0, 99);
  if (roll < 20) return declaration(random);
  if (roll < 62) return { line: typed(random, cast) };
  if (roll < 74) return { line: `drydock fault ${fault(random, cast)}` };
  if (roll < 84) return { line: `drydock fault ${mending(random, cast)}` };
  return { line: `sleep ${random.pick([0.5, 1, 2, 5, 10, 30, 60, 120])}` };
}

/** Those that have a schema; metrics are only read. */
const DECLARED = RESOURCES.filter((info) => definitionOfKind(apiVersionOf(info), info.kind));

function declaration(random: Random): Step {
  const isNonsense = random.integer(0, 7) === 0;
  const items = isNonsense
    ? [randomManifest(random.pick(DECLARED), random.integer(0, 1_000_000))]
    : sensibleManifest(random);
  const file = JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, null, 1);
  const how = random.pick([
    'apply',
    'apply',
    'apply',
    'apply --server-side --force-conflicts',
    'replace',
    'replace --force',
    'create',
    'delete --wait=false',
  ]);
  return { file, line: `kubectl ${how} -f x.json` };
}
