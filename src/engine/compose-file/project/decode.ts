import type { Environment } from '../load/context.ts';
import type { Project } from '../project.ts';
import type { Service } from '../service.ts';
import { PROJECT_FIELDS } from '../shape/project-fields.ts';
import { extensionsOf } from '../shape/struct.ts';
import { isMapping, sortedEntries, type Mapping } from '../tree/tree.ts';

/** What a project is besides its document. */
export interface ProjectFrame {
  readonly name: string;
  readonly workingDir: string;
  readonly composeFiles: readonly string[];
  readonly environment: Environment;
}

/** Binds a document in long form to the normal form. */
export function toProject(document: Mapping, frame: ProjectFrame): Project {
  const sections: Mapping = {};
  for (const [name, codec] of PROJECT_FIELDS) {
    if (name !== 'name') sections[name] = codec.decode(document[name], name) ?? {};
  }
  const services = named(sections.services);
  const extensions = extensionsOf(document);
  return {
    ...(sections as unknown as Project),
    ...frame,
    profiles: [],
    services,
    disabledServices: {},
    ...(extensions && { extensions }),
  };
}

function named(services: unknown): Readonly<Record<string, Service>> {
  if (!isMapping(services)) return {};
  return Object.fromEntries(
    sortedEntries(services).map(([name, service]) => [name, { ...(service as Service), name }]),
  );
}
