import { nodeIn, type Disk, type NodeTree } from '../machine/disk.ts';
import { byDepth, type Mount } from '../machine/place.ts';
import type { FileTree } from '../oci/tree.ts';
import type { ContainerMount, CreateContainer } from './api.ts';

/**
 * Mounts whose files nobody keeps: whoever made the container puts them together when somebody
 * looks. A kubelet shows every container its hosts file and its access to the API server like
 * this, at no cost for the many that never look.
 */
export type ShownFiles = (
  machine: string,
  container: CreateContainer,
  /** As the mount says it. */
  name: string,
) => NodeTree | undefined;

type ShownSource = Extract<ContainerMount['source'], { readonly shown: string }>;
type Target = ContainerMount & { readonly source: ShownSource };

const isShown = (mount: ContainerMount): mount is Target => 'shown' in mount.source;

/** Those of a container's mounts that are put together at its start. */
export const keptMounts = ({ mounts = [] }: CreateContainer): readonly ContainerMount[] =>
  mounts.some(isShown) ? mounts.filter((mount) => !isShown(mount)) : mounts;

const SHOWN = ':shown:';
const EMPTY = ':empty';

/** The mounts of a place with what is shown in it, directories that lead there included. */
export function withShown(
  place: string,
  mounts: readonly Mount[],
  spec: CreateContainer,
  base: FileTree,
): readonly Mount[] {
  const shown = spec.mounts?.filter(isShown) ?? [];
  if (shown.length === 0) return mounts;
  const all: Mount[] = [...mounts];
  const taken = new Set(mounts.map(({ at }) => at));
  for (const { target, source } of shown) {
    const at = resolved(base, target);
    const parts = at.split('/');
    for (let i = 1; i < parts.length; i++) {
      const parent = parts.slice(0, i).join('/');
      if (taken.has(parent) || nodeIn(base, parent)) continue;
      taken.add(parent);
      all.push({ at: parent, disk: `${place}${EMPTY}`, root: '', readOnly: true });
    }
    if (taken.has(at)) continue;
    taken.add(at);
    const disk = `${place}${SHOWN}${source.shown}`;
    all.push({ at, disk, root: source.path ?? '', readOnly: true });
  }
  return all.sort(byDepth);
}

const LINKS = 8;

/** A path with the links of the image followed, as a mount resolves it. */
function resolved(tree: FileTree, path: string): string {
  let left = clean(path).split('/');
  let done: string[] = [];
  for (let links = 0; left.length > 0;) {
    const [part = '', ...rest] = left;
    const node = tree.get([...done, part].join('/'));
    if (node?.type === 'symlink' && links < LINKS) {
      links += 1;
      const target = clean(node.target).split('/');
      if (node.target.startsWith('/')) done = [];
      left = [...target, ...rest];
    } else {
      if (part === '..') done.pop();
      else done.push(part);
      left = rest;
    }
  }
  return done.join('/');
}

const clean = (path: string): string =>
  path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');

/** The disk behind a key of {@link withShown}; undefined when it is none of those. */
export function shownDisk(
  key: string,
  find: (place: string, name: string) => NodeTree | undefined,
  empty: NodeTree,
): Disk | undefined {
  if (key.endsWith(EMPTY)) return { tree: empty, bornMs: 0 };
  const at = key.indexOf(SHOWN);
  if (at === -1) return undefined;
  return { tree: find(key.slice(0, at), key.slice(at + SHOWN.length)) ?? empty, bornMs: 0 };
}
