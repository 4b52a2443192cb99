import { ComposeError, fail } from '../failure.ts';
import { interpolate } from '../interpolation/interpolate.ts';
import { normalizeProjectName, checkProjectName } from '../project/project-name.ts';
import type { Mapping } from '../tree/tree.ts';
import { decode } from '../yaml/decode.ts';
import { readDocuments } from '../yaml/node.ts';
import { unsetWarning, type Environment, type LoadContext, type ReadOptions } from './context.ts';
import { readText } from './document.ts';
import { readModel } from './model.ts';
import { normalize } from './normalize.ts';
import type { SourceFile } from './reading.ts';

/** What is loaded, once files, directory and variables are known. */
export interface LoadDetails {
  readonly files: readonly SourceFile[];
  readonly directory: string;
  readonly environment: Environment;
  /** A name of the project; `chosen` when somebody named it, else a suggestion below the file's. */
  readonly name?: { readonly text: string; readonly chosen: boolean };
  readonly options?: ReadOptions & { readonly skipNormalization?: boolean };
}

export interface LoadedModel {
  readonly document: Mapping;
  readonly name: string;
  /** The variables, COMPOSE_PROJECT_NAME among them. */
  readonly environment: Environment;
}

/** The document of a project (compose-go v2.13 `loader/loader.go` LoadModelWithContext). */
export function loadModel(details: LoadDetails, context: LoadContext): LoadedModel {
  const { files, directory, options = {} } = details;
  if (files.length === 0) fail('no compose file specified');
  const name = projectName(details, context);
  const environment = { ...details.environment, COMPOSE_PROJECT_NAME: name };
  const model = readModel({ files, context, options, directory, environment, included: [] });
  if (Object.keys(model).length === 0) fail('empty compose file');
  if (options.skipValidation !== true && name === '') fail('project name must not be empty');
  if (options.skipNormalization === true) return { document: model, name, environment };
  return { document: normalize({ ...model, name }, environment), name, environment };
}

function projectName(details: LoadDetails, context: LoadContext): string {
  const { files, name, options, environment } = details;
  if (name?.chosen === true) {
    checkProjectName(name.text);
    return name.text;
  }
  const written = files.map((file) => writtenName(file, context)).findLast(Boolean) ?? '';
  const filled =
    options?.skipInterpolation === true
      ? written
      : interpolate(
          { name: written },
          {
            lookup: (variable) => environment[variable],
            onUnset: (variable) => {
              context.warn(unsetWarning(variable));
            },
          },
        ).name;
  const own = typeof filled === 'string' ? filled : '';
  const normal = options?.skipNormalization === true ? own : normalizeProjectName(own);
  return normal === '' ? (name?.text ?? '') : normal;
}

/** The top-level `name` of a file; a file that cannot be read has none here, it fails later. */
export function writtenName(file: SourceFile, context: LoadContext): string {
  const text = file.text ?? readText(file.name, context);
  let name = '';
  try {
    for (const node of readDocuments(text)) {
      const document = node.kind === 'mapping' ? node : undefined;
      const pair = document?.pairs.findLast(
        ({ key }) => key.kind === 'scalar' && key.text === 'name',
      );
      const value = pair ? decode(pair.value) : undefined;
      if (typeof value === 'string' && value !== '') name = value;
      else if (typeof value === 'number' || typeof value === 'boolean') name = String(value);
    }
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
  }
  return name;
}
