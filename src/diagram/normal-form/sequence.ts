/** Participants, messages and frames of a sequence diagram. Mermaid draws them in one flat list. */
import type { RawDrawing } from '../mermaid-page.ts';
import { element, elementsOf, hasClass, numberOf, shortNumber, type XmlElement } from '../xml.ts';
import { headOf } from './heads.ts';
import { label, labelRows, movedRect } from './labels.ts';
import { movePath, movePoints, pathPoints } from './path-data.ts';
import { direction, origin } from './point.ts';

/** Half the height of a line of text: labels of sequences are placed by their middle. */
const halfEm = { label: 7.5, message: 7, small: 6.5 } as const;

interface Layers {
  readonly bands: XmlElement[];
  readonly lifelines: XmlElement[];
  readonly frames: XmlElement[];
  readonly bars: XmlElement[];
  readonly messages: XmlElement[];
  readonly nodes: XmlElement[];
}

/** The layers of the drawing, from back to front. */
export function sequenceLayers(figure: string, svg: XmlElement, raw: RawDrawing): XmlElement[] {
  const layers: Layers = {
    bands: [],
    lifelines: [],
    frames: [],
    bars: [],
    messages: [],
    nodes: [],
  };
  let pending: XmlElement[] = [];
  let last: XmlElement[] = [];
  for (const one of elementsOf(svg)) {
    if (hasClass(one, 'messageText')) {
      pending.push(one);
    } else if (one.attributes['data-et'] === 'message') {
      last = drawMessage(one, pending);
      const edge = raw.graph.edges.find(
        ({ id }) => id === raw.edgeNames[one.attributes['data-id'] ?? ''],
      );
      pending = [];
      if (edge) layers.messages.push(messageGroup(figure, edge, last));
    } else if (hasClass(one, 'sequenceNumber')) {
      number(layers.messages, one);
    } else {
      drawPart(figure, raw, one, layers);
    }
  }
  return [
    element('g', { class: 'figure-bands' }, ...layers.bands),
    element('g', { class: 'figure-lifelines' }, ...layers.lifelines),
    element('g', { class: 'figure-bars' }, ...layers.bars),
    element('g', { class: 'figure-frames' }, ...layers.frames),
    element('g', { class: 'figure-edges' }, ...layers.messages),
    element('g', { class: 'figure-nodes' }, ...layers.nodes),
  ].filter((layer) => layer.children.length > 0);
}

function messageGroup(
  figure: string,
  edge: RawDrawing['graph']['edges'][number],
  children: readonly XmlElement[],
): XmlElement {
  return element(
    'g',
    {
      class: `figure-edge figure-${edge.line}`,
      id: `${figure}-edge-${edge.id}`,
      'data-edge': edge.id,
      'data-from': edge.from,
      'data-to': edge.to,
    },
    ...children,
  );
}

function drawMessage(line: XmlElement, texts: readonly XmlElement[]): XmlElement[] {
  const ends = [1, 2].map((end) => ({
    x: numberOf(line, `x${end}`),
    y: numberOf(line, `y${end}`),
  }));
  const points = line.name === 'path' ? pathPoints(line.attributes.d ?? '') : ends;
  const d =
    line.name === 'path'
      ? movePath(line.attributes.d ?? '', origin)
      : `M${points.map(({ x, y }) => `${shortNumber(x)} ${shortNumber(y)}`).join('L')}`;
  const [first = origin, second = origin] = points;
  const last = points.at(-1) ?? origin;
  const before = points.at(-2) ?? origin;
  const drawn = [
    element('path', { class: 'figure-line', d }),
    headOf(line.attributes['marker-start'], first, direction(second, first)),
    headOf(line.attributes['marker-end'], last, direction(before, last)),
    ...stacked(texts, 'figure-message-label', halfEm.message),
  ];
  return drawn.filter((one) => one !== null);
}

/** Texts of which each is one line, drawn by its middle one em below its `y`. */
function stacked(texts: readonly XmlElement[], name: string, half: number): (XmlElement | null)[] {
  return texts.map((text) => {
    const below = text.attributes.dy === '1em' ? half * 2 : 0;
    const top = { x: numberOf(text, 'x'), y: numberOf(text, 'y') + below - half - half * 0.2 };
    return label(name, top, [labelRows(text).join(' ')]);
  });
}

/** Puts the number of a message into the group of the message drawn last. */
function number(messages: XmlElement[], text: XmlElement): void {
  const group = messages.pop();
  if (!group) return;
  const x = numberOf(text, 'x');
  const y = numberOf(text, 'y') - 4;
  const drawn = [
    element('circle', { class: 'figure-number-ground', cx: x, cy: y, r: 8.5 }),
    element('text', { class: 'figure-number', x, y, dy: '.35em' }, labelRows(text).join('')),
  ];
  messages.push({ ...group, children: [...group.children, ...drawn] });
}

