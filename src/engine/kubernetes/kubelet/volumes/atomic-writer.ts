import { rfc3339Nano } from '../../../sim/clock.ts';
import type { MachineFiles } from '../../../machine/files.ts';
import type { PayloadFile } from './payload.ts';

/**
 * Writes the files of a volume all at once (pkg/volume/util/atomic_writer.go, v1.36): into a new
 * directory named by the time, to which the link `..data` is then turned; the names that a
 * container sees are links into `..data`.
 *
 * @param keepsOld directories of before stay, for mounts of single files that still show them
 * @returns false when the files were so already
 */
export function writeAtomically(
  files: MachineFiles,
  node: string,
  directory: string,
  payload: readonly PayloadFile[],
  options: { readonly nowMs: number; readonly keepsOld: boolean },
): boolean {
  const before = files.node(node, `${directory}/${DATA}`, false);
  const old = before?.type === 'symlink' ? before.target : undefined;
  if (old !== undefined && isSame(files, node, `${directory}/${DATA}`, payload)) return false;
  const stamp = stampOf(options.nowMs);
  for (const { path, text, mode } of payload) {
    files.write(node, `${directory}/${stamp}/${path}`, text, mode);
  }
  if (payload.length === 0) files.makeDirectory(node, `${directory}/${stamp}`, { parents: true });
  if (old !== undefined) files.removeTree(node, `${directory}/${DATA}`);
  files.linkFile(node, stamp, `${directory}/${DATA}`);
  turnLinks(files, node, directory, payload);
  if (old !== undefined && old !== stamp && !options.keepsOld) {
    files.removeTree(node, `${directory}/${old}`);
  }
  return true;
}

const DATA = '..data';

function isSame(
  files: MachineFiles,
  node: string,
  directory: string,
  payload: readonly PayloadFile[],
): boolean {
  const listed = files.nodes(node, directory).filter(([, entry]) => entry.type === 'file');
  return (
    listed.length === payload.length &&
    payload.every(({ path, text }) => files.read(node, `${directory}/${path}`)?.content === text)
  );
}

/** One link for each first part of a path; those that nothing leads to any more go. */
function turnLinks(
  files: MachineFiles,
  node: string,
  directory: string,
  payload: readonly PayloadFile[],
): void {
  const names = new Set(payload.map(({ path }) => path.split('/', 1)[0] ?? path));
  for (const { name } of files.listDirectory(node, directory) ?? []) {
    if (!name.startsWith('..') && !names.has(name)) files.removeTree(node, `${directory}/${name}`);
  }
  for (const name of names) {
    if (!files.node(node, `${directory}/${name}`, false)) {
      files.linkFile(node, `${DATA}/${name}`, `${directory}/${name}`);
    }
  }
}

/** `..2026_01_05_08_30_00.012000`: the time in digits, as the kubelet names the directory. */
const stampOf = (nowMs: number): string =>
  `..${rfc3339Nano(nowMs).replace(/[-T:]/g, '_').replace('Z', '')}`;
