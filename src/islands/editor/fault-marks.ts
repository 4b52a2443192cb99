import { RangeSetBuilder, StateEffect, StateField, type Text } from '@codemirror/state';
import { Decoration, EditorView, type DecorationSet } from '@codemirror/view';
import type { EditorFault } from './fault.ts';

/** Tells the marks what was found. */
export const foundFaults = StateEffect.define<readonly EditorFault[]>();

/** Where a fault stands in a text, which may have changed since it was looked at. */
export function rangeOf(text: Text, fault: EditorFault): { from: number; to: number } {
  const at = (line: number, column: number) => {
    const { from, to } = text.line(Math.min(Math.max(line, 1), text.lines));
    return Math.min(from + Math.max(column, 1) - 1, to);
  };
  const from = at(fault.line, fault.column);
  return { from, to: Math.max(from, at(fault.endLine, fault.endColumn)) };
}

/**
 * Underlines what is wrong. The marks move with the text; the line in which an input method is
 * composing loses its own until the next look, since a change of its elements would end the composing.
 */
export const faultMarks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const { docChanged, changes, newDoc } = transaction;
    let next = docChanged ? marks.map(changes) : marks;
    if (transaction.isUserEvent('input.type.compose')) {
      const { from, to } = newDoc.lineAt(transaction.newSelection.main.head);
      next = next.update({ filter: (start, end) => end < from || start > to });
    }
    for (const effect of transaction.effects) {
      if (effect.is(foundFaults)) next = marksOf(newDoc, effect.value);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function marksOf(text: Text, faults: readonly EditorFault[]): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const ranges = faults
    .map((fault) => ({ ...widened(text, rangeOf(text, fault)), fault }))
    .sort((a, b) => a.from - b.from || a.to - b.to);
  for (const { from, to, fault } of ranges) {
    if (from === to) continue;
    const attributes = { class: `fault fault-${fault.severity}` };
    builder.add(from, to, Decoration.mark({ attributes }));
  }
  return builder.finish();
}

/** Nothing can be underlined where nothing stands: the character before, or the line. */
function widened(text: Text, { from, to }: { from: number; to: number }) {
  if (to > from) return { from, to };
  const line = text.lineAt(from);
  if (to < line.to) return { from, to: to + 1 };
  return { from: Math.max(line.from, from - 1), to };
}
