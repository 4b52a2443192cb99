/**
 * The one file of this room that knows the reader's page. It puts views and travellers into an
 * inlined drawing, makes its nodes reachable by keyboard, and takes all of that out again.
 */
import { badgeSideOf, pointsOf, type BadgeSide } from './badge-side.ts';
import { parseBox, type Box } from './box.ts';
import { countdown, nodeClasses, nodeMarks, ringDashes } from './marks.ts';
import { tokenMark, tokenTransform, wakeDashes, wakeMark } from './marks.ts';
import { along, type Along } from './path-geometry.ts';
import type { FigureView, NodeView, Wait } from './projection/figure-view.ts';
import { whereabouts, type Traveller, type Whereabouts } from './travel.ts';
import type { XmlNode } from './xml.ts';

export interface AttachOptions {
  /** What a screen reader says of a node. */
  readonly describe: (node: string, view: NodeView | undefined) => string;
  readonly onInspect: (node: string) => void;
}

export interface AttachedFigure {
  show(view: FigureView): void;
  /** Brings what counts down to a virtual time. */
  elapse(nowMs: number): void;
  travel(travellers: readonly Traveller[]): void;
  /** Marks the inspected node. */
  select(node: string | undefined): void;
  focus(node: string): void;
  detach(): void;
}

interface Node {
  readonly id: string;
  readonly group: SVGGElement;
  readonly box: Box;
  readonly side: BadgeSide;
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

interface Token {
  readonly mark: Element;
  readonly wakes: Map<string, Element>;
}

const SVG = 'http://www.w3.org/2000/svg';

function make(node: XmlNode): Element {
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
  const tokens = new Map<number, Token>();
  const layer = document.createElementNS(SVG, 'g');
  layer.setAttribute('class', 'figure-run');
  svg.append(layer);
  svg.classList.add('is-live');
  const release = makeReachable(svg, nodes, options.onInspect);
  let travelled = new Set<string>();

  const lineOf = (edge: string): Along | undefined => lines.get(edge)?.along;

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
    travel(travellers) {
      const edges = new Set<string>();
      const present = new Set<number>();
      for (const traveller of travellers) {
        const where = whereabouts(traveller, lineOf);
        if (!where) continue;
        present.add(traveller.id);
        let token = tokens.get(traveller.id);
        if (!token) tokens.set(traveller.id, (token = addToken(layer, traveller)));
        moveToken(layer, token, where, lines);
        for (const part of [token.mark, ...token.wakes.values()]) {
          part.classList.toggle('is-earlier', traveller.earlier === true);
        }
        for (const { edge } of where.wakes) edges.add(edge);
      }
      for (const [id, token] of tokens) {
        if (present.has(id)) continue;
        token.mark.remove();
        for (const wake of token.wakes.values()) wake.remove();
        tokens.delete(id);
      }
      for (const edge of travelled) {
        if (!edges.has(edge)) lines.get(edge)?.group.classList.remove('is-travelled');
      }
      for (const edge of edges) lines.get(edge)?.group.classList.add('is-travelled');
      travelled = edges;
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
      this.travel([]);
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
    const fixed = { id, group, box, side: badgeSideOf(box, points), label, drawn, name };
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
  const mark = view && nodeMarks(node.box, view, node.side);
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

function addToken(layer: Element, traveller: Traveller): Token {
  const mark = make(tokenMark(traveller.journey.channel));
  layer.append(mark);
  return { mark, wakes: new Map() };
}

function moveToken(
  layer: Element,
  token: Token,
  where: Whereabouts,
  lines: ReadonlyMap<string, Line>,
): void {
  put(token.mark, 'transform', tokenTransform(where.place));
  const covered = new Set(where.wakes.map(({ edge }) => edge));
  for (const wake of where.wakes) {
    const drawn = token.wakes.get(wake.edge);
    if (drawn) {
      put(drawn, 'stroke-dasharray', wakeDashes(wake));
      continue;
    }
    const made = make(wakeMark(lines.get(wake.edge)?.path ?? '', wake));
    layer.prepend(made);
    token.wakes.set(wake.edge, made);
  }
  for (const [edge, wake] of token.wakes) {
    if (covered.has(edge)) continue;
    wake.remove();
    token.wakes.delete(edge);
  }
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
