import { fail } from '../failure.ts';
import type { Project } from '../project.ts';
import type { Service } from '../service.ts';
import { sortedEntries } from '../tree/tree.ts';

/** Which services of a project take part (compose-go v2.13 `types/project.go`). */
type Services = Readonly<Record<string, Service>>;

const hasProfile = ({ profiles = [] }: Service, active: readonly string[]): boolean =>
  profiles.length === 0 ||
  active.includes('*') ||
  profiles.some((profile) => active.includes(profile));

export const allServices = ({ services, disabledServices }: Project): Services =>
  Object.fromEntries(sortedEntries({ ...services, ...disabledServices }));

/** Turns off the services none of whose profiles is active. */
export function withProfiles(project: Project, profiles: readonly string[]): Project {
  const all = Object.entries(allServices(project));
  const pick = (on: boolean): Services =>
    Object.fromEntries(all.filter(([, service]) => hasProfile(service, profiles) === on));
  return { ...project, profiles, services: pick(true), disabledServices: pick(false) };
}

/** Naming a service that is off turns its profiles on, and with them all their services. */
export function withServicesEnabled(project: Project, names: readonly string[]): Project {
  if (names.length === 0) return project;
  const further = names
    .filter((name) => !(name in project.services))
    .flatMap((name) => project.disabledServices[name]?.profiles ?? []);
  return withProfiles(project, [...project.profiles, ...further]);
}

export type DependencyPolicy = 'dependencies' | 'dependents' | 'none';

/** The named services and what they depend on; fails when one of them is not there. */
export function selectedNames(
  project: Project,
  names: readonly string[],
  policy: DependencyPolicy = 'dependencies',
): Set<string> {
  const selected = new Set<string>();
  const visit = (each: readonly string[], optional: ReadonlySet<string>): void => {
    const missing = each.find((name) => !(name in project.services) && !optional.has(name));
    if (missing !== undefined) fail(`no such service: ${missing}`);
    for (const name of each) {
      const service = project.services[name];
      if (!service || selected.has(name)) continue;
      selected.add(name);
      if (policy === 'dependents') visit(dependentsOf(project, name), new Set());
      if (policy !== 'dependencies') continue;
      const dependencies = Object.entries(service.depends_on ?? {});
      const loose = dependencies.filter(([, { required }]) => !required).map(([key]) => key);
      visit(
        dependencies.map(([key]) => key),
        new Set(loose),
      );
    }
  };
  visit(names, new Set());
  return selected;
}

export const dependentsOf = (project: Project, name: string): string[] =>
  Object.entries(project.services)
    .filter(([, { depends_on = {} }]) => name in depends_on)
    .map(([dependent]) => dependent);

/** Leaves the named services and what they depend on; no names leave all. */
export function withSelectedServices(
  project: Project,
  names: readonly string[],
  policy: DependencyPolicy = 'dependencies',
): Project {
  if (names.length === 0) return project;
  const selected = selectedNames(project, names, policy);
  const services: Record<string, Service> = {};
  const disabled: Record<string, Service> = { ...project.disabledServices };
  for (const [name, service] of Object.entries(project.services)) {
    if (selected.has(name)) services[name] = withDependenciesAmong(service, selected);
    else disabled[name] = service;
  }
  return { ...project, services, disabledServices: Object.fromEntries(sortedEntries(disabled)) };
}

function withDependenciesAmong(service: Service, names: ReadonlySet<string>): Service {
  if (!service.depends_on) return service;
  const kept = Object.entries(service.depends_on).filter(([name]) => names.has(name));
  return { ...service, depends_on: Object.fromEntries(kept) };
}
