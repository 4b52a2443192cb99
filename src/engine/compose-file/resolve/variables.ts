import { isList, isMapping, type Mapping } from '../tree/tree.ts';
import type { Environment } from '../load/context.ts';

/**
 * Gives variables that are named without a value the value of the surroundings: entries of
 * `environment` written as a list, and configs and secrets that hold a variable (compose-go v2.13
 * `loader/environment.go`).
 */
export function withVariables(document: Mapping, environment: Environment): Mapping {
  const result: Mapping = { ...document };
  const change = (section: string, each: (value: Mapping) => Mapping): void => {
    const resources = document[section];
    if (!isMapping(resources)) return;
    result[section] = Object.fromEntries(
      Object.entries(resources).map(([name, one]) => [name, isMapping(one) ? each(one) : one]),
    );
  };
  change('services', (service) => {
    const { environment: entries } = service;
    if (!isList(entries)) return service;
    const filled = entries.map((entry) => {
      const value = typeof entry === 'string' ? environment[entry] : undefined;
      return value === undefined ? entry : `${String(entry)}=${value}`;
    });
    return { ...service, environment: filled };
  });
  const content = (resource: Mapping): Mapping => {
    const name = resource.environment;
    const value = typeof name === 'string' ? environment[name] : undefined;
    return value === undefined ? resource : { ...resource, content: value };
  };
  change('secrets', content);
  change('configs', content);
  return result;
}
