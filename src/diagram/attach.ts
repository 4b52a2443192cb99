/**
 * The one file of this room that knows the reader's page. It puts views and travellers into an
 * inlined drawing, makes its nodes reachable by keyboard, and takes all of that out again.
 */
import { parseBox, type Box } from './box.ts';
import type { Channel } from './bindings.ts';
import { markPlacesOf, pointsOf, type MarkPlaces } from './mark-places.ts';
import { countdown, nodeClasses, nodeMarks, ringDashes } from './marks.ts';
import { tokenMark, tokenTransform, wakeMark } from './marks.ts';
import { along, type Along, type Place } from './path-geometry.ts';
import type { FigureView, NodeView, Wait } from './projection/figure-view.ts';
import { whereabouts, type Traveller, type Wake } from './travel.ts';
import type { XmlNode } from './xml.ts';

export interface AttachOptions {
  /** What a screen reader says of a node. */
  readonly describe: (node: string, view: NodeView | undefined) => string;
  readonly onInspect: (node: string) => void;
  /** Paints what moves, by the frame; undefined once all rests, which the drawing then shows itself. */
  readonly glide: (moves: readonly Move[] | undefined) => void;
}

/** One traveller as it is painted. */
export interface Move {
  readonly channel: Channel;
  readonly earlier: boolean;
  readonly place: Place;
  readonly wakes: readonly MovedWake[];
}

/** A wake on its line. */
export interface MovedWake extends Wake {
  readonly path: string;
  readonly length: number;
}

export interface AttachedFigure {
  show(view: FigureView): void;
  /** Brings what counts down to a virtual time. */
  elapse(nowMs: number): void;
  /** @param gliding they move on with the next frame */
  travel(travellers: readonly Traveller[], gliding: boolean): void;
  /** Marks the inspected node. */
  select(node: string | undefined): void;
  focus(node: string): void;
  detach(): void;
}

interface Node {
  readonly id: string;
  readonly group: SVGGElement;
  readonly box: Box;
  readonly places: MarkPlaces;
  readonly label: SVGTextElement | null;
  readonly drawn: string;
  /** Its accessible name, which also shows when it is pointed at. */
  readonly name: Element;
  marks: Element | undefined;
  wait: Wait | undefined;
  shown: string;
}

interface Line {
  readonly group: Element;
  readonly path: string;
  readonly along: Along;
}

const SVG = 'http://www.w3.org/2000/svg';

/** An element of a drawing from what it is made of. */
export function make(node: XmlNode): SVGElement {
  if (typeof node === 'string') throw new Error('a mark is an element');
  const made = document.createElementNS(SVG, node.name);
  for (const [name, value] of Object.entries(node.attributes)) made.setAttribute(name, value);
  for (const child of node.children) made.append(typeof child === 'string' ? child : make(child));
  return made;
}

/** @param svg a drawing in normal form */
export function attachFigure(svg: SVGSVGElement, options: AttachOptions): AttachedFigure {
  const lines = readLines(svg);
  const points = pointsOf([...lines.values()].map(({ path }) => path));
  const nodes = new Map(readNodes(svg, points).map((node) => [node.id, node]));
  const layer = document.createElementNS(SVG, 'g');
  layer.setAttribute('class', 'figure-run');
  svg.append(layer);
  svg.classList.add('is-live');
  const release = makeReachable(svg, nodes, options.onInspect);
  let travelled = new Set<string>();

  return {
    show(view) {
      for (const node of nodes.values()) {
        const nodeView = view.nodes[node.id];
        const acting = view.acting === node.id;
        const key = JSON.stringify([nodeView, acting]);
        if (node.shown !== key) showNode(node, nodeView, acting, options);
        node.shown = key;
      }
    },
    elapse(nowMs) {
      for (const node of nodes.values()) if (node.wait) countDown(node, node.wait, nowMs);
    },
    travel(travellers, gliding) {
      const moves = movesOf(travellers, lines);
      const edges = new Set(moves.flatMap(({ wakes }) => wakes.map(({ edge }) => edge)));
      for (const edge of travelled) {
        if (!edges.has(edge)) lines.get(edge)?.group.classList.remove('is-travelled');
      }
      for (const edge of edges) {
        if (!travelled.has(edge)) lines.get(edge)?.group.classList.add('is-travelled');
      }
      travelled = edges;
      const isDrawn = layer.childElementCount > 0;
      options.glide(gliding ? moves : undefined);
      if (!gliding) layer.replaceChildren(...marksOf(moves));
      else if (isDrawn) layer.replaceChildren();
    },
    select(id) {
      for (const node of nodes.values()) {
        node.group.classList.toggle('is-inspected', node.id === id);
        if (node.id === id) node.group.setAttribute('aria-pressed', 'true');
        else node.group.setAttribute('aria-pressed', 'false');
      }
    },
    focus: (id) => nodes.get(id)?.group.focus(),
    detach() {
      this.travel([], false);
      this.show({ nodes: {} });
      layer.remove();
      release();
      svg.classList.remove('is-live');
    },
  };
}

