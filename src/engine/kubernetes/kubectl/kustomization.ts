import { resolvePath } from '../../machine/command.ts';
import { stat } from '../../machine/files.ts';
import type { Session, Step } from './session.ts';

/**
 * Directories of kustomize (sigs.k8s.io/kustomize/api v0.20 `internal/target`, `pkg/loader`).
 *
 * Simplified: nothing is built of them; what is wrong before that is said as the real one does.
 */
export const KUSTOMIZE_IS_NOT_MODELLED = 'kustomize is not modelled here';

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Why a path is no target of kustomize; undefined when it is one. */
export function* kustomizationProblem({ line }: Session, path: string): Step<string | undefined> {
  const absolute = resolvePath(line.cwd, path);
  const found = yield* stat(line.machine, absolute);
  const directory = 'must build at directory';
  if (!found) {
    const why = `lstat ${absolute}: no such file or directory`;
    return `${directory}: not a valid directory: evalsymlink failure on '${path}' : ${why}`;
  }
  if (found.type !== 'dir') return `${directory}: '${path}': file is not directory`;
  for (const name of NAMES) {
    if (yield* stat(line.machine, `${absolute}/${name}`)) return undefined;
  }
  const [first, second, third] = NAMES.map((name) => `'${name}'`);
  const list = `${first}, ${second} or ${third}`;
  return `unable to find one of ${list} in directory '${absolute}'`;
}
