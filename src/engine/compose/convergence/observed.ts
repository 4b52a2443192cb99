import type { Project } from '../../compose-file/project.ts';
import type {
  ContainerSummary,
  NetworkInspect,
  NetworkSummary,
  Volume as EngineVolume,
  VolumeList,
} from '../../docker/api.ts';
import { failed, type Step } from '../../docker/cli/invocation.ts';
import type { Compose } from '../compose.ts';
import { containersOf, isOneOff, numberOf, serviceOf } from '../containers.ts';
import { bodyOf, refuse } from '../failure.ts';
import { LABEL, labelFilter, ofProject } from '../labels.ts';

/** What the daemon has of a project (docker/compose v5.5 `pkg/compose/observed_state.go`). */
export interface ObservedContainer {
  readonly summary: ContainerSummary;
  readonly configHash: string;
  readonly imageDigest: string;
  readonly number: number;
}

export interface ObservedResource {
  readonly id: string;
  readonly name: string;
  /** '' of one that Compose did not make for this project: it is used as it is. */
  readonly configHash: string;
  readonly project: string;
}

export interface Observed {
  /** By service, those that are switched off included. */
  readonly containers: Readonly<Record<string, readonly ObservedContainer[]>>;
  readonly orphans: readonly ContainerSummary[];
  /** By key of the file; several after a change of name. */
  readonly networks: Readonly<Record<string, readonly ObservedResource[]>>;
  readonly volumes: Readonly<Record<string, readonly ObservedResource[]>>;
}

export const observedContainer = (summary: ContainerSummary): ObservedContainer => ({
  summary,
  configHash: summary.Labels[LABEL.configHash] ?? '',
  imageDigest: summary.Labels[LABEL.image] ?? '',
  number: numberOf(summary),
});

export const isOrphan =
  ({ services, disabledServices }: Pick<Project, 'services' | 'disabledServices'>) =>
  (one: ContainerSummary): boolean => {
    if (isOneOff(one)) return one.State === 'exited' || one.State === 'dead';
    return !(serviceOf(one) in services) && !(serviceOf(one) in disabledServices);
  };

export function* observe(compose: Compose, project: Project): Step<Observed> {
  const { services, disabledServices } = project;
  const all = yield* containersOf(compose, project.name, { oneOff: 'include' });
  const names = [...Object.keys(services), ...Object.keys(disabledServices)];
  const containers: Record<string, ObservedContainer[]> = {};
  for (const name of names) {
    const own = all.filter((one) => !isOneOff(one) && serviceOf(one) === name);
    containers[name] = own.map(observedContainer);
  }
  const networks = yield* observeNetworks(compose, project);
  const volumes = yield* observeVolumes(compose, project);
  return { containers, orphans: all.filter(isOrphan(project)), networks, volumes };
}

type Found = Record<string, ObservedResource[]>;

const own = (labels: Readonly<Record<string, string>> | null, project: string): string =>
  labels?.[LABEL.project] === project ? (labels[LABEL.configHash] ?? '') : '';

function resourceOf(
  id: string,
  name: string,
  labels: Readonly<Record<string, string>> | null,
  project: string,
): ObservedResource {
  const configHash = own(labels, project);
  return { id, name, configHash, project: labels?.[LABEL.project] ?? '' };
}

function* observeNetworks(compose: Compose, { name, networks }: Project): Step<Found> {
  const found: Found = {};
  const filter = labelFilter(ofProject(name));
  for (const one of yield* compose.get<NetworkSummary[]>('/networks', filter)) {
    const key = one.Labels?.[LABEL.network] ?? '';
    if (key === '') continue;
    found[key] = [...(found[key] ?? []), resourceOf(one.Id, one.Name, one.Labels, name)];
  }
  for (const [key, { name: wanted = key, external }] of Object.entries(networks)) {
    if (external !== true && (found[key] ?? []).length > 0) continue;
    const seen = yield* compose.call.get<NetworkInspect>(`/networks/${wanted}`);
    if (seen.status === 404) {
      if (external !== true) continue;
      refuse(`network ${wanted} declared as external, but could not be found`);
    }
    const { Id, Name, Labels } = bodyOf(seen);
    if (Name !== wanted && Id !== wanted) continue;
    found[key] = [resourceOf(Id, Name, Labels, name)];
  }
  return found;
}

function* observeVolumes(compose: Compose, { name, volumes }: Project): Step<Found> {
  const found: Found = {};
  const { Volumes } = yield* compose.get<VolumeList>('/volumes', labelFilter(ofProject(name)));
  for (const one of Volumes ?? []) {
    const key = one.Labels?.[LABEL.volume] ?? '';
    if (key === '') continue;
    found[key] = [...(found[key] ?? []), resourceOf(one.Name, one.Name, one.Labels, name)];
  }
  for (const [key, { name: wanted = key, external }] of Object.entries(volumes)) {
    if (external !== true && (found[key] ?? []).length > 0) continue;
    const seen = yield* compose.call.get<EngineVolume>(`/volumes/${wanted}`);
    if (failed(seen)) {
      if (seen.status === 404 && external !== true) continue;
      if (seen.status === 404) refuse(`external volume "${wanted}" not found`);
    }
    const { Name, Labels } = bodyOf(seen);
    found[key] = [resourceOf(Name, Name, Labels, name)];
  }
  return found;
}

/** The one by which a key of the file is known now, and what else carries its label. */
export function select(
  matches: readonly ObservedResource[] = [],
  wanted: string,
): { readonly selected?: ObservedResource; readonly others: readonly ObservedResource[] } {
  const sorted = [...matches].sort((a, b) => (a.name < b.name ? -1 : 1));
  const selected = sorted.find(({ name }) => name === wanted) ?? sorted[0];
  if (!selected) return { others: [] };
  return { selected, others: sorted.filter(({ name }) => name !== selected.name) };
}
