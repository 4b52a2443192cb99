import { withDefaults } from '../canonical/defaults.ts';
import { checkValues } from '../checks/values.ts';
import { withWholePaths } from '../resolve/paths.ts';
import { withVariables } from '../resolve/variables.ts';
import type { Mapping } from '../tree/tree.ts';
import { readFileOver } from './document.ts';
import type { ModelSource, Readers } from './reading.ts';

const READERS: Readers = { fileOver: readFileOver, model: (source) => readModel(source) };

/** The merged document in long form (compose-go v2.13 `loader/loader.go` loadYamlModel). */
export function readModel(source: ModelSource): Mapping {
  const { files, context, options, directory, environment } = source;
  let document: Mapping = {};
  for (const file of files) {
    ({ document } = readFileOver(document, file, { ...source, trail: [], readers: READERS }));
  }
  document = withDefaults(document);
  if (options.skipValidation !== true) checkValues(document);
  if (options.keepPaths !== true) document = withWholePaths(document, { directory, ...context });
  return withVariables(document, environment);
}
