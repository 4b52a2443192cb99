import type {
  Operation as PlannedOperation,
  PlanNode,
} from '../../src/engine/compose/convergence/plan.ts';
import { compare, operation, type Operation } from './adapter.ts';
import { planOf, type PlanInput } from './compose-plans.ts';

/** Rows that tell `docker compose up` as steps in words. */
interface Existing {
  readonly number: number;
  readonly state: string;
  readonly configHash: string;
}

interface UpInput {
  readonly networks?: readonly string[];
  readonly services?: Readonly<
    Record<string, { scale?: number; depends_on?: Readonly<Record<string, string>> }>
  >;
  readonly options?: readonly string[];
  readonly existing?: Readonly<Record<string, readonly Existing[]>>;
  readonly orphans?: readonly string[];
}

interface Step {
  readonly after: readonly number[];
  readonly target: string;
  readonly action: string;
  readonly reason: string;
}

const FLAGS: Readonly<Record<string, PlanInput['options']>> = {
  '--no-recreate': { recreate: 'never' },
  '--force-recreate': { recreate: 'force' },
  '--remove-orphans': { removeOrphans: true },
};

function inputOf({ networks = [], services = {}, options = [], ...there }: UpInput): PlanInput {
  const servicesOfFile = Object.entries(services).map(([name, { depends_on = {}, ...rest }]) => {
    const dependencies = Object.entries(depends_on).map(([other, condition]) => [
      other,
      { condition, required: true },
    ]);
    return [name, { image: name, ...rest, depends_on: Object.fromEntries(dependencies) as object }];
  });
  const containers = Object.entries(there.existing ?? {}).flatMap(([service, all]) =>
    all.map(({ configHash, ...one }) => ({
      ...{ service, ...one },
      ...(configHash !== 'same' && { hash: configHash }),
    })),
  );
  return {
    networks: Object.fromEntries(networks.map((name) => [name, {}])),
    services: Object.fromEntries(servicesOfFile) as NonNullable<PlanInput['services']>,
    options: Object.assign({}, ...options.map((flag) => FLAGS[flag])) as PlanInput['options'],
    there: { containers, orphans: there.orphans ?? [] },
  };
}

const TEMPORARY = ' (tmpName)';

/** What a node does in words, without the numbers of nodes and ways of naming. */
function actionOf({ type, cause, resource }: PlannedOperation): string {
  const [verb = '', thing = ''] = type.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
  if (thing !== 'container') return verb;
  if (cause.endsWith(TEMPORARY)) return 'create container with a temporary name';
  if (verb === 'rename') return 'rename new container';
  const isOld = cause.startsWith('replaced by') && resource.startsWith('service:');
  return `${verb} ${isOld ? 'old ' : ''}container`;
}

const stepOf = ({ operation: done, dependsOn }: PlanNode): Step => ({
  after: dependsOn.map(({ id }) => id).sort((a, b) => a - b),
  target: done.resource.replace(/^(?:service|orphan):/, ''),
  action: actionOf(done),
  reason: done.cause.replace(TEMPORARY, '').replace(/ by #\d+$/, ''),
});

export const upOperations: readonly Operation[] = [
  operation<UpInput, { steps: readonly Step[] }>('compose up plan', ({ input, expect }) =>
    compare(planOf(inputOf(input)).nodes.map(stepOf), expect.steps),
  ),
];
