import { cleanPath } from '../canonical/long-forms.ts';
import { isList, isMapping, printValue, type Mapping } from '../tree/tree.ts';
import type { Environment } from './context.ts';

/**
 * Says what a document leaves unsaid: the default network, names of resources, the context of a
 * build, dependencies that `links` or a shared namespace imply (compose-go v2.13
 * `loader/normalize.go`).
 */
export function normalize(document: Mapping, environment: Environment): Mapping {
  const services = isMapping(document.services) ? document.services : {};
  const result: Mapping = { ...document };
  const networked = mapValues(services, (service) => withNetwork(service));
  const networks = isMapping(document.networks) ? document.networks : {};
  const usesDefault = Object.values(networked).some(
    (service) => isMapping(service) && joinsDefault(service),
  );
  const isImplied = usesDefault && !('default' in networks);
  const all = isImplied ? { ...networks, default: null } : networks;
  if (Object.keys(all).length > 0) result.networks = all;
  if ('services' in document) {
    result.services = mapValues(networked, (service) => normalizeService(service, environment));
  }
  return withNames(result);
}

function mapValues(mapping: Mapping, change: (value: Mapping) => Mapping): Mapping {
  return Object.fromEntries(
    Object.entries(mapping).map(([key, one]) => [key, isMapping(one) ? change(one) : one]),
  );
}

const isSet = (value: unknown): boolean => value !== undefined && value !== null;

function joinsDefault(service: Mapping): boolean {
  if ('provider' in service || 'network_mode' in service) return false;
  return isMapping(service.networks) && 'default' in service.networks;
}

function withNetwork(service: Mapping): Mapping {
  if ('provider' in service || 'network_mode' in service) return service;
  const { networks } = service;
  const none = !isMapping(networks) || Object.keys(networks).length === 0;
  return none ? { ...service, networks: { default: null } } : service;
}

function normalizeService(service: Mapping, environment: Environment): Mapping {
  const result: Mapping = { ...service };
  if (result.pull_policy === 'if_not_present') result.pull_policy = 'missing';
  if (isMapping(result.build)) result.build = normalizeBuild(result.build, environment);
  if ('environment' in result) {
    result.environment = resolveValues(result.environment, environment, true);
  }
  const dependencies = withImplied(result);
  if (Object.keys(dependencies).length > 0) result.depends_on = dependencies;
  if (isList(result.volumes)) {
    result.volumes = result.volumes.map((mount) =>
      isMapping(mount) && typeof mount.target === 'string'
        ? { ...mount, target: cleanPath(mount.target) }
        : mount,
    );
  }
  const { image, pre_start: hooks } = result;
  if (isList(hooks) && typeof image === 'string' && image !== '') {
    result.pre_start = hooks.map((hook) => (isMapping(hook) ? { image, ...hook } : hook));
  }
  return result;
}

function normalizeBuild(build: Mapping, environment: Environment): Mapping {
  const result: Mapping = { ...build };
  result.context ??= '.';
  if (!isSet(result.dockerfile) && !isSet(result.dockerfile_inline)) {
    result.dockerfile = 'Dockerfile';
  }
  if ('args' in result) result.args = resolveValues(result.args, environment, false);
  return result;
}

/** Values of the surroundings for names without one; those found nowhere stay or go. */
function resolveValues(value: unknown, environment: Environment, keepEmpty: boolean): unknown {
  if (isList(value)) {
    return value.flatMap((entry) => {
      if (typeof entry !== 'string' || entry.includes('=')) return [entry];
      const found = environment[entry];
      if (found !== undefined) return [`${entry}=${found}`];
      return keepEmpty ? [entry] : [];
    });
  }
  if (!isMapping(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]): [string, unknown][] => {
      if (one !== null) return [[key, one]];
      const found = environment[key];
      return found !== undefined || keepEmpty ? [[key, found ?? null]] : [];
    }),
  );
}

const NAMESPACES = ['network_mode', 'ipc', 'pid', 'uts', 'cgroup'];

function withImplied(service: Mapping): Mapping {
  const dependencies: Mapping = isMapping(service.depends_on) ? { ...service.depends_on } : {};
  const add = (name: string, restart: boolean): void => {
    if (name in dependencies) return;
    dependencies[name] = { condition: 'service_started', restart, required: true };
  };
  for (const link of isList(service.links) ? service.links : []) {
    const parts = printValue(link).split(':');
    add(parts.length === 2 ? (parts[0] ?? '') : printValue(link), true);
  }
  for (const namespace of NAMESPACES) {
    const value = service[namespace];
    if (typeof value === 'string' && value.startsWith('service:')) {
      add(value.slice('service:'.length), true);
    }
  }
  for (const source of isList(service.volumes_from) ? service.volumes_from : []) {
    const text = printValue(source);
    if (!text.startsWith('container:')) add(text.split(':')[0] ?? '', false);
  }
  return dependencies;
}

/** A resource without a name is called PROJECT_key; one that is not ours, by its key. */
function withNames(document: Mapping): Mapping {
  const result: Mapping = { ...document };
  for (const section of ['networks', 'volumes', 'configs', 'secrets']) {
    const resources = document[section];
    if (!isMapping(resources)) continue;
    result[section] = Object.fromEntries(
      Object.entries(resources).map(([key, value]) => {
        const resource = isMapping(value) ? value : {};
        if (isSet(resource.name)) return [key, resource];
        const isExternal = /^(1|t|true)$/i.test(printValue(resource.external));
        const name = isExternal ? key : `${printValue(document.name)}_${key}`;
        return [key, { ...resource, name }];
      }),
    );
  }
  return result;
}