function readNodes(svg: SVGSVGElement, points: ReturnType<typeof pointsOf>): Node[] {
  return [...svg.querySelectorAll<SVGGElement>('g[data-node]')].flatMap((group) => {
    const box = parseBox(group.dataset.box);
    const label = group.querySelector<SVGTextElement>('.figure-label, .figure-title');
    const id = group.dataset.node ?? '';
    const drawn = label?.textContent ?? '';
    if (!box) return [];
    const name = document.createElementNS(SVG, 'title');
    group.prepend(name);
    const fixed = { id, group, box, places: markPlacesOf(box, points), label, drawn, name };
    return [{ ...fixed, marks: undefined, wait: undefined, shown: '' }];
  });
}

function readLines(svg: SVGSVGElement): Map<string, Line> {
  const lines = new Map<string, Line>();
  for (const group of svg.querySelectorAll<SVGGElement>('g[data-edge]')) {
    const path = group.querySelector('.figure-line')?.getAttribute('d');
    if (path) lines.set(group.dataset.edge ?? '', { group, path, along: along(path) });
  }
  return lines;
}

const STATE_CLASS = /^(has-state|is-(?!inspected).*)$/;

function showNode(
  node: Node,
  view: NodeView | undefined,
  acting: boolean,
  options: AttachOptions,
): void {
  const { group, label } = node;
  const kept = [...group.classList].filter((name) => !STATE_CLASS.test(name));
  const classes = [...kept, ...nodeClasses(view, acting)].join(' ');
  if (group.getAttribute('class') !== classes) group.setAttribute('class', classes);
  const settled = group.dataset.state === view?.state;
  if (view?.state) group.dataset.state = view.state;
  else delete group.dataset.state;
  // Labels of several lines are groups of spans; only one line is ever replaced.
  if (label?.children.length === 0) {
    const text = view?.label ?? node.drawn;
    if (label.textContent !== text) label.textContent = text;
  }
  const mark = view && nodeMarks(node.box, view, node.places);
  node.marks?.remove();
  node.marks = mark && make(mark);
  node.wait = view?.wait;
  // A badge that counts on is no change of state.
  if (settled) node.marks?.classList.add('is-settled');
  if (node.marks) group.append(node.marks);
  node.name.textContent = options.describe(node.id, view);
}

function countDown({ marks }: Node, wait: Wait, nowMs: number): void {
  const leftMs = Math.min(wait.wholeMs, Math.max(0, wait.untilMs - nowMs));
  const ring = marks?.querySelector('.lamp-wait');
  if (ring) put(ring, 'stroke-dasharray', ringDashes(wait, leftMs));
  const text = marks?.querySelector('.badge-text');
  const left = countdown(leftMs);
  if (text && text.textContent !== left) text.textContent = left;
}

