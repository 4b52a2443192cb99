import { ComposeError, fail } from '../failure.ts';
import type { FileView } from '../files.ts';
import { readEnv, type Lookup } from './dotenv.ts';

/** The `.env` files of a project, read in order (compose-go v2.13 `dotenv/env.go`). */
export function readProjectEnv(
  paths: readonly string[],
  environment: Readonly<Record<string, string>>,
  files: FileView,
  onUnset: (name: string) => void,
): Record<string, string> {
  const into = new Map<string, string>();
  for (const path of paths) {
    const file = files.at(path);
    if (!file) fail(`couldn't find env file: ${path}`);
    if (file.kind === 'directory') fail(`${path} is a directory`);
    const lookup: Lookup = (name) => environment[name] ?? into.get(name);
    readNamed(path, () => {
      readEnv({ text: file.text, into, lookup, onUnset });
    });
  }
  return Object.fromEntries(into);
}

/** Says which file a failure stands in. */
export function readNamed(path: string, read: () => void, what = 'failed to read'): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    throw new ComposeError(`${what} ${path}: ${error.message}`);
  }
}
