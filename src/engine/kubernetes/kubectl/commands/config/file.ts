import { resolvePath } from '../../../../machine/command.ts';
import { makeDirectory, readFile, writeFile } from '../../../../machine/files.ts';
import { isRefused } from '../../../../go/refused.ts';
import { configPaths, loadKubeconfig } from '../../configuration.ts';
import {
  EMPTY_CONFIG,
  parseKubeconfig,
  writeKubeconfig,
  type Kubeconfig,
} from '../../kubeconfig.ts';
import { fatal, print, type Session, type Step } from '../../session.ts';
import { writeYaml } from '../../yaml/emit.ts';
import { helpOf } from '../groups.ts';

/** The kubeconfig that `kubectl config` reads and writes (client-go tools/clientcmd/config.go, v1.36). */
export function* starting(session: Session): Step<Kubeconfig> {
  const config = yield* loadKubeconfig(session.line, session.flags, { mayBeMissing: true });
  return typeof config === 'string' ? yield* fatal(session, config) : config;
}

/** Where changes are written: the first file that there is, else the last. */
export function* fileToChange(session: Session): Step<string> {
  const paths = configPaths(session.line, session.flags);
  for (const path of paths) {
    const { machine, cwd } = session.line;
    if (yield* readFile(machine, resolvePath(cwd, path))) return path;
  }
  return paths.at(-1) ?? '';
}

export function* change(session: Session, edit: (config: Kubeconfig) => Kubeconfig): Step<void> {
  const { machine, cwd } = session.line;
  const path = yield* fileToChange(session);
  const absolute = resolvePath(cwd, path);
  const file = yield* readFile(machine, absolute);
  const config = file ? parseKubeconfig(file.content, path) : EMPTY_CONFIG;
  if (isRefused(config)) return yield* fatal(session, config.refused);
  const folder = absolute.slice(0, absolute.lastIndexOf('/'));
  if (folder !== '') yield* makeDirectory(machine, folder, { parents: true });
  yield* writeFile(machine, absolute, writeYaml(writeKubeconfig(edit(config))), 0o600);
  return undefined;
}

/** Prints the command's help, and that the arguments are not what they should be. */
export function* wrongArguments(session: Session, word = 'Unexpected'): Step<never> {
  yield* print(session, helpOf(session.path));
  return yield* fatal(session, `${word} args: [${session.words.join(' ')}]`);
}
