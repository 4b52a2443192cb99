import type { ContainerSummary } from '../docker/api.ts';
import type { Step } from '../docker/cli/invocation.ts';
import type { Compose } from './compose.ts';
import { refuse } from './failure.ts';
import { LABEL, labelFilter, ofProject } from './labels.ts';

/** Containers of a project, by their labels (docker/compose v5.5 `pkg/compose/containers.go`). */
export type OneOff = 'include' | 'exclude' | 'only';

const ONE_OFF: Readonly<Record<OneOff, readonly string[]>> = {
  include: [],
  exclude: [`${LABEL.oneOff}=False`],
  only: [`${LABEL.oneOff}=True`],
};

export interface ContainerWish {
  readonly oneOff?: OneOff;
  /** Those that do not run as well. */
  readonly all?: boolean;
  readonly services?: readonly string[];
}

export function* containersOf(
  compose: Compose,
  project: string,
  { oneOff = 'exclude', all = true, services = [] }: ContainerWish = {},
): Step<ContainerSummary[]> {
  const [only] = services;
  const one = services.length === 1 ? [`${LABEL.service}=${only}`] : [];
  const labels = [ofProject(project), ...one, LABEL.configHash, ...ONE_OFF[oneOff]];
  const query = { ...labelFilter(...labels), ...(all && { all: '1' }) };
  const found = yield* compose.get<ContainerSummary[]>('/containers/json', query);
  return services.length > 1 ? found.filter(isOf(services)) : found;
}

export const serviceOf = ({ Labels }: ContainerSummary): string => Labels[LABEL.service] ?? '';

export const numberOf = ({ Labels }: ContainerSummary): number =>
  Number(Labels[LABEL.number] ?? '0') || 0;

export const isOf =
  (services: readonly string[]) =>
  (container: ContainerSummary): boolean =>
    services.includes(serviceOf(container));

export const isOneOff = ({ Labels }: ContainerSummary): boolean => Labels[LABEL.oneOff] === 'True';

/** Its name without the slash, links aside. */
export const nameOf = ({ Id, Names }: ContainerSummary): string =>
  (Names.find((name) => name.lastIndexOf('/') === 0) ?? Names[0] ?? `/${Id.slice(0, 12)}`).slice(1);

export const byName = (a: ContainerSummary, b: ContainerSummary): number =>
  nameOf(a) < nameOf(b) ? -1 : 1;

/** What the view of progress calls it. */
export const titleOf = (container: ContainerSummary): string => `Container ${nameOf(container)}`;

/** `web-1`: the name without the project's, unless the file gives another. */
export function shortNameOf(container: ContainerSummary, separator: string): string {
  const name = nameOf(container);
  const { [LABEL.project]: project = '', [LABEL.number]: number = '' } = container.Labels;
  const usual = [project, serviceOf(container), number].join(separator);
  return name === usual ? name.slice(project.length + 1) : name;
}

export interface Choice {
  /** The number of the container; 0 is any. */
  readonly index?: number;
  readonly all?: boolean;
  readonly oneOff?: OneOff;
}

/** The container of a service that a command goes into: the first, or the one of this number. */
export function* chosenContainer(
  compose: Compose,
  project: string,
  service: string,
  { index = 0, all = false, oneOff = 'include' }: Choice = {},
): Step<ContainerSummary> {
  const found = yield* containersOf(compose, project, { oneOff, all, services: [service] });
  const matching = index > 0 ? found.filter((one) => numberOf(one) === index) : found;
  const [first] = matching.sort(
    (a, b) => Number(isOneOff(a)) - Number(isOneOff(b)) || numberOf(a) - numberOf(b),
  );
  if (first) return first;
  const what = index > 0 ? `running container #${index}` : 'running';
  return refuse(`service "${service}" is not ${what}`);
}
