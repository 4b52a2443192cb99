import { entryAt, listTree, readTreeFile, type FileTree } from '../oci/tree.ts';
import type { FileView } from '../programs/program.ts';

const views = new WeakMap<FileTree, FileView>();

/** A tree as the process inside sees it. */
export function treeView(tree: FileTree): FileView {
  let view = views.get(tree);
  if (!view) {
    view = {
      read: (path) => readTreeFile(tree, path),
      list: (path) => listTree(tree, path),
      kind: (path) => {
        const type = entryAt(tree, path)?.type;
        return type === 'file' || type === 'dir' ? type : undefined;
      },
    };
    views.set(tree, view);
  }
  return view;
}
