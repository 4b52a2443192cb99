import { resolvePath } from '../machine/command.ts';
import type { World } from '../world.ts';
import type { Candidate } from './candidate.ts';

/** Where something is completed. */
export interface Place {
  readonly world: World;
  readonly machine: string;
  /** Of the shell that is typed into. */
  readonly cwd: string;
}

const HOME = '/root';
const FILES_LIMIT = 2_000;

/** Files and directories that a path could go on to. @param which only those that it says yes to */
export function filesAt(
  { world, machine, cwd }: Place,
  text: string,
  which: (name: string, isDirectory: boolean) => boolean = () => true,
): Candidate[] {
  const end = text.lastIndexOf('/') + 1;
  const [start, typed] = [text.slice(0, end), text.slice(end)];
  const directory = start.startsWith('~/') ? HOME + start.slice(1) : start;
  const path = resolvePath(cwd, directory === '' ? '.' : directory);
  const found = world.files.listDirectory(machine, path) ?? [];
  const candidates: Candidate[] = [];
  for (const { name, type } of found) {
    if (name === '.' || name === '..') continue;
    if (!name.startsWith(typed) || (name.startsWith('.') && !typed.startsWith('.'))) continue;
    const target = `${path}/${name}`;
    const isDirectory =
      type === 'dir' || (type === 'symlink' && world.files.stat(machine, target)?.type === 'dir');
    if (!isDirectory && !which(name, false)) continue;
    if (isDirectory && !which(name, true)) continue;
    candidates.push({ text: start + name + (isDirectory ? '/' : '') });
    if (candidates.length === FILES_LIMIT) break;
  }
  return candidates;
}
