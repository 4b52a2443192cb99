import { readPlainLines } from '../dotenv/plain-lines.ts';
import { ComposeError, fail } from '../failure.ts';
import { joinPath } from '../resolve/paths.ts';
import { isList, isMapping, sortedEntries, type Mapping } from '../tree/tree.ts';
import type { Environment } from '../load/context.ts';

/**
 * Names, files and environments of a stack's parts (docker/cli v29 `cli/compose/loader/loader.go`
 * LoadNetworks, LoadVolumes, loadFileObjectConfig, resolveEnvironment).
 */
export interface StackBase {
  readonly directory: string;
  readonly version: string;
  readonly environment: Environment;
  readonly warn: (text: string) => void;
  readonly readText: (path: string) => string;
}

export function withResources(document: Mapping, base: StackBase): Mapping {
  const change = (section: string, each: (name: string, value: Mapping) => Mapping): unknown => {
    const all = document[section];
    if (!isMapping(all)) return all;
    return Object.fromEntries(
      Object.entries(all).map(([name, one]) => [name, each(name, isMapping(one) ? one : {})]),
    );
  };
  const sections = {
    services: change('services', (_name, service) => withPaths(service, base)),
    networks: change('networks', (name, one) => withExternal('network', name, one, base, 5)),
    volumes: change('volumes', (name, one) => {
      refuseConflict(name, one);
      return withExternal('volume', name, one, base, 4);
    }),
    secrets: change('secrets', (name, one) => fileObject('secret', name, one, base)),
    configs: change('configs', (name, one) => fileObject('config', name, one, base)),
  };
  const known = Object.entries(sections).filter(([, section]) => section !== undefined);
  return { ...document, ...Object.fromEntries(known) };
}

/** @param since the minor version from which `external.name` is deprecated */
function withExternal(
  what: string,
  name: string,
  resource: Mapping,
  { version, warn }: StackBase,
  since: number,
): Mapping {
  const { external_name: older, ...rest } = resource;
  if (rest.external !== true) return what === 'secret' || what === 'config' ? rest : plain(rest);
  if (typeof older !== 'string' || older === '') return { ...rest, name: rest.name ?? name };
  const [by, instead] = [`${what}.external.name`, `${what}.name`];
  if (rest.name !== undefined) {
    fail(`${what} ${name}: ${by} and ${instead} conflict; only use ${instead}`);
  }
  if (Number(version.slice(2)) >= since) {
    warn(`${what} ${name}: ${by} is deprecated in favor of ${instead}`);
  }
  return { ...rest, name: older };
}

/** Of networks and volumes only those that are external keep what begins with `x-`. */
const plain = (resource: Mapping): Mapping =>
  Object.fromEntries(Object.entries(resource).filter(([key]) => !key.startsWith('x-')));

function refuseConflict(name: string, volume: Mapping): void {
  if (volume.external !== true) return;
  const other = ['driver', 'driver_opts', 'labels'].find((key) => {
    const value = volume[key];
    return isMapping(value) ? Object.keys(value).length > 0 : Boolean(value);
  });
  if (other === undefined) return;
  fail(`conflicting parameters "external" and "${other}" specified for volume "${name}"`);
}

function fileObject(what: string, name: string, object: Mapping, base: StackBase): Mapping {
  if (object.external === true) return withExternal(what, name, object, base, 5);
  const { file, driver } = object;
  if (driver !== undefined && driver !== '') {
    if (!file) return object;
    fail(`${what} ${name}: ${what}.driver and ${what}.file conflict; only use ${what}.driver`);
  }
  return { ...object, file: joinPath(base.directory, typeof file === 'string' ? file : '') };
}

function withPaths(service: Mapping, base: StackBase): Mapping {
  const volumes = isList(service.volumes)
    ? service.volumes.map((mount) => withSource(mount, base))
    : undefined;
  const environment = environmentOf(service, base);
  return { ...service, ...(volumes && { volumes }), ...(environment && { environment }) };
}

function withSource(mount: unknown, { directory, environment, warn }: StackBase): unknown {
  if (!isMapping(mount) || mount.type !== 'bind') return mount;
  if (typeof mount.source !== 'string' || mount.source === '') {
    fail('invalid mount config for type "bind": field Source must not be empty');
  }
  let path = mount.source;
  const { HOME: home } = environment;
  if (path.startsWith('~') && home === undefined) {
    warn("cannot expand '~', because the environment lacks HOME");
  } else if (path.startsWith('~')) {
    path = `${home ?? ''}${path.slice(1)}`;
  }
  const isWhole = path.startsWith('/') || /^([a-z]:[\\/]|\\\\)/i.test(path);
  return { ...mount, source: isWhole ? path : joinPath(directory, path) };
}

function linesOf(path: string, { environment, readText }: StackBase): [string, string][] {
  const text = readText(path);
  try {
    return readPlainLines(text, (name) => environment[name]);
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    return fail(`invalid env file (${path}): ${error.message}`);
  }
}

function environmentOf(service: Mapping, base: StackBase): Mapping | undefined {
  const { env_file: files, environment: own } = service;
  if (files === undefined && own === undefined) return undefined;
  const result: Mapping = {};
  // A value that is empty gives way to one of the shell.
  const take = (entries: readonly (readonly [string, unknown])[]): void => {
    for (const [name, value] of entries) {
      const outside = base.environment[name];
      result[name] = outside !== undefined && (value === null || value === '') ? outside : value;
    }
  };
  for (const file of isList(files) ? files : []) {
    const path = joinPath(base.directory, String((file as Mapping).path));
    take(linesOf(path, base));
  }
  take(Object.entries(isMapping(own) ? own : {}));
  return Object.fromEntries(sortedEntries(result));
}
