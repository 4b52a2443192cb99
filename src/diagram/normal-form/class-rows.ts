/** What stands in the box of a class: name, attributes and operations, with lines between them. */
import { element, elementsOf, hasClass, shortNumber, type XmlElement } from '../xml.ts';
import { label, labelRows } from './labels.ts';
import { pathPoints } from './path-data.ts';
import { walk, type Placed } from './placed.ts';
import { plus, translationOf, type Box } from './point.ts';

const compartments = ['annotation', 'label', 'members', 'methods'] as const;

const rowClass = {
  annotation: 'figure-note-label',
  label: 'figure-title',
  members: 'figure-row',
  methods: 'figure-row',
} as const;

export function classRows({ element: one, at }: Placed, box: Box): XmlElement[] {
  const drawn: (XmlElement | null)[] = [];
  const empty = new Set<string>();
  for (const kind of compartments) {
    const group = elementsOf(one).find((child) => hasClass(child, `${kind}-group`));
    if (!group) continue;
    const here = plus(at, translationOf(group.attributes.transform));
    const texts = [...walk(group, here)].filter(({ element: child }) => child.name === 'text');
    if (texts.length === 0) empty.add(kind);
    for (const text of texts) {
      const centred = kind === 'label' || kind === 'annotation';
      const x = centred ? box.x + box.width / 2 : text.at.x;
      drawn.push(label(rowClass[kind], { x, y: text.at.y }, labelRows(text.element)));
    }
  }
  const lines = elementsOf(one)
    .filter((child) => hasClass(child, 'divider'))
    .flatMap((divider) => [...walk(divider, at)])
    .filter(({ element: child }) => child.name === 'path');
  // An empty compartment has no line above it.
  const shown = !empty.has('methods') ? lines : empty.has('members') ? [] : lines.slice(0, 1);
  for (const { element: path, at: here } of shown) {
    const y = (pathPoints(path.attributes.d ?? '')[0]?.y ?? 0) + here.y;
    const d = `M${shortNumber(box.x)} ${shortNumber(y)}H${shortNumber(box.x + box.width)}`;
    drawn.push(element('path', { class: 'figure-divider', d }));
  }
  return drawn.filter((row) => row !== null);
}
