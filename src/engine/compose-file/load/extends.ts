import { fail } from '../failure.ts';
import { extendService } from '../merge/merge.ts';
import { joinPath, withWholePaths } from '../resolve/paths.ts';
import { isMapping, type Mapping } from '../tree/tree.ts';
import type { Path } from '../tree/path-table.ts';
import type { ExtendsTrail, FileReading } from './reading.ts';
import { withoutMarked } from './resets.ts';

/**
 * `extends`: a service laid over another one of the same file or of another (compose-go v2.13
 * `loader/extends.go`).
 * Simplified: a file is a path; one of a Git repository or a registry is not fetched.
 */
interface Place {
  readonly file: string;
  readonly marks: readonly Path[];
  readonly reading: FileReading;
}

export function applyExtends(
  document: Mapping,
  marks: readonly Path[],
  file: string,
  reading: FileReading,
): Mapping {
  if (!('services' in document)) return document;
  if (!isMapping(document.services)) return fail('services must be a mapping');
  const services: Mapping = { ...document.services };
  for (const name of Object.keys(services)) {
    services[name] = extended(name, services, reading.trail, { file, marks, reading });
  }
  return { ...document, services };
}

/** The service with all it extends; `services` remembers what was worked out. */
function extended(name: string, services: Mapping, trail: ExtendsTrail, place: Place): unknown {
  const service = services[name];
  if (service === null || service === undefined) return null;
  if (!isMapping(service)) return fail(`services.${name} must be a mapping`);
  if (!('extends' in service)) return service;
  const { ref, file } = target(name, service.extends);
  const other = file === undefined ? undefined : servicesOf(name, ref, file, place);
  if (!other && !(ref in services)) {
    fail(`cannot extend service "${name}" in ${place.file}: service "${ref}" not found`);
  }
  const next = step(trail, { file: file ?? place.file, service: name });
  const base = other
    ? extended(ref, other.services, next, { ...place, marks: other.marks })
    : extended(ref, services, next, place);
  if (!isMapping(base)) return service;
  const source = withoutMarked({ services: { [name]: base } }, place.marks);
  const left = (source.services as Mapping | undefined)?.[name];
  const { extends: _, ...merged } = extendService(isMapping(left) ? left : {}, service);
  services[name] = merged;
  return merged;
}

function target(name: string, value: unknown): { ref: string; file?: string } {
  if (typeof value === 'string') return { ref: value };
  if (!isMapping(value) || typeof value.service !== 'string') {
    return fail(`extends.${name}.service is required`);
  }
  const { service, file } = value;
  return typeof file === 'string' ? { ref: service, file } : { ref: service };
}

function step(trail: ExtendsTrail, next: ExtendsTrail[number]): ExtendsTrail {
  const seen = trail.some(({ file, service }) => file === next.file && service === next.service);
  if (!seen) return [...trail, next];
  const [first, ...rest] = trail;
  const lines = [...rest, next].map(({ file, service }) => `  extends ${service} in ${file}`);
  return fail(
    ['Circular reference:', `  ${first?.service} in ${first?.file}`, ...lines].join('\n'),
  );
}

function servicesOf(
  name: string,
  ref: string,
  file: string,
  { reading }: Place,
): { services: Mapping; marks: readonly Path[] } {
  const path = joinPath(reading.directory, file);
  const { context } = reading;
  const { document, marks } = reading.readers.fileOver(
    {},
    { name: path },
    {
      ...reading,
      options: { ...reading.options, skipInclude: true, skipExtends: true, skipValidation: true },
    },
  );
  const prefix = `cannot extend service "${name}" in`;
  if (!('services' in document)) fail(`${prefix} ${path}: no services section`);
  const directory = path.slice(0, path.lastIndexOf('/')) || '/';
  const { services } = withWholePaths(document, { directory, ...context });
  if (!isMapping(services)) return fail(`${prefix} ${path}: services must be a mapping`);
  if (!(ref in services)) {
    fail(`${prefix} ${file}: service "${ref}" not found in ${file}`);
  }
  return { services: { ...services }, marks };
}
