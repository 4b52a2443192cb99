import { fail } from '../failure.ts';
import { isMapping, printValue } from '../tree/tree.ts';
import { pathText } from '../tree/path-table.ts';
import type { LongForm } from './long-form.ts';

/** `external: {name: …}`, the older way to name what is not Compose's own. */
export const externalResource: LongForm = (value, { path, descend, warn }) => {
  if (!isMapping(value)) return value;
  const resource = descend(value, path);
  if (!isMapping(resource) || !isMapping(resource.external)) return resource;
  const { name } = resource.external;
  const result = { ...resource, external: true };
  if (name === undefined) return result;
  const where = pathText(path);
  warn(`${where}: external.name is deprecated. Please set name and external: true`);
  if (resource.name === undefined) return { ...result, name };
  return printValue(resource.name) === printValue(name)
    ? result
    : fail(`${where}: name and external.name conflict; only use name`);
};
