import { defineHastPlugin } from 'satteri';

/**
 * A wide table scrolls within a box of its own, so that it stays a table to screen readers. The
 * empty corner of a table with names on both sides is a plain cell: a head that heads nothing
 * would be read out as one.
 */
export function tables() {
  return defineHastPlugin({
    name: 'tables',
    element: {
      filter: ['table', 'th'],
      visit(node, context) {
        if (node.tagName === 'table') {
          context.wrapNode(node, {
            type: 'element',
            tagName: 'div',
            properties: { className: ['table'] },
            children: [],
          });
        } else if (context.textContent(node).trim() === '') {
          context.replaceNode(node, { ...node, tagName: 'td' });
        }
      },
    },
  });
}