/** Writes what is otherwise only: even the same written again is drawn again. */
function put(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Travellers on their lines; those that have none are left out. */
function movesOf(
  travellers: readonly Traveller[],
  lines: ReadonlyMap<string, Line>,
): readonly Move[] {
  return travellers.flatMap((traveller) => {
    const where = whereabouts(traveller, (edge) => lines.get(edge)?.along);
    if (!where) return [];
    const wakes = where.wakes.map((wake) => {
      const line = lines.get(wake.edge);
      return { ...wake, path: line?.path ?? '', length: line?.along.length ?? 0 };
    });
    const { journey, earlier = false } = traveller;
    return [{ channel: journey.channel, earlier, place: where.place, wakes }];
  });
}

/** Wakes below tokens, and those of the step itself above what is still on its way. */
function marksOf(moves: readonly Move[]): Element[] {
  const marks = moves.toReversed().flatMap(({ channel, earlier, place, wakes }) => {
    const token = make(tokenMark(channel));
    token.setAttribute('transform', tokenTransform(place));
    const all = [...wakes.map((wake) => make(wakeMark(wake.path, wake))), token];
    if (earlier) for (const mark of all) mark.classList.add('is-earlier');
    return all;
  });
  const isWake = (mark: Element): boolean => mark.localName === 'path';
  return [...marks.filter(isWake), ...marks.filter((mark) => !isWake(mark))];
}

/** One node at a time can be tabbed to; arrow keys go to the nearest node in their direction. */
function makeReachable(
  svg: SVGSVGElement,
  nodes: ReadonlyMap<string, Node>,
  onInspect: (node: string) => void,
): () => void {
  const role = svg.getAttribute('role');
  // A picture has no parts to a screen reader; a group has.
  svg.setAttribute('role', 'group');
  const all = [...nodes.values()];
  all.forEach(({ group }, i) => {
    group.setAttribute('role', 'button');
    group.setAttribute('tabindex', i === all.findIndex((n) => n.label !== null) ? '0' : '-1');
  });
  const nodeOf = (event: Event): Node | undefined => {
    const group = (event.target as Element).closest<SVGGElement>('g[data-node]');
    return nodes.get(group?.dataset.node ?? '');
  };
  const onClick = (event: Event): void => {
    const node = nodeOf(event);
    if (node) onInspect(node.id);
  };
  const onFocus = (event: Event): void => {
    const node = nodeOf(event);
    if (!node) return;
    for (const other of all) other.group.setAttribute('tabindex', other === node ? '0' : '-1');
  };
  const onKey = (event: KeyboardEvent): void => {
    const node = nodeOf(event);
    if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
    const towards = DIRECTIONS[event.key];
    if (event.key === 'Enter' || event.key === ' ') onInspect(node.id);
    else if (towards) nearest(node, all, towards)?.group.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  svg.addEventListener('click', onClick);
  svg.addEventListener('focusin', onFocus);
  svg.addEventListener('keydown', onKey);
  return () => {
    svg.removeEventListener('click', onClick);
    svg.removeEventListener('focusin', onFocus);
    svg.removeEventListener('keydown', onKey);
    if (role) svg.setAttribute('role', role);
    for (const { group, name: title } of all) {
      title.remove();
      for (const name of ['role', 'tabindex', 'aria-pressed']) group.removeAttribute(name);
    }
  };
}

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The node that lies most directly that way: distance counts once, going astray twice. */
function nearest(
  from: Node,
  all: readonly Node[],
  [dx, dy]: readonly [number, number],
): Node | undefined {
  const middle = ({ box }: Node) => [box.x + box.width / 2, box.y + box.height / 2] as const;
  const [x, y] = middle(from);
  let best: Node | undefined;
  let bestCost = Infinity;
  for (const node of all) {
    if (node === from) continue;
    const [nx, ny] = middle(node);
    const ahead = (nx - x) * dx + (ny - y) * dy;
    const aside = Math.abs((nx - x) * dy) + Math.abs((ny - y) * dx);
    if (ahead > 1 && ahead + 2 * aside < bestCost) [best, bestCost] = [node, ahead + 2 * aside];
  }
  return best;
}
