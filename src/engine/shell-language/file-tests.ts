import { resolvePath } from '../machine/command.ts';
import { checkAccess, stat } from '../machine/files.ts';
import type { Step } from './state.ts';

/** The questions about files that `[`, `test` and `[[` share. */
export const FILE_TESTS = [
  '-e',
  '-f',
  '-d',
  '-s',
  '-r',
  '-w',
  '-x',
  '-L',
  '-h',
  '-a',
  '-b',
  '-c',
  '-p',
  '-S',
  '-O',
  '-G',
  '-u',
  '-g',
  '-k',
];

export function* testFile(
  place: string,
  cwd: string,
  operator: string,
  name: string,
): Step<boolean> {
  if (name === '') return false;
  const path = resolvePath(cwd, name);
  if (operator === '-L' || operator === '-h')
    return (yield* stat(place, path, false))?.type === 'symlink';
  const file = yield* stat(place, path);
  if (!file) return false;
  switch (operator) {
    case '-f':
      return file.type === 'file';
    case '-d':
      return file.type === 'dir';
    case '-s':
      return file.sizeBytes > 0;
    case '-r':
      return (yield* checkAccess(place, path, 4)) === undefined;
    case '-w':
      return (yield* checkAccess(place, path, 2)) === undefined;
    case '-x':
      return (file.mode & 0o111) !== 0;
    case '-u':
      return (file.mode & 0o4000) !== 0;
    case '-g':
      return (file.mode & 0o2000) !== 0;
    case '-k':
      return (file.mode & 0o1000) !== 0;
    case '-b':
    case '-c':
    case '-p':
    case '-S':
      // Simplified: devices, pipes and sockets are no files here.
      return operator === '-c' && path.startsWith('/dev/') && file.type === 'file';
    default:
      return true;
  }
}

/** `-nt` and `-ot`: a file that is not there is older than any. */
export function* compareAge(
  place: string,
  cwd: string,
  left: string,
  operator: string,
  right: string,
): Step<boolean> {
  const one = (yield* stat(place, resolvePath(cwd, left)))?.modifiedMs ?? -1;
  const two = (yield* stat(place, resolvePath(cwd, right)))?.modifiedMs ?? -1;
  if (operator === '-ef') return one >= 0 && resolvePath(cwd, left) === resolvePath(cwd, right);
  return operator === '-nt' ? one > two : one < two;
}
