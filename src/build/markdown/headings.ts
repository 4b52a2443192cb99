import { fileURLToPath } from 'node:url';
import { defineMdastPlugin } from 'satteri';
import { AuthoringError } from '../authoring-error.ts';
import { splitHeading } from './outline.ts';

/**
 * `## 격리 [#isolation]` becomes a heading with that id. Ids are written by the author because they
 * are the same in every language and survive a change of wording.
 */
export function headingIds() {
  return () => {
    const seen = new Map<string, number>();
    return defineMdastPlugin({
      name: 'heading-ids-explicit',
      options: { position: true },
      heading(node, context) {
        const file = context.fileURL ? fileURLToPath(context.fileURL) : 'page';
        const line = node.position?.start.line ?? 1;
        const fail = (what: string, remedy: string): never => {
          throw new AuthoringError([{ file, line, what, remedy }]);
        };
        const last = node.children.at(-1);
        const { id } = splitHeading(last?.type === 'text' ? last.value : '');
        if (node.depth === 1) {
          return fail('A page has no # heading of its own.', 'Use the title of the front matter.');
        }
        if (last?.type !== 'text' || id === null) {
          return fail(
            `The heading "${context.textContent(node)}" has no id.`,
            'End it with [#id]: lower-case letters, digits and hyphens, the same in both languages.',
          );
        }
        const before = seen.get(id);
        if (before !== undefined) {
          return fail(
            `The heading id "${id}" is taken by line ${before}.`,
            'Give each heading an id of its own.',
          );
        }
        seen.set(id, line);
        const value = last.value.slice(0, last.value.lastIndexOf('[#')).trimEnd();
        context.setProperty(node, 'children', [
          ...node.children.slice(0, -1),
          ...(value === '' ? [] : [{ ...last, value }]),
        ]);
        context.setProperty(node, 'data', { hProperties: { id } });
      },
    });
  };
}
