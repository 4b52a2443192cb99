import { canonical } from '../../src/engine/compose-file/canonical/canonical.ts';
import { toProject } from '../../src/engine/compose-file/project/decode.ts';
import {
  networkHash,
  serviceHash,
  volumeHash,
} from '../../src/engine/compose-file/project/hash.ts';
import type { Project } from '../../src/engine/compose-file/project.ts';
import type { Mapping } from '../../src/engine/compose-file/tree/tree.ts';
import {
  observedContainer,
  type Observed,
  type ObservedContainer,
} from '../../src/engine/compose/convergence/observed.ts';
import type { ReconcileOptions } from '../../src/engine/compose/convergence/draft.ts';
import { reconcile } from '../../src/engine/compose/convergence/reconcile.ts';
import { withSharedContainers } from '../../src/engine/compose/convergence/references.ts';
import { LABEL } from '../../src/engine/compose/labels.ts';
import type { ContainerSummary } from '../../src/engine/docker/api.ts';
import type { Plan } from '../../src/engine/compose/convergence/plan.ts';

/** Projects and what is there of them, as rows put them, and the plan that the engine makes. */
interface Container {
  readonly service: string;
  readonly number: number;
  readonly state?: string;
  readonly hash?: string;
  readonly networks?: readonly string[];
  readonly mounts?: readonly string[];
}

interface Resource {
  readonly name: string;
  readonly id?: string;
  readonly hash: string;
}

type Resources = Readonly<Record<string, readonly Resource[]>>;

export interface PlanInput {
  readonly networks?: Mapping;
  readonly volumes?: Mapping;
  readonly services?: Mapping;
  readonly options?: Partial<ReconcileOptions>;
  readonly there?: {
    readonly networks?: Resources;
    readonly volumes?: Resources;
    readonly containers?: readonly Container[];
    readonly orphans?: readonly string[];
  };
}

function projectOf({ networks = {}, volumes = {}, services = {} }: PlanInput): Project {
  const document = canonical({ networks, volumes, services }, { warn: () => undefined });
  const frame = { name: 'myproject', workingDir: '/', composeFiles: [], environment: {} };
  return toProject(document, frame);
}

const idOf = (service: string, number: number): string => `${service}_${number}`.padEnd(12, 'f');

function summaryOf({ service, number, state, networks, mounts }: Container): ContainerSummary {
  const joined = (networks ?? []).map((NetworkID) => [NetworkID, { NetworkID }]);
  return {
    Id: idOf(service, number),
    Names: [`/myproject-${service}-${number}`],
    State: state ?? 'running',
    Created: 0,
    Labels: { [LABEL.service]: service, [LABEL.number]: String(number) },
    Mounts: (mounts ?? []).map((Name) => ({ Type: 'volume', Name })),
    NetworkSettings: { Networks: Object.fromEntries(joined) as object },
  } as unknown as ContainerSummary;
}

function containersOf(project: Project, all: readonly Container[]): Observed['containers'] {
  const found: Record<string, ObservedContainer[]> = {};
  const summaries = (name: string): ContainerSummary[] =>
    all.filter(({ service }) => service === name).map(summaryOf);
  for (const one of all) {
    const service = project.services[one.service]!;
    const resolved = withSharedContainers(service, summaries);
    const own = serviceHash('problem' in resolved ? service : resolved.service);
    const container = { ...observedContainer(summaryOf(one)), configHash: one.hash ?? own };
    found[one.service] = [...(found[one.service] ?? []), container];
  }
  return found;
}

function resourcesOf(
  resources: Resources = {},
  hashOf: (key: string, name?: string) => string,
): Observed['networks'] {
  return Object.fromEntries(
    Object.entries(resources).map(([key, all]) => [
      key,
      all.map(({ name, id = name, hash }) => {
        const known = hash === 'same' ? hashOf(key) : hash;
        const configHash = hash === 'of its name' ? hashOf(key, name) : known;
        return { id, name, configHash, project: 'myproject' };
      }),
    ]),
  );
}

/** What Compose would do, of a project and of what there is. */
export function planOf(input: PlanInput): Plan {
  const project = projectOf(input);
  const { there = {}, options = {} } = input;
  const observed: Observed = {
    containers: containersOf(project, there.containers ?? []),
    orphans: (there.orphans ?? []).map(
      (name) => ({ Id: name, Names: [`/${name}`], Labels: {} }) as unknown as ContainerSummary,
    ),
    networks: resourcesOf(there.networks, (key, name) =>
      networkHash({ ...project.networks[key], ...(name !== undefined && { name }) }),
    ),
    volumes: resourcesOf(there.volumes, (key, name) =>
      volumeHash({ ...project.volumes[key], ...(name !== undefined && { name }) }),
    ),
  };
  return reconcile(project, observed, {
    ...{ services: [], recreate: 'diverged', recreateDependencies: 'diverged', inherit: true },
    ...{ removeOrphans: false, imageDigests: {}, separator: '-', renewVolumes: [] },
    ...options,
  });
}
