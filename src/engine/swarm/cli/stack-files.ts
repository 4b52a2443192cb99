import type { FileAnswer, FileSteps } from '../../compose-file/files.ts';
import {
  loadStack,
  missingImage,
  type LoadedStack,
  type StackOptions,
} from '../../compose-file/stack.ts';
import type { Invocation, Step } from '../../docker/cli/invocation.ts';
import { readCsv } from '../../go/csv.ts';
import { isRefused, refuse, type Refused } from '../../go/refused.ts';
import { readFile, stat } from '../../machine/files.ts';
import { parseAnyReference } from '../../oci/reference.ts';

/** Reads the files of a stack for `docker stack` (docker/cli v29.7 `cli/command/stack/loader.go`). */
export function* readStack(
  call: Invocation,
  more: Partial<StackOptions> = {},
): Step<LoadedStack | Refused> {
  const { line, flags } = call;
  const files = flags.all('compose-file').flatMap((text) => fieldsOf(text));
  if (files.length === 0) return refuse('specify a Compose file (with --compose-file)');
  const stdin = files.includes('-') ? yield* call.readInput() : '';
  const options = { cwd: line.cwd, environment: line.env, files, stdin, ...more };
  const loaded = yield* answered(call, loadStack(options));
  for (const text of loaded.warnings) yield* warn(call, text);
  return 'error' in loaded ? refuse(loaded.error) : loaded;
}

/** One or several names behind one flag; it was checked when it was read. */
function fieldsOf(text: string): readonly string[] {
  const fields = text === '' ? [] : readCsv(text);
  return isRefused(fields) ? [text] : fields;
}

/** What is wrong with the images of its services; undefined when nothing is. */
export function imageProblem({ project }: LoadedStack): string | undefined {
  for (const { name, image = '' } of Object.values(project.services)) {
    if (image === '') return missingImage(project);
    const parsed = parseAnyReference(image);
    if (!parsed.ok) return `invalid image reference for service ${name}: ${parsed.message}`;
  }
  return undefined;
}

function* answered<T>(call: Invocation, steps: FileSteps<T>): Step<T> {
  let step = steps.next();
  while (!step.done) step = steps.next(yield* fileAt(call.line.machine, step.value));
  return step.value;
}

function* fileAt(machine: string, path: string): Step<FileAnswer> {
  const found = yield* stat(machine, path);
  if (!found) return undefined;
  if (found.type === 'dir') return { kind: 'directory' };
  const file = yield* readFile(machine, path);
  return file ? { kind: 'file', text: file.content } : undefined;
}

/**
 * As sirupsen/logrus v1.9 writes it on a terminal.
 *
 * Simplified: it is written so where there is no terminal, too.
 */
const warn = (call: Invocation, text: string): Step<void> =>
  call.err(`WARN[0000] ${text.padEnd(44)} \n`);
