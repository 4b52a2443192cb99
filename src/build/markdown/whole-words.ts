import { defineHastPlugin } from 'satteri';
import { isWhole } from '../../components/comparison/sentence.ts';

/** As many characters of code as a line on a phone holds. */
const LINE = 28;

/**
 * Keeps names and options in running text on one line: browsers break after hyphens, so that of
 * `--replicas` only `--` would stand at the end of a line. A command may break at its spaces.
 */
export function wholeWords() {
  return defineHastPlugin({
    name: 'whole-words',
    element: {
      filter: ['code'],
      visit(node, context) {
        const text = context.textContent(node);
        // A block ends with a line break; its lines break nowhere or scroll.
        if (text.includes('\n')) return;
        const words = text.split(/( )/);
        if (!words.some((word) => isWhole(word, LINE))) return;
        if (words.length === 1) {
          context.setProperty(node, 'className', ['whole']);
          return;
        }
        const children = words.map((word) => {
          const value = { type: 'text' as const, value: word };
          if (!isWhole(word, LINE)) return value;
          const properties = { className: ['whole'] };
          return { type: 'element' as const, tagName: 'span', properties, children: [value] };
        });
        context.replaceNode(node, { ...node, children });
      },
    },
  });
}
