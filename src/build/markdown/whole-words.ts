import { defineHastPlugin } from 'satteri';
import { isWhole } from '../../components/comparison/sentence.ts';

/** As many characters of code as a column of a table holds on a phone, and as a line does. */
const COLUMN = 12;
const LINE = 28;

const classOf = (word: string) => [isWhole(word, COLUMN) ? 'whole' : 'whole-line'];

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
          context.setProperty(node, 'className', classOf(text));
          return;
        }
        const children = words.map((word) => {
          const value = { type: 'text' as const, value: word };
          if (!isWhole(word, LINE)) return value;
          const properties = { className: classOf(word) };
          return { type: 'element' as const, tagName: 'span', properties, children: [value] };
        });
        context.replaceNode(node, { ...node, children });
      },
    },
  });
}