function drawPart(figure: string, raw: RawDrawing, one: XmlElement, layers: Layers): void {
  const kind = one.attributes['data-et'];
  if (kind === 'participant') {
    layers.nodes.push(drawParticipant(figure, raw, one));
  } else if (kind === 'life-line') {
    layers.lifelines.push(lifeline(one));
  } else if (kind === 'control-structure') {
    layers.frames.push(drawFrame(one));
  } else if (kind === 'note') {
    layers.frames.push(drawNote(one));
  } else if (one.name === 'rect' && /activation\d/.test(one.attributes.class ?? '')) {
    layers.bars.push(movedRect(one, origin, 'figure-bar'));
  } else if (one.name === 'rect' && hasClass(one, 'rect')) {
    layers.bands.push(movedRect(one, origin, 'figure-band'));
  } else if (one.name === 'g') {
    for (const child of elementsOf(one)) drawPart(figure, raw, child, layers);
  }
}

function lifeline(line: XmlElement): XmlElement {
  const [x, top, bottom] = ['x1', 'y1', 'y2'].map((name) => shortNumber(numberOf(line, name)));
  return element('path', { class: 'figure-lifeline', d: `M${x} ${top}V${bottom}` });
}

function drawParticipant(figure: string, raw: RawDrawing, one: XmlElement): XmlElement {
  const node = raw.graph.nodes.find(({ id }) => id === one.attributes['data-id']);
  if (!node) throw new Error(`The participant ${one.attributes['data-id']} is not in the diagram.`);
  const parts = elementsOf(one);
  const text = parts.find(({ name }) => name === 'text');
  const rect = parts.find(({ name }) => name === 'rect');
  const circle = parts.find(({ name }) => name === 'circle');
  const box = rect
    ? ['x', 'y', 'width', 'height'].map((name) => numberOf(rect, name))
    : [numberOf(circle ?? one, 'cx') - 22, 0, 44, 60];
  const rows = text ? labelRows(text) : [];
  const middle = { x: text ? numberOf(text, 'x') : 0, y: text ? numberOf(text, 'y') : 0 };
  const top = { x: middle.x, y: middle.y - halfEm.label * (rows.length * 1.1 + 0.2) };
  const shapes = rect ? [movedRect(rect, origin, 'figure-shape')] : person(parts);
  return element(
    'g',
    {
      class: `figure-node figure-${node.shape}`,
      id: `${figure}-node-${node.id}`,
      'data-node': node.id,
      'data-box': box.map(shortNumber).join(' '),
    },
    ...shapes,
    label('figure-label', top, rows),
  );
}

/** A person: head and shoulders around the circle that Mermaid draws as a head. */
function person(parts: readonly XmlElement[]): XmlElement[] {
  const head = parts.find(({ name }) => name === 'circle');
  const x = head ? numberOf(head, 'cx') : 0;
  const y = head ? numberOf(head, 'cy') : 0;
  const shoulders = `M${shortNumber(x - 17)} ${shortNumber(y + 38)}v-4a17 17 0 0 1 34 0v4Z`;
  return [
    element('path', { class: 'figure-shape', d: shoulders }),
    element('circle', { class: 'figure-shape', cx: x, cy: y + 3, r: 9.5 }),
  ];
}

function drawFrame(one: XmlElement): XmlElement {
  const lines = elementsOf(one).filter(({ name }) => name === 'line');
  const rules = lines.map((line) => {
    const [x1, y1, x2, y2] = ['x1', 'y1', 'x2', 'y2'].map((name) =>
      shortNumber(numberOf(line, name)),
    );
    const section = (line.attributes.style ?? '').includes('dasharray');
    return element('path', {
      class: section ? 'figure-frame-line figure-frame-section' : 'figure-frame-line',
      d: `M${x1} ${y1}L${x2} ${y2}`,
    });
  });
  const others = elementsOf(one).map((part) => {
    if (part.name === 'polygon') {
      const points = movePoints(part.attributes.points ?? '', origin);
      return element('polygon', { class: 'figure-frame-tab', points });
    }
    if (part.name !== 'text') return null;
    const name = hasClass(part, 'labelText') ? 'figure-frame-kind' : 'figure-frame-label';
    // The kind is placed by its middle, a condition by its baseline.
    const rise = hasClass(part, 'labelText') ? halfEm.small * 1.4 : halfEm.small * 2;
    const top = { x: numberOf(part, 'x'), y: numberOf(part, 'y') - rise };
    return label(name, top, [labelRows(part).join(' ')]);
  });
  return element('g', { class: 'figure-frame' }, ...rules, ...others);
}

function drawNote(one: XmlElement): XmlElement {
  const parts = elementsOf(one);
  const rect = parts.find(({ name }) => name === 'rect');
  const texts = parts.filter(({ name }) => name === 'text');
  return element(
    'g',
    { class: 'figure-note' },
    rect ? movedRect(rect, origin, 'figure-shape') : null,
    ...stacked(texts, 'figure-note-label', halfEm.small),
  );
}
