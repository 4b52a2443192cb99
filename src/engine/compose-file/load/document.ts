import { canonical } from '../canonical/canonical.ts';
import { withoutEmpty } from '../canonical/without-empty.ts';
import { ComposeError, fail } from '../failure.ts';
import { interpolate } from '../interpolation/interpolate.ts';
import { mergeDocuments } from '../merge/merge.ts';
import { withoutDuplicates } from '../merge/unique.ts';
import { validateDocument } from '../schema/validate.ts';
import { isMapping, type Mapping } from '../tree/tree.ts';
import type { Path } from '../tree/path-table.ts';
import { decode } from '../yaml/decode.ts';
import { readDocuments, type Node } from '../yaml/node.ts';
import { ResetPass } from '../yaml/resets.ts';
import { oldBooleanWarning, unsetWarning, type LoadContext } from './context.ts';
import { applyExtends } from './extends.ts';
import { applyIncludes } from './include.ts';
import type { FileReading, ReadFile, SourceFile } from './reading.ts';
import { withoutMarked } from './resets.ts';

/** Lays a file over what was read before it (compose-go v2.13 `loader/loader.go` loadYamlFile). */
export function readFileOver(base: Mapping, file: SourceFile, reading: FileReading): ReadFile {
  let result: ReadFile = { document: base, marks: [] };
  for (const node of parse(file, reading.context)) {
    const { root, marks } = named(file, () => new ResetPass().run(node));
    const raw = root ? named(file, () => decode(root), false) : null;
    const document = layOver(result.document, raw, marks, file, reading);
    result = { document, marks };
  }
  return result;
}

function parse(file: SourceFile, context: LoadContext): Node[] {
  const text = file.text ?? readText(file.name, context);
  return named(file, () => readDocuments(text));
}

export function readText(path: string, { files }: LoadContext): string {
  const file = files.at(path);
  if (!file) return fail(`open ${path}: no such file or directory`);
  return file.kind === 'directory' ? fail(`read ${path}: is a directory`) : file.text;
}

/** Names the file a failure of the reader stands in; a key that is no text is told without. */
function named<T>({ name }: SourceFile, read: () => T, always = true): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    if (!always && error.message.startsWith('non-string key')) throw error;
    throw new ComposeError(`failed to parse ${name}: ${error.message}`);
  }
}

function layOver(
  base: Mapping,
  raw: unknown,
  marks: readonly Path[],
  file: SourceFile,
  reading: FileReading,
): Mapping {
  const { options, context } = reading;
  if (!isMapping(raw)) fail('top-level object must be a mapping');
  let document = options.skipInterpolation === true ? raw : fill(raw, reading);
  if (options.skipInclude !== true) {
    const included = [...reading.included, file.name];
    document = applyIncludes(document, marks, { ...reading, included });
  }
  const before = withoutMarked(base, marks);
  if (options.skipExtends !== true) {
    document = applyExtends(document, marks, file.name, reading);
  }
  let merged = withoutDuplicates(mergeDocuments(before, document));
  if (options.skipValidation !== true) merged = validate(merged, file, context);
  const keepUnreadable = options.skipInterpolation === true;
  const long = withoutEmpty(canonical(merged, { keepUnreadable, warn: context.warn }));
  // A range of ports may now name a port that another entry names, too.
  return withoutDuplicates(long);
}

const fill = (document: Mapping, { environment, context }: FileReading): Mapping =>
  interpolate(document, {
    lookup: (name) => environment[name],
    onUnset: (name) => {
      context.warn(unsetWarning(name));
    },
    onOldBoolean: (text, should) => {
      context.warn(oldBooleanWarning(text, should));
    },
  });

function validate(document: Mapping, { name }: SourceFile, { warn }: LoadContext): Mapping {
  try {
    validateDocument(document);
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    throw new ComposeError(`validating ${name}: ${error.message}`);
  }
  if (!('version' in document)) return document;
  warn(
    `${name}: the attribute \`version\` is obsolete, it will be ignored, ` +
      'please remove it to avoid potential confusion',
  );
  const { version: _, ...rest } = document;
  return rest;
}
